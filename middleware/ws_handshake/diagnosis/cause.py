"""What a cause is: who or what is behind violations, how sure that is, and the fix."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple


class Certainty(IntEnum):
    """How sure a cause is; the order is that in which causes are named."""

    CERTAIN = 3
    VERY_LIKELY = 2
    LIKELY = 1
    POSSIBLE = 0

    def __str__(self) -> str:
        """Return the token that stands in the response, the log and the JSON."""
        return self.name.lower()

    @property
    def in_words(self) -> str:
        """The token as a sentence has it."""
        return str(self).replace("_", " ")


class Config(NamedTuple):
    """Lines that can be pasted, and the place where they belong."""

    place: str
    lines: str


class Cause(NamedTuple):
    """What is behind the violations, how sure that is, and what to do about it.

    Attributes:
        code: its name in the response, the log and the address of its page.
        detail: who did what, and by which sign that was seen.
        fix: what to change.
        certainty: `certain`, `very_likely`, `likely` or `possible`.
        config: lines to paste, each part with the place where it belongs.

    """

    code: str
    detail: str
    fix: str
    certainty: Certainty = Certainty.CERTAIN
    config: tuple[Config, ...] = ()

    @property
    def summary(self) -> str:
        """Who did what, in one sentence, and how sure that is."""
        what = self.detail.partition(". ")[0].removesuffix(".")
        if self.certainty is Certainty.CERTAIN:
            return f"{what}."
        return f"{what} ({self.certainty.in_words})."

    def as_certain_as(
        self,
        certainty: Certainty,
        *,
        detail: str | None = None,
        fix: str | None = None,
        config: tuple[Config, ...] | None = None,
    ) -> Cause:
        """Return the cause with another certainty, and what is known better of it."""
        return Cause(
            self.code,
            self.detail if detail is None else detail,
            self.fix if fix is None else fix,
            certainty,
            self.config if config is None else config,
        )
