"""Track, the steps of a probe as they happen, each with its time."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ws_handshake.cli.client.dial import BlockedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Step:
    """One step, and its result in words and as facts; `lines` are printed by -v."""

    name: str
    seconds: float
    result: str
    ok: bool = True
    facts: Mapping[str, object] = field(default_factory=dict)
    lines: tuple[str, ...] = ()


@dataclass
class Draft:
    """A step that is under way."""

    result: str = "interrupted"
    ok: bool = True
    facts: dict[str, object] = field(default_factory=dict)
    lines: tuple[str, ...] = ()


class Track:
    """The steps up to now; `begun` and `ended` are called for each."""

    def __init__(
        self,
        clock: Callable[[], float],
        begun: Callable[[str], None],
        ended: Callable[[Step], None],
    ) -> None:
        """Begin without a step."""
        self._clock = clock
        self._begun = begun
        self._ended = ended
        self.steps: list[Step] = []

    @contextmanager
    def step(self, name: str) -> Iterator[Draft]:
        """Record the block as a step, also if it raises."""
        draft, start = Draft(), self._clock()
        self._begun(name)
        try:
            yield draft
        except BlockedError as error:
            failure = error.failure
            draft.ok, draft.result = False, failure.seen or failure.kind.what
            raise
        finally:
            seconds = self._clock() - start
            step = Step(name, seconds, draft.result, draft.ok, draft.facts, draft.lines)
            self.steps.append(step)
            self._ended(step)
