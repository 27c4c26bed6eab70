"""Hypercorn's check of a handshake, which leaves the rejection to the middleware.

    hypercorn --config python:ws_handshake.hypercorn main:app

Hypercorn has no place for a protocol class. It asks `Handshake.is_valid()`, responds to
what is not with an empty 400, and calls no application. Our subclass hands a broken
handshake on instead, with the verdict, so that the middleware rejects it and the client
gets the reasons. Where no middleware is to reject, Hypercorn does; its logger, whose
class may be chosen, then reports why.
"""

from __future__ import annotations

from inspect import currentframe
from typing import TYPE_CHECKING, Any

from hypercorn import logging
from hypercorn.protocol import ws_stream
from wsproto.connection import Connection, ConnectionType

from ws_handshake.asgi.lifespan import own_notifier
from ws_handshake.asgi.middleware import WebSocketHandshakeMiddleware
from ws_handshake.asgi.places import middleware_for
from ws_handshake.asgi.request_head import facts_of
from ws_handshake.asgi.scope import leave_verdict, verdict_before
from ws_handshake.core.normalize import handed_over
from ws_handshake.core.policy import UNLIMITED, Policy
from ws_handshake.core.reasons import INTERNAL_ERROR, SERVER_DID_NOT_UPGRADE
from ws_handshake.core.request import CONNECTION, EXTENSIONS, PROTOCOL, RequestHead
from ws_handshake.core.verdict import judge
from ws_handshake.core.violation import Violation
from ws_handshake.outcome.record import HandshakeRecord
from ws_handshake.outcome.rejection import Rejection, explained

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from hypercorn.config import Config
    from hypercorn.typing import ResponseSummary, WWWScope
    from wsproto.events import Event

    from ws_handshake.asgi.scope import Header, Scope

_BAD_REQUEST = 400
_LISTS = frozenset([CONNECTION, EXTENSIONS, PROTOCOL])

_HYPERCORNS_OWN = ws_stream.Handshake

_POLICY = Policy(limits=UNLIMITED)


class Handshake(ws_stream.Handshake):
    """Hypercorn's own, but our rules judge, and a middleware rejects what is broken."""

    _rejected: ws_stream.WSStream | None = None

    def __init__(self, headers: list[Header], http_version: str) -> None:
        """Read the header lines, but for lists that are not ASCII: wsproto raises."""
        read = [(n, v) for n, v in headers if v.isascii() or n.lower() not in _LISTS]
        super().__init__(read, http_version)

    def is_valid(self) -> bool:
        """Return whether the application is called: also to reject, if it does."""
        as_ever = super().is_valid()
        # it is given no scope and no configuration, but the stream that asks has both
        frame = currentframe()
        stream = frame and frame.f_back and frame.f_back.f_locals.get("self")
        if not isinstance(stream, ws_stream.WSStream):
            return as_ever
        try:
            return self._hand_on(stream) or as_ever
        except Exception:  # noqa: BLE001  (then as without us)
            return as_ever

    def _hand_on(self, stream: ws_stream.WSStream) -> bool:
        """Leave the verdict in the scope, if there is a middleware that acts on it."""
        scope: dict[str, Any] = stream.__dict__["scope"]
        middleware = _middleware_for(scope, stream.config)
        if middleware is None or middleware.policy.report_only:
            return False
        request = _head(scope)
        verdict = judge(request, _POLICY)
        readable = handed_over(request).headers if verdict.accepted else None
        leave_verdict(scope, verdict)
        if readable is None:
            # Hypercorn's 400 to what stands behind would come before our response
            self._rejected, self.accepted = stream, True
            stream.connection = _Unread(ConnectionType.SERVER)
        else:
            super().__init__(readable, self.http_version)
            scope["subprotocols"] = self.subprotocols or []
        return True

    def accept(
        self, subprotocol: str | None, additional_headers: Iterable[Header]
    ) -> tuple[int, list[Header], Connection]:
        """Accept a handshake, but none that was handed on to be rejected.

        Raises ValueError for that one: an application has accepted it that does not
        stand behind the middleware. Hypercorn then responds with 500.
        """
        if self._rejected is not None:
            self._rejected.state = ws_stream.ASGIWebsocketState.HANDSHAKE
            raise ValueError("The handshake is broken, and was accepted all the same.")
        return super().accept(subprotocol, additional_headers)


class _Unread(Connection):
    """Reads nothing of what stands behind a broken handshake."""

    def receive_data(self, data: bytes | None) -> None:
        """Drop it."""

    def events(self) -> Generator[Event, None, None]:
        """Return nothing."""
        yield from ()


class Logger(logging.Logger):
    """Hypercorn's own, which also reports why Hypercorn rejected a handshake itself."""

    def __init__(self, config: Config) -> None:
        """Keep the configuration, and have Hypercorn ask our `Handshake`."""
        super().__init__(config)
        self._config = config
        if ws_stream.Handshake is _HYPERCORNS_OWN:  # and no one else's
            ws_stream.__dict__["Handshake"] = Handshake

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
    """Report a handshake, if it is Hypercorn itself that rejected it."""
    if verdict_before(scope) is not None:
        return  # it was handed on, and the middleware has reported it
    handshake = _HYPERCORNS_OWN(scope["headers"], scope["http_version"])
    if handshake.is_valid():
        return  # the application was called
    middleware = _middleware_for(scope, config)
    if middleware is None:
        own_notifier().notify(_record(scope, _POLICY))
    else:
        middleware.notifier.notify(_record(scope, middleware.policy))


def _middleware_for(
    scope: Scope, config: Config
) -> WebSocketHandshakeMiddleware | None:
    path: str = scope["path"]
    return middleware_for(config, WebSocketHandshakeMiddleware, None, lambda: path)


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
        violations = judge(request, _POLICY).violations
        violations = violations or (Violation(SERVER_DID_NOT_UPGRADE),)
        return explained(request, violations, policy)
    except Exception:  # noqa: BLE001  (an error of ours is not the server's)
        return Rejection((Violation(INTERNAL_ERROR),), policy.docs_url)


def _head(scope: Scope) -> RequestHead:
    """Return what Hypercorn took for a handshake: a GET, or RFC 8441's CONNECT."""
    version, query = scope["http_version"], scope["query_string"]
    target = scope["raw_path"] + b"?" + query if query else scope["raw_path"]
    method = "CONNECT" if version[:1] in {"2", "3"} else "GET"
    return RequestHead(method, version, scope["headers"], target, scope["scheme"])
