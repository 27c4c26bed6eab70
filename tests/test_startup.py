"""What the middleware and the doors tell each other, and the owner, at start-up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from structlog.testing import capture_logs

from tests.asgi import Spy
from tests.doors import Echo
from tests.handshakes import SOUND
from tests.inside import running
from tests.wires import ask
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.startup import (
    MIDDLEWARE_KEY,
    find_middleware,
    introduce,
    lacks_door,
    say_middleware_is_missing,
)

if TYPE_CHECKING:
    from ws_handshake.scopes import ASGIApp, Receive, Scope, Send

_DOOR_MISSING = {
    "event": "websocket.handshake.door_missing",
    "log_level": "warning",
    "hint": "uvicorn answers most broken handshakes before the application sees them, "
    "without a reason; start it with --http ws_handshake.uvicorn:AutoHTTPProtocol",
}
_MIDDLEWARE_MISSING = {
    "event": "websocket.handshake.middleware_missing",
    "log_level": "warning",
    "hint": "the door keeps broken handshakes from being upgraded, but only the "
    "middleware tells the client why; wrap the application: "
    "app = WebSocketHandshakeMiddleware(app)",
}
_DOORS = ["H11Protocol", "HttpToolsProtocol", "AutoHTTPProtocol"]


class Wrapping:
    """A wrapping that keeps its application in `.app`, as most do."""

    def __init__(self, app: object) -> None:
        self.app = app


async def living(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that knows the lifespan."""
    if scope["type"] != "lifespan":
        await Echo()(scope, receive, send)
        return
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})


def _is_text(app: object) -> bool:
    return isinstance(app, str)


def _notices(app: ASGIApp, data: bytes = SOUND.wire(), **options: Any) -> list[Any]:
    """Serve two requests, and return what was said that is no outcome."""
    with capture_logs() as events, running(app, **options) as port:
        ask(port, data)
        ask(port, data)
    return [event for event in events if "hint" in event]


def test_the_middleware_leaves_itself_in_the_lifespan_state() -> None:
    middleware = object()
    scope: dict[str, Any] = {"type": "lifespan", "state": {"mine": 1}}
    introduce(middleware, scope, Spy())
    assert scope["state"] == {"mine": 1, MIDDLEWARE_KEY: middleware}


def test_of_two_middlewares_the_outermost_stays_in_the_state() -> None:
    outer, inner = object(), object()
    scope: dict[str, Any] = {"type": "lifespan", "state": {}}
    introduce(outer, scope, Spy())
    introduce(inner, scope, Spy())
    assert scope["state"][MIDDLEWARE_KEY] is outer


def test_a_server_without_a_lifespan_state_is_told_nothing() -> None:
    scope: dict[str, Any] = {"type": "lifespan"}
    introduce(object(), scope, Spy())
    assert scope == {"type": "lifespan"}


@pytest.mark.parametrize("receive", [print, Spy(), Spy().__call__, "text".strip])
def test_nothing_is_said_of_a_server_that_is_not_uvicorn(receive: object) -> None:
    assert not lacks_door(receive)


def test_a_lifespan_of_uvicorn_that_hides_its_protocol_class_is_left_in_peace() -> None:
    inside: dict[str, Any] = {"__module__": "uvicorn.lifespan.on"}
    receiver = type("receiver", (), {"__self__": type("LifespanOn", (), inside)()})()
    assert not lacks_door(receiver)


def test_a_middleware_in_the_state_is_found_first() -> None:
    assert find_middleware(_is_text, "outer", {MIDDLEWARE_KEY: "state"}) == "state"


def test_a_middleware_is_found_through_wrappings() -> None:
    assert find_middleware(_is_text, Wrapping(Wrapping("found")), {}) == "found"


def test_no_middleware_is_found_where_there_is_none() -> None:
    assert find_middleware(_is_text, Wrapping(Wrapping(None)), {}) is None


def test_the_search_ends_in_a_circle() -> None:
    circle = Wrapping(None)
    circle.app = circle
    assert find_middleware(_is_text, circle, {}) is None


def test_the_missing_middleware_is_said_with_its_fix() -> None:
    with capture_logs() as events:
        say_middleware_is_missing()
    assert events == [_MIDDLEWARE_MISSING]


@pytest.mark.parametrize("http", ["h11", "httptools", "auto"])
@pytest.mark.parametrize("lifespan", ["on", "auto"])
def test_uvicorn_without_a_door_is_told_once_at_start_up(
    http: str, lifespan: str
) -> None:
    app = WebSocketHandshakeMiddleware(living)
    assert _notices(app, http=http, lifespan=lifespan) == [_DOOR_MISSING]


def test_a_missing_door_is_told_once_under_two_middlewares() -> None:
    app = WebSocketHandshakeMiddleware(WebSocketHandshakeMiddleware(living))
    assert _notices(app, http="h11") == [_DOOR_MISSING]


def test_nothing_can_be_said_of_a_door_without_a_lifespan() -> None:
    app = WebSocketHandshakeMiddleware(living)
    assert _notices(app, http="h11", lifespan="off") == []


@pytest.mark.parametrize("door", _DOORS)
@pytest.mark.parametrize("lifespan", ["on", "auto", "off"])
def test_nothing_is_said_with_a_door_and_a_middleware(door: str, lifespan: str) -> None:
    app = WebSocketHandshakeMiddleware(living)
    assert _notices(app, http=f"ws_handshake.uvicorn:{door}", lifespan=lifespan) == []


def test_nothing_is_said_of_an_application_that_knows_no_lifespan() -> None:
    app = WebSocketHandshakeMiddleware(Spy())
    door = "ws_handshake.uvicorn:H11Protocol"
    assert _notices(app, SOUND.without(b"host").wire(), http=door) == []


def test_nothing_is_said_of_a_middleware_deep_in_the_application() -> None:
    inner = WebSocketHandshakeMiddleware(living)

    async def outer(scope: Scope, receive: Receive, send: Send) -> None:
        await inner(scope, receive, send)

    assert _notices(outer, http="ws_handshake.uvicorn:H11Protocol") == []


@pytest.mark.parametrize("door", _DOORS)
@pytest.mark.parametrize("lifespan", ["on", "auto"])
def test_a_door_without_a_middleware_is_told_once(door: str, lifespan: str) -> None:
    options: dict[str, Any] = {
        "http": f"ws_handshake.uvicorn:{door}",
        "lifespan": lifespan,
    }
    assert _notices(living, **options) == [_MIDDLEWARE_MISSING]


def test_a_door_without_a_lifespan_cannot_know_and_says_nothing() -> None:
    options: dict[str, Any] = {
        "http": "ws_handshake.uvicorn:H11Protocol",
        "lifespan": "off",
    }
    assert _notices(living, **options) == []
