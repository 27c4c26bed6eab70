"""Under gunicorn a middleware is found by the application that gunicorn was given."""

from __future__ import annotations

import asyncio
from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from tests.support.asgi import Spy
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.asgi.places import middleware_for
from ws_handshake.asgi.server import config_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ws_handshake.asgi.scope import Message, Receive, Scope, Send

# gunicorn has no types, so its classes come by name
_lifespan: Any = import_module("gunicorn.asgi.lifespan")
_protocol: Any = import_module("gunicorn.asgi.protocol")

SILENT: Any = SimpleNamespace(debug=lambda *_: None)


def wrapped(receive: Callable[[], Awaitable[Message]]) -> Receive:
    """Wrap as FastAPI does: the server's object is out of reach."""

    async def wrapping() -> Message:
        return await receive()  # pragma: no cover  (who asks is looked at, no more)

    return wrapping


class Framework:
    """An application that has the middleware somewhere within."""

    def __init__(self, *, wraps: bool) -> None:
        self.within = WebSocketHandshakeMiddleware(Spy(), observers=[])
        self.wraps = wraps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = wrapped(receive) if self.wraps else receive
        await self.within(scope, given, send)
        await send({"type": "lifespan.startup.complete"})


class Body:
    """The body of a request, as gunicorn 25.1 and newer hand it over."""

    def __init__(self, protocol: object) -> None:
        self.protocol = protocol

    async def receive(self) -> Message:
        raise AssertionError


def found_in(app: Framework) -> object:
    return middleware_for(app, WebSocketHandshakeMiddleware, None, lambda: "/ws")


def test_the_lifespan_leads_to_the_application() -> None:
    for wraps in (False, True):
        app = Framework(wraps=wraps)
        asyncio.run(_lifespan.LifespanManager(app, SILENT).startup())
        assert found_in(app) is app.within


def test_the_body_of_a_request_leads_to_the_application() -> None:
    app = Framework(wraps=False)
    protocol = object.__new__(_protocol.ASGIProtocol)
    protocol.app = app
    assert config_of({"type": "http"}, Body(protocol).receive) is app


def test_an_attribute_of_that_name_elsewhere_leads_nowhere() -> None:
    holder = Spy()
    holder.__dict__["app"] = Framework(wraps=False)
    assert config_of({"type": "http"}, holder.__call__) is None
