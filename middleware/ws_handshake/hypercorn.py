"""Hypercorn's logger, which also tells why Hypercorn itself rejected a handshake.

    hypercorn --config python:ws_handshake.hypercorn main:app

Hypercorn has no place for a protocol class: it responds some broken handshakes with an empty 400,
and calls no application. But it calls its logger, whose class may be chosen; so the log
and the metrics get the reason, if not the client.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypercorn import logging
from hypercorn.protocol.ws_stream import Handshake

from ws_handshake.asgi.lifespan import middleware_for, own_notifier
from ws_handshake.asgi.middleware import WebSocketHandshakeMiddleware
from ws_handshake.asgi.scope import facts_of
from ws_handshake.core.policy import Policy
from ws_handshake.core.reasons import INTERNAL_ERROR, SERVER_DID_NOT_UPGRADE
from ws_handshake.core.request import RequestHead
from ws_handshake.core.rules import Violation
from ws_handshake.core.verdict import judge
from ws_handshake.outcome.record import HandshakeRecord
from ws_handshake.outcome.rejection import Rejection, explained

if TYPE_CHECKING:
    from hypercorn.config import Config
    from hypercorn.typing import ResponseSummary, WWWScope

    from ws_handshake.asgi.scope import Scope

_BAD_REQUEST = 400
_NO_POLICY = Policy()


class Logger(logging.Logger):
    """Hypercorn's own, that reports the observers what no application was asked."""

    def __init__(self, config: Config) -> None:
        """Keep the configuration, which leads to the middleware."""
        super().__init__(config)
        self._config = config

    async def access(
        self, request: WWWScope, response: ResponseSummary, request_time: float
    ) -> None:
        """Write the line of the access log, as ever."""
        scope: dict[str, Any] = {**request}
        if scope["type"] == "websocket" and response["status"] == _BAD_REQUEST:
            _report_rejected(scope, self._config)
        await super().access(request, response, request_time)


#: What `--config python:ws_handshake.hypercorn` sets.
logger_class = Logger


def _report_rejected(scope: Scope, config: Config) -> None:
    """Tell of a handshake, if it is Hypercorn's own check that it did not pass."""
    if Handshake(scope["headers"], scope["http_version"]).is_valid():
        return  # it was handed on
    kind, path = WebSocketHandshakeMiddleware, scope["path"]
    middleware = middleware_for(config, kind, None, lambda: path)
    if middleware is None:
        own_notifier().notify(_record(scope, _NO_POLICY))
    else:
        middleware.notifier.notify(_record(scope, middleware.policy))


def _record(scope: Scope, policy: Policy) -> HandshakeRecord:
    head = _head(scope)
    return HandshakeRecord(
        outcome="rejected",
        layer="hypercorn",
        status=_BAD_REQUEST,
        enforced=True,  # report_only keeps us from rejecting, not the server
        rejection=_rejection(head, policy),
        describe=facts_of(scope, head),
    )


def _rejection(request: RequestHead, policy: Policy) -> Rejection:
    try:
        violations = judge(request).violations or (Violation(SERVER_DID_NOT_UPGRADE),)
        return explained(request, violations, policy)
    except Exception:  # noqa: BLE001  (a fault of ours is none of the server's)
        return Rejection((Violation(INTERNAL_ERROR),), policy.docs_url)


def _head(scope: Scope) -> RequestHead:
    """Return what Hypercorn took for a handshake: a GET, or RFC 8441's CONNECT."""
    version, query = scope["http_version"], scope["query_string"]
    target = scope["raw_path"] + b"?" + query if query else scope["raw_path"]
    method = "CONNECT" if version[:1] in {"2", "3"} else "GET"
    return RequestHead(method, version, scope["headers"], target, scope["scheme"])
