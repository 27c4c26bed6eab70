"""What a door does with a request, whichever HTTP parser stands behind it."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from ws_handshake.announcer import Announcer
from ws_handshake.fast_path import plainly_valid_key
from ws_handshake.grammar import is_field_value, is_host
from ws_handshake.handover import Handover, absolute_form, handed_over, with_host
from ws_handshake.journal import Journal
from ws_handshake.middleware import WebSocketHandshakeMiddleware
from ws_handshake.policy import Limits, Policy
from ws_handshake.reasons import HEAD_MALFORMED, HEADERS_TOO_LARGE, INTERNAL_ERROR
from ws_handshake.refusal import HandshakeRecord, circumstances, explained
from ws_handshake.rendering import render
from ws_handshake.rules import Finding, in_order
from ws_handshake.scopes import HOST_KEY, VERDICT_KEY, http_head
from ws_handshake.startup import (
    MIDDLEWARE_KEY,
    find_middleware,
    say_middleware_is_missing,
)
from ws_handshake.upgrade import only_read, reads_no_more, telling
from ws_handshake.verdict import Verdict, judge_by_rules
from ws_handshake.wire import read_head

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping, Sequence

    from uvicorn.config import Config

    from ws_handshake.head import RequestHead
    from ws_handshake.refusal import Refusal
    from ws_handshake.scopes import Scope
    from ws_handshake.upgrade import Header, Implementation
    from ws_handshake.wire import WireHead

    Client = tuple[str, int] | None

_UNKNOWN_FLAW = "what the HTTP parser refused"

# Origin is the middleware's: the door sees a request before proxy headers are read.
_POLICY = Policy(limits=Limits.of(os.environ))

_found: WeakKeyDictionary[Config, WebSocketHandshakeMiddleware | None] = (
    WeakKeyDictionary()
)


class Doorkeeper:
    """Judges the requests of one connection, and explains what its parser refused.

    `handover` is a sound handshake for the WebSocket implementation, if it is not to
    have it as it came.
    """

    __slots__ = ("_middleware", "_reports_only", "_strict", "_verdict", "handover")

    def __init__(
        self, config: Config, app_state: dict[str, Any], *, strict: bool = False
    ) -> None:
        """Look who stands behind the door; say so once if it is nobody.

        `strict` says that the parser lets no control character through.
        """
        self._strict = strict
        known = app_state.get(MIDDLEWARE_KEY)
        self._middleware = (
            known
            if isinstance(known, WebSocketHandshakeMiddleware)
            else _behind(config, app_state)
        )
        self._reports_only = (
            self._middleware is not None and self._middleware.policy.report_only
        )
        self._verdict: Verdict | None = None
        self.handover: Handover | None = None

    def opens(
        self,
        head: RequestHead,
        state: MutableMapping[str, Any],
        as_ever: Callable[[], bool],
        *,
        can_upgrade: bool,
        client: Client,
    ) -> bool:
        """Say whether uvicorn is to upgrade; `as_ever` is what it would say itself.

        A broken handshake is not upgraded, and its verdict left in the `state` of its
        scope; what is no handshake (`Upgrade: h2c`) stays uvicorn's.
        """
        self.handover = None
        verdict = self._verdict = self._judged(head)
        if can_upgrade and verdict.nonce is not None:
            return True
        if not head.is_attempt():
            self._verdict = self.handover = None
            # RFC 9113 section 8.2.2: what says that it is HTTP/2 has no Upgrade
            return not head.is_http2() and as_ever()
        if self._reports_only and as_ever():
            self._tell(self._refusal(head, verdict.findings), head, client)
            return True
        state[VERDICT_KEY] = verdict
        return False

    def answers(self, head: RequestHead) -> bool:
        """Say whether a request is ours to answer, if it is not upgraded."""
        return head.is_attempt() and not self._reports_only

    def is_refusing(self, scope: Scope) -> bool:
        """Say whether the middleware refuses the request in `scope`, or is about to.

        What stands behind a refused handshake must not overtake its refusal.
        """
        return self._middleware is not None and self.answers(http_head(scope))

    def hand_over(
        self,
        headers: list[Header],
        implementation: Implementation | None,
        app_state: dict[str, Any],
    ) -> tuple[list[Header], Implementation | None, dict[str, Any]]:
        """Return the three as uvicorn is to have them for the upgrade."""
        verdict, handover = self._verdict, self.handover
        read = headers if handover is None else handover.headers
        if (
            verdict is None
            or verdict.findings
            or implementation is None
            or not reads_no_more(implementation)
        ):
            return read, implementation, self.state_for(app_state)
        host = None if handover is None else handover.host
        told = headers if host is None else with_host(headers, host)
        return only_read(read), telling(implementation, told, verdict), app_state

    def state_for(self, app_state: dict[str, Any]) -> dict[str, Any]:
        """Return the state of the WebSocket's scope, with the verdict in it."""
        state = dict(app_state)
        if self._verdict is not None:
            state[VERDICT_KEY] = self._verdict
        if self.handover is not None and self.handover.host is not None:
            state[HOST_KEY] = self.handover.host
        return state

    def explanation(
        self,
        data: bytes,
        *,
        scheme: str,
        client: Client,
        headers: Sequence[tuple[bytes, bytes]],
        waits: bool = False,
    ) -> bytes | None:
        """Answer bytes that the HTTP parser refused; None if they are no handshake.

        `waits` says that the parser waits for the end of a head: then only its length
        is wrong with one that has none, and its last line has not come whole.
        """
        wire = read_head(data, scheme, waits=waits)
        if not wire.head.is_attempt():
            return None
        refusal = self._refusal(wire.head, _findings(wire, waits=waits))
        self._tell(refusal, wire.head, client)
        if self._reports_only:
            return None
        return render(refusal, http1=True).to_http1(
            method=wire.head.method, extra=headers
        )

    def _judged(self, head: RequestHead) -> Verdict:
        try:
            key = plainly_valid_key(head, _POLICY)
            if key is not None:
                return Verdict(head, (), key)
            verdict = judge_by_rules(head, _POLICY)
            flaw = _flaw(head, strict=self._strict)
            if flaw is not None:
                return Verdict(head, _with_flaw(verdict.findings, flaw), None)
            if verdict.accepted:
                self.handover = handed_over(head)
        except Exception:  # noqa: BLE001  (fail closed; the middleware tells it)
            return Verdict(head, (Finding(INTERNAL_ERROR),), None)
        return verdict

    def _refusal(self, head: RequestHead, findings: tuple[Finding, ...]) -> Refusal:
        policy = self._middleware.policy if self._middleware else _POLICY
        return explained(head, findings, policy)

    def _tell(self, refusal: Refusal, head: RequestHead, client: Client) -> None:
        announcer = self._middleware.announcer if self._middleware else own_announcer()
        announcer.tell(
            HandshakeRecord(
                outcome="rejected",
                layer="uvicorn",
                status=refusal.status,
                enforced=not self._reports_only,
                refusal=refusal,
                tell=lambda: circumstances(
                    head,
                    path=head.target.decode("latin-1"),
                    client_address=client[0] if client else None,
                ),
            )
        )


