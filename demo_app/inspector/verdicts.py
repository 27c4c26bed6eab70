"""The verdict of this server: on what arrived, and on what a person pastes or types."""

from __future__ import annotations

import re
from contextlib import suppress
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import httptools
from uvicorn import Config
from uvicorn.server import ServerState

from demo_app.inspector.marks import lines_of
from demo_app.inspector.trials.reasons import RAISING_PATH
from demo_app.inspector.trials.request import encoded, wire
from demo_app.inspector.trials.watch import event_row
from ws_handshake import Observer
from ws_handshake.asgi.evaluation import Evaluation
from ws_handshake.asgi.middleware import WebSocketHandshakeMiddleware
from ws_handshake.asgi.places import register
from ws_handshake.asgi.scope import VERDICT_KEY
from ws_handshake.cli.explain.meaning import meaning_of_message
from ws_handshake.cli.pasted.recognition import recognise, recognise_message
from ws_handshake.core.raw_request import read_head
from ws_handshake.outcome.problem import row_of, row_of_cause
from ws_handshake.uvicorn.connection import HandshakeCheck
from ws_handshake.uvicorn.rejected_head import explanation

if TYPE_CHECKING:
    from demo_app.inspector.trials.runner import Tried
    from ws_handshake.asgi.scope import Receive, Scope, Send
    from ws_handshake.cli.pasted.request import PastedRequest
    from ws_handshake.core.policy import Policy
    from ws_handshake.core.request import RequestHead
    from ws_handshake.core.violation import Violation
    from ws_handshake.outcome.record import HandshakeRecord
    from ws_handshake.outcome.rejection import Rejection

    Row = dict[str, object]

_PLAIN = (
    "This is a plain request. Nothing in it says that it is a handshake, and the path "
    "is none of websocket_paths: it goes to the application."
)
_NO_HTTP = (
    "This is no HTTP/1.1 request. Nothing in it says that it is a handshake either, so "
    "uvicorn responds with a bare 400."
)
_NO_ROUTE = (
    "The handshake is valid. But the application has no WebSocket at this path, and "
    "will reject it as denied_by_app."
)
_RAISES = (
    "The handshake is valid. But the application raises here before it decides: the "
    "server responds with 500, and the log has app_did_not_respond."
)

_request_line = re.compile(rb"\s*[A-Z]+ \S+ HTTP/[0-9]")


