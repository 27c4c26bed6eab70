from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from fastapi import APIRouter, FastAPI, WebSocket
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from tests.support.apps_frameworks import (
    recorded,
    socketio_app,
    url_router,
)
from tests.support.asgi import CLOSE, ask
from tests.support.handshakes import VALID
from tests.support.wires import ROOT
from ws_handshake.asgi.routing import what_the_app_did
from ws_handshake.outcome.record import no_hint

if TYPE_CHECKING:
    from ws_handshake.asgi.scope import ASGIApp, Receive, Scope, Send


async def chat(socket: WebSocket) -> None:
    await socket.close()


INNER = Starlette(routes=[WebSocketRoute("/deep", chat)])
STARLETTE = Starlette(
    routes=[
        Route("/", lambda _request: None),
        WebSocketRoute("/ws", chat),
        Mount(
            "/api", routes=[WebSocketRoute("/live/{room}", chat), Mount("/in", INNER)]
        ),
    ]
)


def fastapi() -> FastAPI:
    app, router, mounted = FastAPI(), APIRouter(prefix="/v1"), FastAPI()
    router.websocket("/chat")(chat)
    mounted.websocket("/feed")(chat)
    app.include_router(router, prefix="/outer")
    app.mount("/sub", mounted)
    return app


def routed(app: ASGIApp, path: str, **changes: Any) -> dict[str, Any]:
    """Let an application route a path, and return the scope that it leaves behind."""
    scope = VALID.websocket_scope(path=path, **changes)
    ask(app, scope, {"type": "websocket.connect"})
    return scope


def reported(app: ASGIApp, path: str, **changes: Any) -> tuple[list[str], str | None]:
    causes, suggest = what_the_app_did(routed(app, path, **changes), CLOSE)
    return [cause.code for cause in causes], suggest()


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("/ws/", "'/ws'"),
        ("/wss", "'/ws'"),
        ("/api/live", "'/api/live/{room}', '/api/in/deep'"),
        ("/api/in/dep", "'/api/in/deep'"),
        ("/nothing-like-it", "'/ws', '/api/live/{room}', '/api/in/deep'"),
    ],
)
def test_a_path_without_a_route_is_reported_with_the_nearest_routes(
    path: str, nearest: str
) -> None:
    assert reported(STARLETTE, path) == (
        ["no_route"],
        f"No WebSocket route matches '{path}'; nearest: {nearest}.",
    )


def test_a_route_behind_a_mount_that_takes_its_path_is_not_missing() -> None:
    files = Mount("/", StaticFiles(directory=ROOT / "docs"))
    shadowed = Starlette(routes=[files, WebSocketRoute("/ws", chat)])
    causes, hint = reported(shadowed, "/ws")

    assert causes == ["no_route"]
    assert hint == (
        "The route '/ws' is there, and what stands before it, such as a mount, takes "
        "its path."
    )


@pytest.mark.parametrize(
    ("path", "shown"), [("//ws", "'//ws'"), ("//host:8080/ws", "the path")]
)
def test_a_doubled_slash_is_named(path: str, shown: str) -> None:
    _, hint = reported(STARLETTE, path)

    assert str(hint).startswith(
        f"No WebSocket route matches {shown}, in which two slashes stand in a row; "
        "nearest: '/ws'"
    )


@pytest.mark.parametrize(
    ("path", "nearest"),
    [("/outer/v1/chat/", "'/outer/v1/chat'"), ("/sub/food", "'/sub/feed'")],
)
def test_fastapis_routers_and_mounts_are_looked_through(
    path: str, nearest: str
) -> None:
    _, hint = reported(fastapi(), path)

    assert hint == f"No WebSocket route matches '{path}'; nearest: {nearest}."


def test_what_is_mounted_too_deep_is_not_looked_for() -> None:
    deep = Mount("/0", routes=[WebSocketRoute("/ws", chat)])
    for level in range(1, 12):
        deep = Mount(f"/{level}", routes=[deep])

    _, hint = reported(Starlette(routes=[deep]), "/ws")

    assert hint == (
        "No WebSocket route matches '/ws'; the application has none, but mounts at "
        "'/11', '/11/10', '/11/10/9'."
    )


def test_a_whole_url_in_the_path_is_named() -> None:
    _, hint = reported(STARLETTE, "/wss://host.example/ws")

    assert hint == (
        "No WebSocket route matches '//ws', in which a whole URL stands; nearest: "
        "'/ws', '/api/live/{room}', '/api/in/deep'."
    )


