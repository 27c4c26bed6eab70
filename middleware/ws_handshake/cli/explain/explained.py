"""Judges a pasted request by the rules of the middleware, and finds the cause."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ws_handshake.core.policy import Policy
from ws_handshake.core.reasons import HEAD_MALFORMED, NOT_A_HANDSHAKE
from ws_handshake.core.redaction import counted
from ws_handshake.core.request import KEY
from ws_handshake.core.rules import Violation, in_order
from ws_handshake.core.verdict import Verdict, judge
from ws_handshake.outcome.rejection import Rejection, explained

if TYPE_CHECKING:
    from ws_handshake.cli.pasted.head import PastedHead

_POLICY = Policy()


class Explained(NamedTuple):
    """A pasted request, the verdict on it, and the rejection where there is one."""

    pasted: PastedHead
    verdict: Verdict
    rejection: Rejection | None

    @property
    def valid(self) -> bool:
        """True where a server should accept it."""
        return self.rejection is None

    @property
    def accept_token(self) -> str | None:
        """Sec-WebSocket-Accept, where the key that was sent is known."""
        made_up = KEY in self.pasted.made_up
        return None if made_up else self.verdict.accept_token

    @property
    def response(self) -> tuple[str, ...]:
        """The head of the response that accepts it."""
        if self.pasted.head.is_http2():
            return (":status: 200",)
        return (
            "HTTP/1.1 101 Switching Protocols",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Accept: {self.accept_token or '(depends on the key)'}",
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What else is worth knowing, as sentences."""
        said = list(self.pasted.notes)
        number = len(self.verdict.subprotocols)
        if self.valid and number:
            said.append(
                f"It offers {counted(number, 'subprotocol')}: browsers close the "
                "connection unless Sec-WebSocket-Protocol in the response names one."
            )
        if self.pasted.responded:
            said.append(f"The server responded to it with {self.pasted.responded}.")
            if self.valid and self.pasted.responded != self.verdict.status:
                said.append(CHANGED_BETWEEN)
        return tuple(said)


CHANGED_BETWEEN = (
    "A valid request that is rejected was changed on its way, or the server does not "
    "want it: ws-handshake probe asks the server, and its log says what arrived."
)


def explain(pasted: PastedHead) -> Explained:
    """Judge a pasted request: all violations in catalogue order, and what is behind."""
    verdict = judge(pasted.head, _POLICY)
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
    return Explained(pasted, verdict, explained(pasted.head, violations, _POLICY))
