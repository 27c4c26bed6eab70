"""The rejection: the one document that response, log, pages and command print."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from ws_handshake.core.reasons import (
    CONNECTION_MISSING,
    CONNECTION_NOT_UPGRADE,
    HTTP_VERSION_TOO_OLD,
    ORIGIN_NOT_ALLOWED,
    UPGRADE_MISSING,
    UPGRADE_NOT_WEBSOCKET,
)
from ws_handshake.diagnosis.causes import ORIGIN_DENIED_BY_APP
from ws_handshake.diagnosis.signatures import diagnose

if TYPE_CHECKING:
    from ws_handshake.core.policy import Policy
    from ws_handshake.core.reasons import Reason
    from ws_handshake.core.request import RequestHead
    from ws_handshake.core.violation import Violation
    from ws_handshake.diagnosis.cause import Cause

TYPE_PREFIX = "urn:ws-handshake:"

_reason = attrgetter("reason")
# What a proxy that speaks HTTP/1.0 leaves of a handshake.
_LEFT_OF_IT = frozenset(
    [
        *(UPGRADE_MISSING, UPGRADE_NOT_WEBSOCKET),
        *(CONNECTION_MISSING, CONNECTION_NOT_UPGRADE),
    ]
)


class Denial(NamedTuple):
    """What an application said as it turned a handshake down.

    `close_code` is None where it sent a response; `reason` is printable and short.
    """

    close_code: int | None = None
    reason: str | None = None


class Rejection(NamedTuple):
    """Why a handshake is rejected: violations, their causes, and where to read more.

    Attributes:
        violations: all of them, in the order of the catalogue.
        docs_url: where the pages of the reasons are, if the operator named a place.
        causes: what is behind them, the likelier first.
        denial: what the application said, if it was the application that rejected.

    """

    violations: tuple[Violation, ...]
    docs_url: str | None = None
    causes: tuple[Cause, ...] = ()
    denial: Denial | None = None

    @property
    def main(self) -> Violation:
        """The violation to act on: the first, unless it is a symptom of another.

        What comes without Upgrade over HTTP/1.0 came through a proxy that was to
        forward Upgrade.
        """
        first = self.violations[0]
        if first.reason is not HTTP_VERSION_TOO_OLD:
            return first
        return next((v for v in self.violations if v.reason in _LEFT_OF_IT), first)

    @property
    def reason(self) -> Reason:
        """The reason that gives status and title: that of the main violation."""
        return self.main.reason

    @property
    def status(self) -> int:
        """The HTTP status of the response."""
        return self.reason.status

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes, in the order of the catalogue."""
        return tuple(violation.reason.code for violation in self.violations)

    def type_of(self, reason: Reason) -> str:
        """Return the RFC 9457 type of a reason: the address of its page, or a URN."""
        base = TYPE_PREFIX if self.docs_url is None else f"{self.docs_url}/"
        return base + reason.code

    def shows_origin(self) -> bool:
        """Return whether the log may have the Origin: only where it is a reason."""
        return any(
            each.reason is ORIGIN_NOT_ALLOWED for each in self.violations
        ) or any(cause.code == ORIGIN_DENIED_BY_APP.code for cause in self.causes)


def explained(
    request: RequestHead, violations: tuple[Violation, ...], policy: Policy
) -> Rejection:
    """Return the rejection of a request: its violations, and what caused them."""
    causes = diagnose(request, frozenset(map(_reason, violations)), policy)
    return Rejection(violations, policy.docs_url, causes)
