"""The middleware installs uvicorn's protocol class by itself, or says what to type."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import structlog
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route, WebSocketRoute
from structlog.testing import capture_logs
from uvicorn.protocols.http import h11_impl, httptools_impl

from tests.support.handshakes import VALID
from tests.support.inside import port_of, running_server
from tests.support.protocols import Echo
from tests.support.wires import ask
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.asgi import lifespan
from ws_handshake.uvicorn import H11Protocol, HttpToolsProtocol, install

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uvicorn import Server

    from tests.support.handshakes import Handshake
    from ws_handshake.asgi.scope import ASGIApp, Receive, Scope, Send

OURS = {"h11": H11Protocol, "httptools": HttpToolsProtocol, "auto": HttpToolsProtocol}
OWN = {"h11": h11_impl.H11Protocol, "httptools": httptools_impl.HttpToolsProtocol}
PAGE = VALID.asked(
    target=b"/in/", headers=(VALID.headers[0], (b"connection", b"close"))
)
KEYLESS = VALID.without(b"sec-websocket-key").asked(target=b"/in/ws")
UNCHECKED = (
    "uvicorn responds to most broken handshakes, without a reason, before the "
    "application sees them"
)
_OUTCOMES = {"accepted", "rejected"}
LINE = "start uvicorn with --http ws_handshake.uvicorn:AutoHTTPProtocol"


@pytest.fixture(autouse=True)
def _first_warnings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let each test be the first in its process, under the command uvicorn."""
    monkeypatch.setattr(sys, "argv", ["/bin/uvicorn"])
    lifespan._warn_once.cache_clear()
    yield
    lifespan._warn_once.cache_clear()


@contextmanager
def _served(app: ASGIApp, **options: Any) -> Iterator[tuple[Server, list[Any]]]:
    """Run uvicorn; yield it, and the events of the log that are no outcome."""
    notices: list[Any] = []
    options = {"ws": "wsproto", **options}
    with capture_logs() as events, running_server(app, **options) as server:
        yield server, notices
        notices += [e for e in events if e["event"].split(".")[-1] not in _OUTCOMES]


def _warning(name: str, hint: str) -> dict[str, str]:
    event = f"websocket.handshake.{name}"
    return {"event": event, "log_level": "warning", "hint": hint}


def _installed(ours: type) -> dict[str, str]:
    return {
        "event": "websocket.handshake.protocol_installed",
        "log_level": "debug",
        "http_protocol_class": f"{ours.__module__}:{ours.__qualname__}",
    }


LATE = _warning(
    "protocol_installed_late",
    "no lifespan of this server has reached the middleware, so the connections before "
    f"this request were not checked in full; to check all, {LINE}",
)
LATE_WEBSOCKET = _warning(
    "protocol_installed_late",
    "neither a lifespan nor a plain request of this server has reached the middleware; "
    f"until one does, {UNCHECKED}; wrap the whole application in it, and {LINE}",
)


