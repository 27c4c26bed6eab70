"""What a protocol class does with a request, whichever HTTP parser stands behind it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from ws_handshake.asgi.lifespan import note_no_response, own_notifier
from ws_handshake.asgi.middleware import WebSocketHandshakeMiddleware
from ws_handshake.asgi.places import middleware_for
from ws_handshake.asgi.scope import VERDICT_KEY, HandedOver
from ws_handshake.core.fast_path import plainly_valid_key
from ws_handshake.core.flaws import (
    CONTROL_CHARACTER,
    HEAD_UNFINISHED,
    Flaw,
    of_target,
)
from ws_handshake.core.grammar import is_field_value, is_host
from ws_handshake.core.normalize import Handover, absolute_form, handed_over
from ws_handshake.core.policy import Limits, Policy
from ws_handshake.core.raw_request import read_head
from ws_handshake.core.reasons import (
    HEAD_MALFORMED,
    HEADERS_TOO_LARGE,
    INTERNAL_ERROR,
    METHOD_NOT_GET,
)
from ws_handshake.core.request import RequestHead
from ws_handshake.core.verdict import Verdict, judge_by_rules
from ws_handshake.core.violation import Violation, in_order
from ws_handshake.outcome.problem import render
from ws_handshake.outcome.record import HandshakeRecord, request_facts
from ws_handshake.outcome.rejection import explained

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from uvicorn._types import HTTPScope
    from uvicorn.config import Config

    from ws_handshake.core.raw_request import WireHead
    from ws_handshake.outcome.rejection import Rejection

    Client = tuple[str, int] | None

_UNKNOWN_FLAW = Flaw("what the HTTP parser rejected", HEAD_MALFORMED.fix)

# Origin is the middleware's: proxy headers have not been read yet.
_POLICY = Policy(limits=Limits.of(os.environ))


class Decision(NamedTuple):
    """What is to become of a request: upgraded, or left to the application.

    `verdict` is for the middleware, if there is one that judges. `handover` is a valid
    handshake as the WebSocket implementation reads it, if it would not as it came.
    """

    upgrade: bool
    verdict: Verdict | None = None
    handover: Handover | None = None

    @property
    def left(self) -> Verdict | None:
        """The verdict on what stays a plain request, for the middleware to act on."""
        return None if self.upgrade else self.verdict

    def state_for(self, app_state: dict[str, Any]) -> dict[str, Any]:
        """Return the state of the WebSocket's scope, with the verdict in it."""
        if self.verdict is None:
            return app_state
        return {**app_state, VERDICT_KEY: self.verdict}


