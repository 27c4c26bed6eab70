"""Violation: a reason that was met in a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ws_handshake.core.reasons import CATALOGUE

if TYPE_CHECKING:
    from ws_handshake.core.flaws import Flaw
    from ws_handshake.core.reasons import Reason

_ORDER = {row.code: place for place, row in enumerate(CATALOGUE)}


class Violation(NamedTuple):
    """A reason that was met in a request, with what may be shown of what was there.

    Attributes:
        reason: the row of the catalogue.
        received: what was there, as far as it may be shown; None if nothing was.
        flaw: the mistake that was made, where the reason stands for several and it is
            recognised.

    """

    reason: Reason
    received: str | None = None
    flaw: Flaw | None = None

    @property
    def fix(self) -> str:
        """The one change to make: that of the flaw, or of the reason."""
        return self.reason.fix if self.flaw is None else self.flaw.fix


def in_order(*violations: Violation) -> tuple[Violation, ...]:
    """Return violations in the order of the catalogue."""
    return tuple(
        sorted(violations, key=lambda violation: _ORDER[violation.reason.code])
    )