def _behind(
    config: Config, app_state: dict[str, Any]
) -> WebSocketHandshakeMiddleware | None:
    """Return the middleware where the lifespan has introduced none."""
    if config not in _found:
        _found[config] = _look_behind(config, app_state)
    return _found[config]


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


def _findings(wire: WireHead, *, waits: bool) -> tuple[Finding, ...]:
    """Return what is wrong with a head that the parser refused: something always is."""
    if not wire.complete:
        if waits and not wire.flaw:
            return (Finding(HEADERS_TOO_LARGE, "a request head without an end"),)
        return _with_flaw((), wire.flaw or _UNKNOWN_FLAW)
    try:
        findings = judge_by_rules(wire.head, _POLICY).findings
        flaw = wire.flaw or _flaw(wire.head, strict=False)
    except Exception:  # noqa: BLE001  (fail closed)
        return (Finding(INTERNAL_ERROR),)
    if flaw or not findings:
        return _with_flaw(findings, flaw or _UNKNOWN_FLAW)
    return findings


def _with_flaw(findings: tuple[Finding, ...], flaw: str) -> tuple[Finding, ...]:
    """Add to the findings, in the order of the catalogue, what is no sound HTTP."""
    return in_order(*findings, Finding(HEAD_MALFORMED, flaw))


def _flaw(head: RequestHead, *, strict: bool) -> str | None:
    """Return what a strict HTTP parser would not have let through.

    RFC 9110 section 5.5: h11 lets control characters through, and websockets hangs.
    """
    if not (strict or is_field_value(b"".join([value for _, value in head.headers]))):
        return "a control character in a header value"
    if head.method == "GET" and not _names_resource(head.target):
        return "the request target"
    return None


def _names_resource(target: bytes) -> bool:
    """RFC 6455 section 4.2.1(1): a resource name, or an absolute URI that has one.

    RFC 9110 section 4.2.4: user information in it is an error.
    """
    if b"#" in target:
        return False
    if target.startswith(b"/"):
        return True
    form = absolute_form(target)
    return form is not None and form.userinfo is None and is_host(form.host)


@cache
def own_announcer() -> Announcer:
    """Return who is told where no middleware has been found."""
    return Announcer((Journal(),))