async def living(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that knows the lifespan."""
    if scope["type"] != "lifespan":
        await Echo()(scope, receive, send)
        return
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})


async def _home(_request: object) -> PlainTextResponse:
    return PlainTextResponse("home")


async def _accept(websocket: Any) -> None:
    await websocket.accept()


def _routes() -> list[Any]:
    return [Route("/", _home), WebSocketRoute("/ws", _accept)]


class Unchanged(BaseHTTPMiddleware):
    """A middleware on requests, which hands on a `receive` of its own."""

    async def dispatch(self, request: Any, call_next: Any) -> Any:
        return await call_next(request)


def _fastapi() -> ASGIApp:
    app = FastAPI(routes=[Mount("/in", routes=_routes())])
    app.add_middleware(WebSocketHandshakeMiddleware)
    app.add_middleware(Unchanged)
    return app


def _listed() -> ASGIApp:
    listed = [Middleware(Unchanged), Middleware(WebSocketHandshakeMiddleware)]
    return Starlette(routes=[Mount("/in", routes=_routes())], middleware=listed)


def _mounted() -> ASGIApp:
    inner = WebSocketHandshakeMiddleware(Starlette(routes=_routes()))
    return Unchanged(Starlette(routes=[Mount("/in", inner)]))


@pytest.mark.parametrize("http", OURS)
@pytest.mark.parametrize("lived", ["on", "auto"])
def test_a_server_that_starts_gets_our_class_before_its_first_connection(
    http: str, lived: str
) -> None:
    app = WebSocketHandshakeMiddleware(living)
    with _served(app, http=http, lifespan=lived) as (server, notices):
        assert server.config.http_protocol_class is OURS[http]
        assert ask(port_of(server), KEYLESS.wire()).codes == ("key_missing",)
    assert notices == [_installed(OURS[http])]


def test_where_structlog_is_not_configured_the_installation_is_not_logged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(structlog, "is_configured", lambda: False)
    with _served(WebSocketHandshakeMiddleware(living), http="h11") as (server, notices):
        assert server.config.http_protocol_class is H11Protocol
    assert notices == []


@pytest.mark.parametrize("app", [_fastapi(), _listed()], ids=["FastAPI", "Starlette"])
def test_a_middleware_deep_in_an_application_does_the_same(app: ASGIApp) -> None:
    with _served(app) as (server, notices):
        assert ask(port_of(server), KEYLESS.wire()).codes == ("key_missing",)
    assert notices == [_installed(HttpToolsProtocol)]


def test_two_middlewares_install_once() -> None:
    app = WebSocketHandshakeMiddleware(WebSocketHandshakeMiddleware(living))
    with _served(app, http="h11") as (server, notices):
        assert server.config.http_protocol_class is H11Protocol
    assert notices == [_installed(H11Protocol)]


def test_an_application_that_knows_no_lifespan_is_checked_all_the_same() -> None:
    with _served(WebSocketHandshakeMiddleware(Echo())) as (server, notices):
        assert ask(port_of(server), KEYLESS.wire()).codes == ("key_missing",)
    assert notices == [_installed(HttpToolsProtocol)]


def test_in_a_mount_it_is_installed_at_the_first_request_and_says_so() -> None:
    with _served(_mounted(), http="h11") as (server, notices):
        assert ask(port_of(server), KEYLESS.wire()).codes == ()
        ask(port_of(server), PAGE.wire())
        assert server.config.http_protocol_class is H11Protocol
        assert ask(port_of(server), KEYLESS.wire()).codes == ("key_missing",)
        ask(port_of(server), PAGE.wire())
    assert notices == [_installed(H11Protocol), LATE]


@pytest.mark.parametrize("ws", ["wsproto", "websockets-sansio"])
@pytest.mark.parametrize(
    ("first", "late"),
    [(PAGE, LATE), (VALID, LATE_WEBSOCKET)],
    ids=["a page", "a WebSocket"],
)
def test_without_a_lifespan_it_is_installed_at_the_first_request(
    first: Handshake, late: dict[str, str], ws: str
) -> None:
    app = WebSocketHandshakeMiddleware(living)
    with _served(app, lifespan="off", ws=ws) as (server, notices):
        assert server.config.http_protocol_class is OWN["httptools"]
        ask(port_of(server), first.wire())
        assert server.config.http_protocol_class is HttpToolsProtocol
        assert ask(port_of(server), KEYLESS.wire()).codes == ("key_missing",)
    assert notices == [_installed(HttpToolsProtocol), late]


def test_on_a_route_for_websockets_the_warning_says_what_is_not_checked() -> None:
    on_route = [Middleware(WebSocketHandshakeMiddleware)]
    app = Starlette(routes=[WebSocketRoute("/ws", _accept, middleware=on_route)])
    with _served(app) as (server, notices):
        for handshake in (VALID, KEYLESS, VALID):
            assert ask(port_of(server), handshake.wire()).codes == ()
    assert notices == [_installed(HttpToolsProtocol), LATE_WEBSOCKET]


def test_where_a_class_of_ours_was_chosen_it_stays_and_nothing_is_logged() -> None:
    app = WebSocketHandshakeMiddleware(living)
    with _served(app, http="ws_handshake.uvicorn:H11Protocol") as (server, notices):
        assert server.config.http_protocol_class is H11Protocol
    assert notices == []


@pytest.mark.parametrize("lived", ["on", "off"])
def test_install_protocol_off_leaves_uvicorn_alone_and_is_reported_once(
    lived: str,
) -> None:
    inner = WebSocketHandshakeMiddleware(living, install_protocol=False)
    app = WebSocketHandshakeMiddleware(inner, install_protocol=False)
    with _served(app, http="h11", lifespan=lived) as (server, notices):
        ask(port_of(server), PAGE.wire())
        assert server.config.http_protocol_class is OWN["h11"]
    assert notices == [_warning("protocol_not_installed", f"{UNCHECKED}; {LINE}")]


@pytest.mark.parametrize("given", ["false", 0, None])
def test_install_protocol_is_true_or_false(given: Any) -> None:
    with pytest.raises(ValueError, match="set it to True or False"):
        WebSocketHandshakeMiddleware(living, install_protocol=given)


class Chosen(h11_impl.H11Protocol):
    """A class that somebody else has chosen."""


def test_a_class_that_somebody_chose_stays_and_that_is_reported() -> None:
    app = WebSocketHandshakeMiddleware(living)
    with _served(app, http=Chosen) as (server, notices):
        assert server.config.http_protocol_class is Chosen
        assert ask(port_of(server), VALID.wire()).status == 101
    hint = f"{UNCHECKED}: {__name__}:Chosen is not its own class; {LINE}"
    assert notices == [_warning("protocol_not_installed", hint)]


@pytest.mark.parametrize("wrong", [OSError("gone"), TypeError(), BaseException()])
def test_an_installation_that_fails_changes_nothing_and_is_reported(
    wrong: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_config: object) -> None:
        raise wrong

    monkeypatch.setattr(install, "install", fail)
    app = WebSocketHandshakeMiddleware(living)
    with _served(app, http="h11") as (server, notices):
        assert server.config.http_protocol_class is OWN["h11"]
        assert ask(port_of(server), VALID.wire()).status == 101
        assert ask(port_of(server), KEYLESS.wire()).status == 400
    hint = (
        f"{UNCHECKED}: it has changed what we build on; update uvicorn or ws-handshake"
    )
    assert notices == [_warning("protocol_not_installed", hint)]


def test_of_two_servers_the_one_without_a_middleware_is_untouched() -> None:
    app = WebSocketHandshakeMiddleware(living)
    with _served(app) as (ours, _), _served(living) as (other, notices):
        assert other.config.http_protocol_class is OWN["httptools"]
        assert ask(port_of(other), KEYLESS.wire()).codes == ()
        assert ask(port_of(ours), KEYLESS.wire()).codes == ("key_missing",)
    assert notices == []


def test_an_application_that_a_request_calls_leaves_its_server_alone() -> None:
    inner = WebSocketHandshakeMiddleware(Starlette(routes=_routes()))

    async def calling(request: Any) -> PlainTextResponse:
        transport = httpx.ASGITransport(inner)
        async with httpx.AsyncClient(transport=transport) as client:
            response = await client.get("http://inner/")
        return PlainTextResponse(f"{response.text} of {request.url.path}")

    app = Starlette(routes=[Route("/in/", calling)])
    with _served(app) as (server, notices):
        assert ask(port_of(server), PAGE.wire()).body == b"home of /in/"
        assert server.config.http_protocol_class is OWN["httptools"]
    assert notices == []