def test_what_is_mounted_is_named_where_there_is_nothing_else_but_files() -> None:
    files = Mount("/static", StaticFiles(directory=ROOT / "docs"))
    app = Starlette(routes=[files, Mount("/live", socketio_app())])

    assert reported(app, "/socket.io/")[1] == (
        "No WebSocket route matches '/socket.io/'; the application has none, but "
        "mounts at '/live'."
    )


def test_a_route_for_plain_http_is_none_for_websockets() -> None:
    assert reported(STARLETTE, "/")[1] == (
        "The route '/' is one for plain HTTP, and none for WebSockets."
    )


def test_what_a_mounted_socket_io_takes_from_a_route_is_named() -> None:
    app = Starlette(routes=[Mount("/", socketio_app()), WebSocketRoute("/ws", chat)])

    assert recorded(app, VALID).hint == (
        "The route '/ws' is there, and what stands before it, such as a mount, takes "
        "its path."
    )


def test_a_pattern_of_channels_that_begins_with_a_slash_is_named() -> None:
    record = recorded(url_router({"^/ws/$": chat}), VALID, path="/ws/")

    assert record.hint == (
        "No WebSocket route matches '/ws/'; nearest: '//ws/'. Channels' patterns begin "
        "without a slash."
    )


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_named(status: int) -> None:
    message = {"type": "websocket.http.response.start", "status": status}
    causes, suggest = what_the_app_did(VALID.websocket_scope(), message)

    assert causes == ()
    assert suggest() == (
        "The application redirects, and WebSocket clients do not follow: connect to "
        "the right URL at once (wss://, or another path)."
    )


def test_an_application_without_websocket_routes_has_a_hint_of_its_own() -> None:
    assert reported(Starlette(), "/ws?token=secret") == (
        ["no_route"],
        "No WebSocket route matches '/ws'; the application has none.",
    )


def test_a_root_path_that_is_there_twice_is_named() -> None:
    for path in ("/app/app/ws", "/app/app"):
        assert reported(STARLETTE, path, root_path="/app")[0] == ["path_prefix_doubled"]
    for path in ("/app/nope", "/app/application", "/app"):
        assert reported(STARLETTE, path, root_path="/app")[0] == ["no_route"]


def test_the_root_path_does_not_hide_which_routes_are_near() -> None:
    _, wrong = reported(STARLETTE, "/long-prefix/ws/", root_path="/long-prefix")
    _, doubled = reported(STARLETTE, "/p/p/api/in/deep", root_path="/p")

    assert wrong == "No WebSocket route matches '/long-prefix/ws/'; nearest: '/ws'."
    assert doubled == (
        "No WebSocket route matches '/p/p/api/in/deep'; nearest: '/api/in/deep'."
    )


@pytest.mark.parametrize("path", ["/ws", "/api/live/7", "/api/in/deep"])
def test_an_endpoint_that_rejects_does_so_on_purpose(path: str) -> None:
    assert reported(STARLETTE, path) == ([], None)


class Guard:
    """A middleware that closes before anybody looks for a route."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application that is never asked."""
        self.app = app

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Close."""
        await send({"type": "websocket.close"})


@pytest.mark.parametrize("path", ["/ws", "/nope"])
def test_a_middleware_that_closes_before_the_routing_does_so_on_purpose(
    path: str,
) -> None:
    app = Starlette(STARLETTE.debug, STARLETTE.routes, [Middleware(Guard)])

    assert reported(app, path) == ([], None)


def test_so_does_one_within_a_mounted_application() -> None:
    inner = Starlette(routes=[WebSocketRoute("/ws", chat)])
    inner.add_middleware(Guard)

    assert reported(Starlette(routes=[Mount("/in", inner)]), "/in/ws") == ([], None)


def test_files_that_are_mounted_over_everything_are_no_endpoint() -> None:
    app = fastapi()
    app.mount("/", StaticFiles(directory=ROOT / "docs"))

    assert reported(app, "/outer/v1/chat/") == (
        ["no_route"],
        "No WebSocket route matches '/outer/v1/chat/'; nearest: '/outer/v1/chat'.",
    )


def test_a_denial_response_is_on_purpose_whatever_was_routed() -> None:
    denial = {"type": "websocket.http.response.start", "status": 401}

    assert what_the_app_did(routed(STARLETTE, "/nope"), denial) == ((), no_hint)
