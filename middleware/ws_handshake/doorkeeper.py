"""What a door does with a request, whichever HTTP parser stands behind it."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from ws_handshake.announcer import Announcer
from ws_handshake.grammar import is_field_value
from ws_handshake.handover import Handover, handed_over
from ws_handshake.journal import Journal
from ws_handshake.middleware import WebSocketHandshakeMiddleware
from ws_handshake.policy import Limits, Policy
from ws_handshake.reasons import HEAD_MALFORMED, HEADERS_TOO_LARGE, INTERNAL_ERROR
from ws_handshake.refusal import HandshakeRecord, Refusal, circumstances
from ws_handshake.rendering import render
from ws_handshake.rules import Finding
from ws_handshake.scopes import HOST_KEY, VERDICT_KEY
from ws_handshake.startup import find_middleware, say_middleware_is_missing
from ws_handshake.verdict import Verdict, judge
from ws_handshake.wire import read_head

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping, Sequence

    from uvicorn.config import Config

    from ws_handshake.head import RequestHead
    from ws_handshake.wire import WireHead

# Origin is the middleware's: the door sees a request before proxy headers are read.
_POLICY = Policy(limits=Limits.of(os.environ))

_found: WeakKeyDictionary[Config, WebSocketHandshakeMiddleware | None] = (
    WeakKeyDictionary()
)


class Doorkeeper:
    """Judges the requests of one connection, and explains what its parser refused."""

    def __init__(self, config: Config, app_state: dict[str, Any]) -> None:
        """Look who stands behind the door; say so once if it is nobody."""
        if config not in _found:
            _found[config] = _look_behind(config, app_state)
        self._middleware = _found[config]
        self._verdict: Verdict | None = None
        self._handover: Handover | None = None

    def opens(
        self,
        head: RequestHead,
        state: MutableMapping[str, Any],
        as_ever: Callable[[], bool],
        *,
        can_upgrade: bool,
    ) -> bool:
        """Say whether uvicorn is to upgrade; `as_ever` is what it would say itself.

        A broken handshake is not upgraded, and its verdict left in the `state` of its
        scope; what is no handshake (`Upgrade: h2c`) stays uvicorn's.
        """
        self._verdict = self._handover = None
        if not head.is_attempt():
            return as_ever()
        verdict = self._judged(head)
        if verdict.accepted:
            self._verdict = verdict
            return can_upgrade
        if self._reports_only() and as_ever():
            self._verdict = verdict
            self._tell(Refusal(verdict.findings), head, None)
            return True
        state[VERDICT_KEY] = verdict
        return False

    def handed_over(self) -> Handover | None:
        """Return the request for the WebSocket implementation; None is as it came."""
        return self._handover

    def state_for(self, app_state: dict[str, Any]) -> dict[str, Any]:
        """Return the state of the WebSocket's scope, with the verdict in it."""
        state = dict(app_state)
        if self._verdict is not None:
            state[VERDICT_KEY] = self._verdict
        if self._handover is not None and self._handover.host is not None:
            state[HOST_KEY] = self._handover.host
        return state

    def explanation(
        self,
        data: bytes,
        *,
        scheme: str,
        client: tuple[str, int] | None,
        headers: Sequence[tuple[bytes, bytes]],
    ) -> bytes | None:
        """Answer bytes that the HTTP parser refused; None if they are no handshake."""
        wire = read_head(data, scheme)
        if not wire.head.is_attempt():
            return None
        middleware = self._middleware
        refusal = Refusal(
            _findings(wire), middleware.policy.docs_url if middleware else None
        )
        self._tell(refusal, wire.head, client)
        if self._reports_only():
            return None
        return render(refusal, http1=True).to_http1(
            method=wire.head.method, extra=headers
        )

    def _judged(self, head: RequestHead) -> Verdict:
        try:
            verdict = judge(head, _POLICY)
            if verdict.accepted and not _is_clean(head):
                finding = Finding(
                    HEAD_MALFORMED, "a control character in a header value"
                )
                return Verdict(head, (finding,), None)
            self._handover = handed_over(head) if verdict.accepted else None
        except Exception:  # noqa: BLE001  (fail closed; the middleware tells it)
            return Verdict(head, (Finding(INTERNAL_ERROR),), None)
        return verdict

    def _reports_only(self) -> bool:
        return self._middleware is not None and self._middleware.policy.report_only

    def _tell(
        self, refusal: Refusal, head: RequestHead, client: tuple[str, int] | None
    ) -> None:
        announcer = self._middleware.announcer if self._middleware else _own_announcer()
        announcer.tell(
            HandshakeRecord(
                outcome="rejected",
                layer="uvicorn",
                status=refusal.status,
                enforced=not self._reports_only(),
                refusal=refusal,
                circumstances=circumstances(
                    head,
                    path=head.target.decode("latin-1"),
                    client_address=client[0] if client else None,
                ),
            )
        )


def _look_behind(
    config: Config, app_state: dict[str, Any]
) -> WebSocketHandshakeMiddleware | None:
    found = find_middleware(
        lambda app: isinstance(app, WebSocketHandshakeMiddleware),
        config.loaded_app,
        app_state,
    )
    if isinstance(found, WebSocketHandshakeMiddleware):
        return found
    if config.lifespan != "off":
        say_middleware_is_missing()
    return None


def _findings(wire: WireHead) -> tuple[Finding, ...]:
    """Return what is wrong with a head that the parser refused: something always is."""
    if not wire.complete:
        too_long = Finding(HEADERS_TOO_LARGE, "a request head without an end")
        return (Finding(HEAD_MALFORMED, wire.flaw) if wire.flaw else too_long,)
    findings = judge(wire.head, _POLICY).findings
    if wire.flaw or not findings:
        refused = wire.flaw or "what the HTTP parser refused"
        return (*findings, Finding(HEAD_MALFORMED, refused))
    return findings


def _is_clean(head: RequestHead) -> bool:
    """RFC 9110 section 5.5. h11 lets control characters through; websockets hangs."""
    return is_field_value(b"".join([value for _, value in head.headers]))


@cache
def _own_announcer() -> Announcer:
    return Announcer((Journal(),))
