"""Track, the steps of a walk as they happen, each with its time."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ws_handshake.cli.client.dial import BlockedError
from ws_handshake.cli.probe.report import Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ws_handshake.cli.client.failures import Failure


@dataclass
class Draft:
    """What is written into a step while it is under way."""

    reported: str = "interrupted"
    good: bool = True
    facts: dict[str, object] = field(default_factory=dict)
    lines: tuple[str, ...] = ()


class Track:
    """The steps up to now; whoever wants to see them is notified of each at its end."""

    def __init__(
        self,
        clock: Callable[[], float],
        begun: Callable[[str], None],
        ended: Callable[[Step], None],
    ) -> None:
        """Start without a step."""
        self._clock = clock
        self._begun = begun
        self._ended = ended
        self.steps: list[Step] = []

    @contextmanager
    def step(self, name: str) -> Iterator[Draft]:
        """Time what happens in the block, even where it is where the way ends."""
        draft, start = Draft(), self._clock()
        self._begun(name)
        try:
            yield draft
        except BlockedError as error:
            draft.good, draft.reported = False, _in_words(error.failure)
            raise
        finally:
            seconds = self._clock() - start
            step = Step(
                name, seconds, draft.reported, draft.good, draft.facts, draft.lines
            )
            self.steps.append(step)
            self._ended(step)


def _in_words(failure: Failure) -> str:
    return failure.seen or failure.kind.what
