"""The test clients: our places in the application of each, and the ways to use it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lilya.middleware import DefineMiddleware as LilyaMiddleware
from litestar.middleware import DefineMiddleware as LitestarMiddleware
from starlette.middleware import Middleware

from tests.support import client_apps as apps
from tests.support import client_uses as uses
from ws_handshake import WebSocketHandshakeMiddleware

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.support.client_uses import Seen

    Make = Callable[[], Any]

BEARER = {"Authorization": "Bearer x"}
BYTES = [(b"authorization", b"Bearer x"), (b"origin", b"http://localhost")]
OFFER = ["chat", "superchat"]
ELSEWHERE = ("10.0.0.1", 1)

# As a browser sends it; what a client makes up comes on top.
WHOLE = {
    **BEARER,
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
}

# Nothing that a client makes up.
BROKEN = {"Sec-WebSocket-Extensions": "; x"}


class Way(NamedTuple):
    """A way to use a client: its arguments, and what it is to see."""

    use: Callable[..., Seen]
    asked: Mapping[str, Any]
    subprotocol: str | None = None
    text: str = "hello, None"

    def __str__(self) -> str:
        """Name it."""
        return f"{self.use.__name__} with {', '.join(self.asked) or 'nothing else'}"


class Client(NamedTuple):
    """A client, the application that it tests, and that with us at each place."""

    bare: Make
    places: Mapping[str, Make]
    ways: tuple[Way, ...]
    home: str | None = "home"
    broken: Any = BROKEN


def _around(make: Make) -> dict[str, Make]:
    return {"around it": lambda: WebSocketHandshakeMiddleware(make())}


def _added(make: Make) -> dict[str, Make]:
    def app() -> Any:
        made = make()
        made.add_middleware(WebSocketHandshakeMiddleware)
        return made

    return {"add_middleware": app}


# Litestar has types of its own for what a middleware is called with, and Lilya's are
# not complete for every type checker.
_OURS: Any = WebSocketHandshakeMiddleware
_LILYAS: Any = LilyaMiddleware


def _listed(make: Callable[..., Any], entry: object) -> dict[str, Make]:
    return {"middleware=[...]": lambda: make(middleware=[entry])}


def _in_asgi_tools() -> Any:
    app = apps.asgi_tools_app()
    app.middleware(WebSocketHandshakeMiddleware)
    return app


def _in_quart() -> Any:
    app: Any = apps.quart_app()
    app.asgi_app = WebSocketHandshakeMiddleware(app.asgi_app)
    return app


def _in_blacksheep() -> Any:
    return apps.blacksheep_app(apps.Wrapped)


def _usual(use: Callable[..., Seen]) -> tuple[Way, ...]:
    """Return the ways of a client that asks as Starlette's does."""
    return (
        Way(use, {}),
        Way(use, {"subprotocols": OFFER}, "chat"),
        Way(use, {"subprotocols": []}),
        Way(use, {"headers": {**BEARER}}, text="hello, Bearer x"),
        Way(use, {"headers": {**WHOLE}}, text="hello, Bearer x"),
    )


_STARLETTE = (
    *_usual(uses.starlette),
    Way(uses.starlette, {"client": ELSEWHERE}),
    Way(uses.starlette_unopened, {}),
)


def _headers(use: Callable[..., Seen]) -> tuple[Way, ...]:
    """Return the ways of a client that offers subprotocols in a header only."""
    offer = {"Sec-WebSocket-Protocol": ", ".join(OFFER)}
    return (
        Way(use, {}),
        Way(use, {"headers": {**BEARER}}, text="hello, Bearer x"),
        Way(use, {"headers": {**WHOLE}}, text="hello, Bearer x"),
        Way(use, {"headers": offer}),
        Way(use, {"cookies": {"a": "b"}}),
    )


