"""What a campaign has counted, and what nothing explains."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# The first few are enough to find the cause.
_MOST = 20


@dataclass
class Tally:
    """How often each outcome came, and the first of those that nothing explains."""

    cases: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    unexplained: list[str] = field(default_factory=list)

    def count(self, *names: str) -> None:
        """Count an outcome, by every name that it has."""
        self.counts.update(names)

    def complain(self, name: str, shown: object) -> None:
        """Keep what nothing explains."""
        self.counts["unexplained"] += 1
        if len(self.unexplained) < _MOST:
            self.unexplained.append(f"{name}: {shown!r}")

    def report(self) -> Iterator[str]:
        """Yield it line by line."""
        yield f"{self.cases:,} cases"
        for name, number in sorted(self.counts.items()):
            yield f"{number:>12,}  {name}"
        yield f"{self.counts['unexplained']:,} unexplained"
        yield from self.unexplained


def together(tallies: Iterable[Tally]) -> Tally:
    """Add up what several processes have counted."""
    whole = Tally()
    for tally in tallies:
        whole.cases += tally.cases
        whole.counts.update(tally.counts)
        whole.unexplained += tally.unexplained[: _MOST - len(whole.unexplained)]
    return whole
