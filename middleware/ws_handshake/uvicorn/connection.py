"""What a protocol class does with a request, whichever HTTP parser stands behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from ws_handshake.asgi.lifespan import note_no_response
from ws_handshake.asgi.middleware import WebSocketHandshakeMiddleware
from ws_handshake.asgi.places import middleware_for
from ws_handshake.asgi.scope import VERDICT_KEY, HandedOver
from ws_handshake.core.fast_path import plainly_valid_key
from ws_handshake.core.normalize import Handover, handed_over
from ws_handshake.core.reasons import INTERNAL_ERROR
from ws_handshake.core.request import RequestHead
from ws_handshake.core.verdict import Verdict, judge_by_rules
from ws_handshake.core.violation import Violation
from ws_handshake.uvicorn.http_flaws import flaw_of, with_flaw
from ws_handshake.uvicorn.report import POLICY, report

if TYPE_CHECKING:
    from collections.abc import Callable

    from uvicorn._types import HTTPScope
    from uvicorn.config import Config

    from ws_handshake.uvicorn.report import Client


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
    """Judges the requests of one connection."""

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
        middleware = self.middleware(request)
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
                report(middleware, request, verdict.violations, client)
            return Decision(upgrade=True, verdict=verdict)
        return Decision(upgrade=False, verdict=verdict)

    def is_rejecting(self, request: RequestHead) -> bool:
        """Return whether the middleware rejects a plain request, or is about to.

        It closes the connection then: nothing that stands behind is to overtake it.
        """
        middleware = self.middleware(request)
        if middleware is None or middleware.policy.report_only:
            return False
        return request.is_attempt()

    def middleware(self, request: RequestHead) -> WebSocketHandshakeMiddleware | None:
        """Return the middleware that a request is going to meet first."""

        def path() -> str:
            target, _, _ = request.target.partition(b"?")
            return self._config.root_path + unquote(target.decode("latin-1"))

        app = getattr(self._config, "loaded_app", None)
        return middleware_for(self._config, WebSocketHandshakeMiddleware, app, path)

    def _judged(self, request: RequestHead) -> tuple[Verdict, Handover | None]:
        try:
            key = plainly_valid_key(request, POLICY)
            if key is not None:
                return Verdict(request, (), key), None
            verdict = judge_by_rules(request, POLICY)
            flaw = flaw_of(request, strict=self._strict)
            if flaw is not None:
                return Verdict(request, with_flaw(verdict.violations, flaw), None), None
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