class HandshakeCheck:
    """Judges the requests of one connection, and explains what its parser rejected."""

    def __init__(self, config: Config, *, strict: bool = False) -> None:
        """Take the server's configuration, which leads to the middleware.

        `strict` means that the parser lets no control character through.
        """
        self._config = config
        self._strict = strict

    def decide(
        self,
        request: RequestHead,
        own: Callable[[], bool],
        *,
        can_upgrade: bool,
        client: Client,
    ) -> Decision:
        """Decide whether uvicorn is to upgrade; `own` is uvicorn's answer.

        A broken handshake is not upgraded. What is no handshake (`Upgrade: h2c`) stays
        uvicorn's, and all that reaches no middleware that we know of.
        """
        middleware = self._middleware(request)
        if middleware is None:
            if request.is_attempt():
                note_no_response(self._config)
            return Decision(own())
        verdict, handover = self._judged(request)
        if can_upgrade and verdict.nonce is not None:
            return Decision(upgrade=True, verdict=verdict, handover=handover)
        if not request.is_attempt():
            # RFC 9113 section 8.2.2: HTTP/2 has no Upgrade
            return Decision(not request.is_http2() and own())
        report_only = middleware.policy.report_only
        # without a WebSocket library `own` is False, and logs that there is none
        if (report_only or not can_upgrade) and own():
            if verdict.violations:
                self._report(middleware, request, verdict.violations, client)
            return Decision(upgrade=True, verdict=verdict)
        return Decision(upgrade=False, verdict=verdict)

    def is_rejecting(self, request: RequestHead) -> bool:
        """Return whether the middleware rejects a plain request, or is about to.

        It closes the connection then: nothing that stands behind is to overtake it.
        """
        middleware = self._middleware(request)
        if middleware is None or middleware.policy.report_only:
            return False
        return request.is_attempt()

    def explanation(
        self,
        data: bytes,
        *,
        scheme: str,
        client: Client,
        headers: Sequence[tuple[bytes, bytes]],
        waits: bool = False,
    ) -> bytes | None:
        """Explain bytes that the HTTP parser rejected; None if they are no handshake.

        `waits` means that the parser waits for the end of a head: then only the length
        of one without an end is wrong, and its last line has not come whole.
        """
        wire = read_head(data, scheme, waits=waits)
        if not wire.head.is_attempt():
            return None
        middleware = self._middleware(wire.head)
        violations = _violations(wire, waits=waits)
        rejection = self._report(middleware, wire.head, violations, client)
        if middleware is not None and middleware.policy.report_only:
            return None
        return render(rejection, http1=True).to_http1(
            method=wire.head.method, extra=headers
        )

    def note_unfinished(self, data: bytes, *, scheme: str, client: Client) -> None:
        """Report a handshake whose connection was lost before its head had ended.

        Nothing was sent. What else is wrong with it no one knows: more was to come.
        """
        wire = read_head(data, scheme, waits=True)
        if wire.complete or not wire.head.is_attempt():
            return
        violations = _with_flaw((), HEAD_UNFINISHED)
        middleware = self._middleware(wire.head)
        self._report(middleware, wire.head, violations, client, was_sent=False)

    def _middleware(self, request: RequestHead) -> WebSocketHandshakeMiddleware | None:
        """Return the middleware that a request is going to meet first."""

        def path() -> str:
            target, _, _ = request.target.partition(b"?")
            return self._config.root_path + unquote(target.decode("latin-1"))

        app = getattr(self._config, "loaded_app", None)
        return middleware_for(self._config, WebSocketHandshakeMiddleware, app, path)

    def _judged(self, request: RequestHead) -> tuple[Verdict, Handover | None]:
        try:
            key = plainly_valid_key(request, _POLICY)
            if key is not None:
                return Verdict(request, (), key), None
            verdict = judge_by_rules(request, _POLICY)
            flaw = _flaw(request, strict=self._strict)
            if flaw is not None:
                return Verdict(
                    request, _with_flaw(verdict.violations, flaw), None
                ), None
            if not verdict.accepted:
                return verdict, None
            handover = handed_over(request)
            if handover.host is None:
                return verdict, handover
            altered = HandedOver(*verdict)
            altered.host = handover.host
        except Exception:  # noqa: BLE001  (fail closed; the middleware reports it)
            return Verdict(request, (Violation(INTERNAL_ERROR),), None), None
        return altered, handover

    def _report(
        self,
        middleware: WebSocketHandshakeMiddleware | None,
        request: RequestHead,
        violations: tuple[Violation, ...],
        client: Client,
        *,
        was_sent: bool = True,
    ) -> Rejection:
        """Report what reaches no middleware, to the observers of the one in front."""
        policy = _POLICY if middleware is None else middleware.policy
        notifier = own_notifier() if middleware is None else middleware.notifier
        rejection = explained(request, violations, policy)
        notifier.notify(
            HandshakeRecord(
                outcome="rejected",
                layer="uvicorn",
                status=rejection.status if was_sent else None,
                enforced=not (was_sent and policy.report_only),
                rejection=rejection,
                describe=lambda: request_facts(
                    request,
                    path=request.target.decode("latin-1"),
                    client_address=client[0] if client else None,
                ),
            )
        )
        return rejection


def head_of(scope: HTTPScope, root_path: str) -> RequestHead:
    """Return the request head of a scope of uvicorn's, without its root path."""
    path, query = scope["raw_path"][len(root_path) :], scope["query_string"]
    return RequestHead(
        scope["method"],
        scope["http_version"],
        [*scope["headers"]],
        path + b"?" + query if query else path,
        scope["scheme"],
    )


def _violations(wire: WireHead, *, waits: bool) -> tuple[Violation, ...]:
    """Return what is wrong with a head that the parser rejected; never nothing."""
    if not wire.complete:
        if waits and not wire.flaw:
            return (Violation(HEADERS_TOO_LARGE, "a request head without an end"),)
        return _with_flaw((), wire.flaw or _UNKNOWN_FLAW)
    try:
        violations = judge_by_rules(wire.head, _POLICY).violations
        flaw = wire.flaw or _flaw(wire.head, strict=False)
    except Exception:  # noqa: BLE001  (fail closed)
        return (Violation(INTERNAL_ERROR),)
    if not wire.head.method:  # one that cannot be read may be GET
        violations = tuple(f for f in violations if f.reason is not METHOD_NOT_GET)
    if flaw or not violations:
        return _with_flaw(violations, flaw or _UNKNOWN_FLAW)
    return violations


def _with_flaw(violations: tuple[Violation, ...], flaw: Flaw) -> tuple[Violation, ...]:
    """Add to the violations, in the order of the catalogue, what is no valid HTTP."""
    return in_order(*violations, Violation(HEAD_MALFORMED, flaw.what, flaw))


def _flaw(request: RequestHead, *, strict: bool) -> Flaw | None:
    """Return what a strict HTTP parser would not have let through.

    RFC 9110 section 5.5: h11 lets control characters through, and websockets hangs.
    """
    if not (
        strict or is_field_value(b"".join([value for _, value in request.headers]))
    ):
        return CONTROL_CHARACTER
    if request.method == "GET" and not _names_resource(request.target):
        return of_target(request.target)
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