class Judge(Observer):
    """The protocol class and the middleware of this server, without a network."""

    def __init__(self, policy: Policy) -> None:
        """Take the policy of the middleware around the application."""
        self._policy = policy
        # the protocol class only asks it for its policy and its observers
        self._middleware = WebSocketHandshakeMiddleware(_nothing, observers=[self])
        self._middleware.policy = policy
        config = Config(self._middleware, log_config=None)
        register(config, self._middleware)
        self._protocol = HandshakeCheck(config)
        self._connection: Any = SimpleNamespace(
            config=config, scheme="http", client=None, server_state=ServerState()
        )
        self._record: HandshakeRecord | None = None

    def observe(self, record: HandshakeRecord, /) -> None:
        """Keep the record with which the protocol class explains a rejected head."""
        self._record = record

    def of_trial(self, tried: Tried) -> Row:
        """Return what the page shows of a trial: its events, and the verdict on it."""
        rejections = [one.rejection for one in tried.records if one.rejection]
        verdict = (
            self._rejected(rejections[0], tried.arrived, parsed=True)
            if rejections
            else self.of_head(tried.arrived)
        )
        events = [event_row(record) for record in tried.records]
        return {**tried.row(), "events": events, "verdict": verdict}

    def of_paste(self, text: str) -> Row:
        """Return the verdict on whatever `ws-handshake explain` reads. Never raises.

        Where the text is no request head, `head` is the one that was found in it.
        """
        data = encoded(text)
        if _request_line.match(data):
            return self.of_head(text)
        pasted = recognise(data)
        message = recognise_message(data) if pasted is None else None
        if pasted is not None and pasted.requests:
            found = pasted.requests[0]
            head = _written(found)
            return {
                **self.of_head(head),
                "read_as": pasted.kind,
                "head": head,
                "notes": [*found.notes],
            }
        if message is not None:
            meaning = meaning_of_message(message)
            return _row(
                read_as=meaning.kind,
                parsed=False,
                problem=meaning.what,
                fix=meaning.fix or None,
                page=message.code or None,
            )
        return self.of_head(text)

    def of_head(self, text: str) -> Row:
        """Return the verdict on a request head, with lines to mark. Never raises."""
        data = wire(text)
        request = read_head(data).head
        state: dict[str, Any] = {}
        upgrade = asks_to_upgrade(data)
        upgraded = upgrade is True and self._upgraded(request, state)
        parsed = upgraded or (upgrade is not None and has_path(request.target))
        if parsed:
            scope = _scope("websocket" if upgraded else "http", request, state)
            record = Evaluation(self._policy).rejected(scope)
        elif request.is_attempt():
            record = self._rejected_by_the_parser(data)
        else:
            return _row(parsed=False, problem=_NO_HTTP)
        if record is not None and record.rejection is not None:
            return self._rejected(record.rejection, text, parsed=parsed)
        return self._accepted(request, state) if upgraded else _row(problem=_PLAIN)

    def _accepted(self, request: RequestHead, state: dict[str, Any]) -> Row:
        path = _path(request)
        problem = None if self._policy.declares(path) else _NO_ROUTE
        if path == RAISING_PATH:
            problem = _RAISES
        token = state[VERDICT_KEY].accept_token
        return _row(problem=problem, accepted=True, status=101, accept_token=token)

    def _upgraded(self, request: RequestHead, state: dict[str, Any]) -> bool:
        """Ask the protocol class, and put its verdict into the state."""
        decision = self._protocol.decide(request, bool, can_upgrade=True, client=None)
        state |= decision.state_for({})
        return decision.upgrade

    def _rejected_by_the_parser(self, data: bytes) -> HandshakeRecord | None:
        self._record = None
        explanation(self._connection, data)
        return self._record

    def _rejected(self, rejection: Rejection, text: str, *, parsed: bool) -> Row:
        limits = self._policy.limits
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
    """Return what the HTTP parser of this server says; None where it finds no head."""
    head, end, _ = data.lstrip(b"\r\n").partition(b"\r\n\r\n")
    request = _Request()
    # an error after the head does not matter any more
    with suppress(httptools.HttpParserUpgrade, httptools.HttpParserError):
        request.parser.feed_data(head + end)
    return request.asks_to_upgrade


class _Request:
    """Takes the callbacks of the parser, as uvicorn does."""

    def __init__(self) -> None:
        self.parser = httptools.HttpRequestParser(self)
        self.asks_to_upgrade: bool | None = None

    def on_headers_complete(self) -> None:
        self.asks_to_upgrade = self.parser.should_upgrade()


def has_path(target: bytes) -> bool:
    """Return whether uvicorn finds a path in a request target; plain HTTP needs one."""
    try:
        return httptools.parse_url(target).path is not None
    except httptools.HttpParserInvalidURLError:
        return False


async def _nothing(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """An application that is never called."""


def _row(**known: object) -> Row:
    return {
        "read_as": None,
        "head": None,
        "notes": [],
        "parsed": True,
        "problem": None,
        "fix": None,
        "page": None,
        "accepted": False,
        "status": None,
        "accept_token": None,
        "violations": [],
        "causes": [],
        **known,
    }


def _written(pasted: PastedRequest) -> str:
    """Write a request that was found in a paste as a request head."""
    request = pasted.completed()
    target = request.target.decode("latin-1")
    lines = [f"{request.method} {target} HTTP/{request.http_version}"]
    for name, value in request.headers:
        spelled = name.decode("latin-1").title().replace("Websocket", "WebSocket")
        lines.append(f"{spelled}: {value.decode('latin-1')}")
    return "\n".join([*lines, "", ""])


def _violation(violation: Violation) -> Row:
    """Return a violation with its own title and status; a response has only one."""
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
    """Return the path of a request target, also of one in absolute form."""
    before, absolute, rest = request.target.partition(b"?")[0].partition(b"://")
    path = b"/" + rest.partition(b"/")[2] if absolute else before
    return unquote(path.decode("latin-1"))
