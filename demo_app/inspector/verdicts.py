"""What this server would say of a request head, while somebody is typing it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import httptools
from uvicorn import Config

from demo_app import faulty
from demo_app.inspector.trials.exchange import wire
from demo_app.marks import lines_of
from ws_handshake.asgi.evaluation import Evaluation
from ws_handshake.asgi.lifespan import register
from ws_handshake.asgi.middleware import WebSocketHandshakeMiddleware
from ws_handshake.asgi.scope import VERDICT_KEY
from ws_handshake.core.raw_request import read_head
from ws_handshake.outcome.problem import row_of, row_of_cause
from ws_handshake.uvicorn.connection import HandshakeCheck

if TYPE_CHECKING:
    from collections.abc import Collection

    from ws_handshake.asgi.scope import Receive, Scope, Send
    from ws_handshake.core.request import RequestHead
    from ws_handshake.core.rules import Violation
    from ws_handshake.outcome.record import HandshakeRecord, Rejection

    Row = dict[str, object]

_PLAIN = (
    "This is a plain request: nothing in it says that it is a handshake, and the path "
    "is none of websocket_paths. It goes to the application."
)
_NO_HTTP = (
    "The HTTP parser of this server does not read this, and nothing in it says that it "
    "is a handshake: uvicorn responds with a bare 400."
)
_NO_ROUTE = (
    "The handshake is valid. The application has no WebSocket at this path, and so it "
    "will be rejected as denied_by_app."
)
_FAULTY = (
    "The handshake is valid. The application raises at this path before it decides: "
    "the server responds with 500, and the log has app_did_not_respond."
)


class Judge:
    """The protocol class and the middleware of this server, asked without a network."""

    def __init__(self, sockets: Collection[str], options: dict[str, Any]) -> None:
        """Take the paths of the WebSockets, and the options of the middleware."""
        self._sockets = frozenset(sockets)
        self._middleware = WebSocketHandshakeMiddleware(
            _nobody, observers=[self], **options
        )
        config = Config(self._middleware, log_config=None)
        register(config, self._middleware)
        self._protocol = HandshakeCheck(config)
        self._reported: HandshakeRecord | None = None

    def observe(self, record: HandshakeRecord) -> None:
        """Keep what the protocol class reports a head that a parser rejects."""
        self._reported = record

    def verdict(self, text: str) -> Row:
        """Return all that is to be said of a request head. Never raises."""
        data = wire(text)
        request = read_head(data).head
        state: dict[str, Any] = {}
        upgrade = asks_to_upgrade(data)
        opened = upgrade is True and self._opened(request, state)
        parsed = opened or (upgrade is not None and has_path(request.target))
        if parsed:
            scope = _scope("websocket" if opened else "http", request, state)
            record = Evaluation(self._middleware.policy).rejected(scope)
        elif request.is_attempt():
            record = self._rejected_by_the_parser(data)
        else:
            return _row(parsed=False, problem=_NO_HTTP)
        if record is not None and record.rejection is not None:
            return self._rejected(record.rejection, text, parsed=parsed)
        return self._accepted(request, state) if opened else _row(problem=_PLAIN)

    def _accepted(self, request: RequestHead, state: dict[str, Any]) -> Row:
        path = _path(request)
        missing = None if path in self._sockets else _NO_ROUTE
        problem = _FAULTY if path == faulty.PATH else missing
        token = state[VERDICT_KEY].accept_token
        return _row(problem=problem, accepted=True, status=101, accept_token=token)

    def _opened(self, request: RequestHead, state: dict[str, Any]) -> bool:
        """Ask the protocol class, which leaves its verdict in the state."""
        decision = self._protocol.decide(request, bool, can_upgrade=True, client=None)
        state |= decision.state_for({})
        return decision.upgrade

    def _rejected_by_the_parser(self, data: bytes) -> HandshakeRecord | None:
        self._reported = None
        self._protocol.explanation(data, scheme="http", client=None, headers=())
        return self._reported

    def _rejected(self, rejection: Rejection, text: str, *, parsed: bool) -> Row:
        limits = self._middleware.policy.limits
        return _row(
            parsed=parsed,
            status=rejection.status,
            violations=[
                {**_violation(violation), "lines": lines_of(violation, text, limits)}
                for violation in rejection.violations
            ],
            causes=[row_of_cause(cause) for cause in rejection.causes],
        )


def asks_to_upgrade(data: bytes) -> bool | None:
    """Say what the HTTP parser of this server sees in a head; None if it sees none."""
    head, end, _ = data.lstrip(b"\r\n").partition(b"\r\n\r\n")
    request = _Request()
    # an error that comes behind the head comes too late to matter
    with suppress(httptools.HttpParserUpgrade, httptools.HttpParserError):
        request.parser.feed_data(head + end)
    return request.asks_to_upgrade


class _Request:
    """Listens to the parser, as uvicorn does."""

    def __init__(self) -> None:
        self.parser = httptools.HttpRequestParser(self)
        self.asks_to_upgrade: bool | None = None

    def on_headers_complete(self) -> None:
        self.asks_to_upgrade = self.parser.should_upgrade()


def has_path(target: bytes) -> bool:
    """Return whether uvicorn finds a path in a request target, which it needs for HTTP."""
    try:
        return httptools.parse_url(target).path is not None
    except httptools.HttpParserInvalidURLError:
        return False


async def _nobody(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """An application that is never asked."""


def _row(**known: object) -> Row:
    return {
        "parsed": True,
        "problem": None,
        "accepted": False,
        "status": None,
        "accept_token": None,
        "violations": [],
        "causes": [],
        **known,
    }


def _violation(violation: Violation) -> Row:
    """Return all that the catalogue says: a response has one title and one status."""
    reason = violation.reason
    return {**row_of(violation), "what": reason.what, "status": reason.status}


def _scope(kind: str, request: RequestHead, state: dict[str, Any]) -> Scope:
    """Return the scope that uvicorn would make of a head."""
    return {
        "type": kind,
        "http_version": request.http_version,
        "method": request.method,
        "scheme": "http" if kind == "http" else "ws",
        "path": _path(request),
        "raw_path": request.target.partition(b"?")[0],
        "query_string": request.target.partition(b"?")[2],
        "headers": list(request.headers),
        "extensions": {"websocket.http.response": {}},
        "state": state,
    }


def _path(request: RequestHead) -> str:
    """Return the path of a request target, of the absolute form too."""
    before, absolute, rest = request.target.partition(b"?")[0].partition(b"://")
    path = b"/" + rest.partition(b"/")[2] if absolute else before
    return unquote(path.decode("latin-1"))
