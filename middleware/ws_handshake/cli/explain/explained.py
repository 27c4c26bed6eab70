"""Judges a pasted request by the rules of the middleware, and finds the causes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ws_handshake.core.policy import Policy
from ws_handshake.core.reasons import HEAD_MALFORMED, NOT_A_HANDSHAKE
from ws_handshake.core.redaction import counted
from ws_handshake.core.request import KEY
from ws_handshake.core.verdict import Verdict, judge
from ws_handshake.core.violation import Violation, in_order
from ws_handshake.outcome.rejection import Rejection, explained

if TYPE_CHECKING:
    from ws_handshake.cli.pasted.request import PastedRequest

_POLICY = Policy()


class Explained(NamedTuple):
    """A pasted request, its verdict, and the rejection, if there is one."""

    pasted: PastedRequest
    verdict: Verdict
    rejection: Rejection | None

    @property
    def valid(self) -> bool:
        """True if a server should accept it."""
        return self.rejection is None

    @property
    def accept_token(self) -> str | None:
        """Sec-WebSocket-Accept, if the key that was sent is known."""
        made_up = KEY in self.pasted.made_up
        return None if made_up else self.verdict.accept_token

    @property
    def response(self) -> tuple[str, ...]:
        """The head of a response that accepts it."""
        if self.pasted.request.is_http2():
            return (":status: 200",)
        return (
            "HTTP/1.1 101 Switching Protocols",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Accept: {self.accept_token or '(depends on the key)'}",
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What else is worth knowing, in sentences."""
        notes = list(self.pasted.notes)
        number = len(self.verdict.subprotocols)
        if self.valid and number:
            notes.append(
                f"It offers {counted(number, 'subprotocol')}: browsers close the "
                "connection unless Sec-WebSocket-Protocol in the response names one."
            )
        if self.pasted.server_status:
            notes.append(
                f"The server responded to it with {self.pasted.server_status}."
            )
            if self.valid and self.pasted.server_status != self.verdict.status:
                notes.append(CHANGED_BETWEEN)
        return tuple(notes)


CHANGED_BETWEEN = (
    "A valid request that is rejected was changed on its way, or the server does not "
    "want it: try ws-handshake probe, and read in the server's log what arrived."
)


def explain(pasted: PastedRequest) -> Explained:
    """Judge a pasted request: all violations in catalogue order, and their causes."""
    verdict = judge(pasted.request, _POLICY)
    violations = (
        verdict.violations if pasted.is_attempt() else (Violation(NOT_A_HANDSHAKE),)
    )
    if pasted.flaw:
        violations = in_order(
            *violations, Violation(HEAD_MALFORMED, pasted.flaw.what, pasted.flaw)
        )
    if not violations:
        return Explained(pasted, verdict, None)
    verdict = verdict._replace(violations=violations, nonce=None)
    return Explained(pasted, verdict, explained(pasted.request, violations, _POLICY))