CLIENTS = {
    "Starlette": Client(
        apps.starlette_app,
        {
            **_around(apps.starlette_app),
            **_added(apps.starlette_app),
            **_listed(apps.starlette_app, Middleware(WebSocketHandshakeMiddleware)),
        },
        _STARLETTE,
    ),
    "FastAPI": Client(
        apps.fastapi_app,
        {
            **_around(apps.fastapi_app),
            **_added(apps.fastapi_app),
            **_listed(apps.fastapi_app, Middleware(WebSocketHandshakeMiddleware)),
        },
        _STARLETTE,
        home='"home"',
    ),
    "Lilya": Client(
        apps.lilya_app,
        {
            **_around(apps.lilya_app),
            **_added(apps.lilya_app),
            **_listed(apps.lilya_app, _LILYAS(_OURS)),
        },
        _usual(uses.lilya),
        home='"home"',
    ),
    "Ravyn": Client(
        apps.ravyn_app,
        {
            **_around(apps.ravyn_app),
            **_listed(apps.ravyn_app, _LILYAS(_OURS)),
        },
        _usual(uses.ravyn),
        home='"home"',
    ),
    "Litestar": Client(
        apps.litestar_app,
        {
            **_around(apps.litestar_app),
            **_listed(apps.litestar_app, LitestarMiddleware(_OURS)),
        },
        (*_usual(uses.litestar), *_usual(uses.litestar_async)),
    ),
    "asgi-tools": Client(
        apps.asgi_tools_app,
        {**_around(apps.asgi_tools_app), "App.middleware": _in_asgi_tools},
        _headers(uses.asgi_tools),
    ),
    "async-asgi-testclient": Client(
        apps.starlette_app,
        _around(apps.starlette_app),
        _headers(uses.async_asgi_testclient),
    ),
    "httpx-ws": Client(
        apps.starlette_app, _around(apps.starlette_app), _usual(uses.httpx_ws)[:-1]
    ),
    "httpx2": Client(
        apps.starlette_app, _around(apps.starlette_app), _usual(uses.httpx2_websockets)
    ),
    "Channels": Client(
        apps.channels_app,
        _around(apps.channels_app),
        (
            Way(uses.channels, {}),
            Way(uses.channels, {"subprotocols": OFFER}, "chat"),
            Way(uses.channels, {"headers": BYTES}, text="hello, Bearer x"),
        ),
        home=None,
        broken=[(b"sec-websocket-extensions", b"; x")],
    ),
    "Falcon": Client(
        apps.falcon_app,
        _around(apps.falcon_app),
        (
            Way(uses.falcon_client, {}),
            Way(uses.falcon_client, {"subprotocols": OFFER}, "chat"),
            Way(uses.falcon_client, {"headers": BEARER}, text="hello, Bearer x"),
            Way(uses.falcon_client, {"headers": WHOLE}, text="hello, Bearer x"),
            Way(uses.falcon_client, {"remote_addr": ELSEWHERE[0]}),
            Way(uses.falcon_client, {"http_version": "2"}),
        ),
    ),
    "Quart": Client(
        apps.quart_app,
        {"app.asgi_app": _in_quart},
        (
            Way(uses.quart, {}),
            Way(uses.quart, {"subprotocols": OFFER}),
            Way(uses.quart, {"headers": BEARER}, text="hello, Bearer x"),
            Way(uses.quart, {"headers": WHOLE}, text="hello, Bearer x"),
            Way(uses.quart, {"scope_base": {"client": ELSEWHERE}}),
        ),
    ),
    "BlackSheep": Client(
        apps.blacksheep_app,
        {"inside it": _in_blacksheep},
        (
            Way(uses.blacksheep, {}),
            Way(uses.blacksheep, {"headers": BEARER}, text="hello, Bearer x"),
            Way(uses.blacksheep, {"headers": WHOLE}, text="hello, Bearer x"),
            Way(uses.blacksheep, {"cookies": {"a": "b"}}),
        ),
    ),
}
