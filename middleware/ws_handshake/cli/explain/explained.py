"""Judges a pasted request by the rules of the middleware, and finds the cause."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ws_handshake.core import request as at
from ws_handshake.core.policy import Policy
from ws_handshake.core.reasons import HEAD_MALFORMED, NOT_A_HANDSHAKE
from ws_handshake.core.redaction import counted
from ws_handshake.core.rules import Finding, in_order
from ws_handshake.core.verdict import Verdict, judge
from ws_handshake.outcome.record import Refusal, explained

if TYPE_CHECKING:
    from ws_handshake.cli.pasted.head import PastedHead

_POLICY = Policy()


class Explained(NamedTuple):
    """A pasted request, the verdict on it, and the refusal where there is one."""

    pasted: PastedHead
    verdict: Verdict
    refusal: Refusal | None

    @property
    def sound(self) -> bool:
        """True where a server should accept it."""
        return self.refusal is None

    @property
    def accept_token(self) -> str | None:
        """Sec-WebSocket-Accept, where the key that was sent is known."""
        made_up = at.KEY in self.pasted.made_up
        return None if made_up else self.verdict.accept_token

    @property
    def answer(self) -> tuple[str, ...]:
        """The head of the answer that accepts it."""
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
        if self.sound and number:
            said.append(
                f"It offers {counted(number, 'subprotocol')}: browsers close the "
                "connection unless Sec-WebSocket-Protocol in the answer names one."
            )
        if self.pasted.answered:
            said.append(f"The server answered it with {self.pasted.answered}.")
            if self.sound and self.pasted.answered != self.verdict.status:
                said.append(CHANGED_BETWEEN)
        return tuple(said)


CHANGED_BETWEEN = (
    "A sound request that is refused was changed on its way, or the server does not "
    "want it: ws-handshake probe asks the server, and its log says what arrived."
)


def explain(pasted: PastedHead) -> Explained:
    """Judge a pasted request: all findings in catalogue order, and what is behind."""
    verdict = judge(pasted.head, _POLICY)
    findings = verdict.findings if pasted.is_attempt() else (Finding(NOT_A_HANDSHAKE),)
    if pasted.flaw:
        findings = in_order(*findings, Finding(HEAD_MALFORMED, pasted.flaw))
    if not findings:
        return Explained(pasted, verdict, None)
    verdict = verdict._replace(findings=findings, nonce=None)
    return Explained(pasted, verdict, explained(pasted.head, findings, _POLICY))
