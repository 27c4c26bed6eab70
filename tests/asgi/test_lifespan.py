"""How server and middleware find each other, and what the operator is warned of."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import pytest
from structlog.testing import capture_logs
from uvicorn import Config
from uvicorn.lifespan.on import LifespanOn

from tests.support.asgi import Spy
from tests.support.handshakes import VALID
from tests.support.inside import running
from tests.support.protocols import Echo
from tests.support.wires import ask
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.asgi import lifespan
from ws_handshake.asgi.lifespan import (
    exists,
    introduce,
    note_no_response,
    note_tls,
    own_notifier,
)
from ws_handshake.asgi.places import middleware_for

if TYPE_CHECKING:
    from ws_handshake.asgi.scope import ASGIApp, Receive, Scope, Send

_MIDDLEWARE_MISSING = {
    "event": "websocket.handshake.middleware_missing",
    "log_level": "warning",
    "hint": "only the middleware explains broken handshakes, so they get uvicorn's own "
    "response, without a reason; wrap the application: "
    "app = WebSocketHandshakeMiddleware(app)",
}
_PROTOCOLS = ["H11Protocol", "HttpToolsProtocol", "AutoHTTPProtocol"]


async def living(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that knows the lifespan."""
    if scope["type"] != "lifespan":
        await Echo()(scope, receive, send)
        return
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})


def _notices(app: ASGIApp, data: bytes = VALID.wire(), **options: Any) -> list[Any]:
    """Serve two requests, and return what was logged that is no outcome."""
    with capture_logs() as events, running(app, **options) as port:
        ask(port, data)
        ask(port, data)
    return [event for event in events if "hint" in event]


class Standing:
    """Something that stands before an application."""


def _config() -> Config:
    return Config(Echo(), log_config=None)


def test_a_middleware_introduces_itself_to_the_server_that_calls() -> None:
    lifespan, standing = LifespanOn(_config()), Standing()
    scope: dict[str, Any] = {"type": "lifespan", "state": {}}

    async def introducing() -> None:
        introduce(standing, scope, lifespan.receive, lifespan.send)

    asyncio.run(introducing())

    found = middleware_for(lifespan.config, Standing, None, lambda: "/ws")
    assert found is standing
    assert scope == {"type": "lifespan", "state": {}}


@pytest.fixture(name="none_alive")
def _none_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ws_handshake.asgi.lifespan._alive", WeakSet())


@pytest.mark.usefixtures("none_alive")
def test_a_missing_middleware_is_reported_at_the_second_handshake_and_once() -> None:
    config = _config()
    with capture_logs() as events:
        note_no_response(config)
        assert events == []
        for _ in range(3):
            note_no_response(config)
    assert events == [_MIDDLEWARE_MISSING]


def test_no_middleware_is_missing_where_there_is_one_somewhere() -> None:
    standing, config = Standing(), _config()
    exists(standing)
    with capture_logs() as events:
        for _ in range(3):
            note_no_response(config)
    assert events == []


@pytest.mark.parametrize("protocol", _PROTOCOLS)
@pytest.mark.parametrize("lifespan", ["on", "auto", "off"])
def test_nothing_is_logged_with_a_protocol_class_and_a_middleware(
    protocol: str, lifespan: str
) -> None:
    app = WebSocketHandshakeMiddleware(living)
    assert (
        _notices(app, http=f"ws_handshake.uvicorn:{protocol}", lifespan=lifespan) == []
    )


def test_nothing_is_logged_of_an_application_that_knows_no_lifespan() -> None:
    app = WebSocketHandshakeMiddleware(Spy())
    protocol = "ws_handshake.uvicorn:H11Protocol"
    assert _notices(app, VALID.without(b"host").wire(), http=protocol) == []


def test_nothing_is_logged_of_a_middleware_deep_in_the_application() -> None:
    inner = WebSocketHandshakeMiddleware(living)

    async def outer(scope: Scope, receive: Receive, send: Send) -> None:
        await inner(scope, receive, send)

    assert _notices(outer, http="ws_handshake.uvicorn:H11Protocol") == []


@pytest.mark.usefixtures("none_alive")
@pytest.mark.parametrize("protocol", _PROTOCOLS)
@pytest.mark.parametrize("lifespan", ["on", "auto", "off"])
def test_a_protocol_class_without_a_middleware_is_reported_once(
    protocol: str, lifespan: str
) -> None:
    options: dict[str, Any] = {
        "http": f"ws_handshake.uvicorn:{protocol}",
        "lifespan": lifespan,
    }
    assert _notices(living, **options) == [_MIDDLEWARE_MISSING]


def test_without_a_middleware_the_structlog_observer_is_notified_and_kept() -> None:
    own_notifier.cache_clear()  # its rate limit remembers other tests
    assert own_notifier() is own_notifier()
    assert own_notifier().errors == 0


def test_that_clients_begin_tls_on_a_plain_port_is_logged_once() -> None:
    lifespan._warn_once.cache_clear()
    with capture_logs() as events:
        note_tls()
        note_tls()
    lifespan._warn_once.cache_clear()
    assert [event["event"] for event in events] == [
        "websocket.handshake.tls_on_plain_port"
    ]
