"""A middleware deep in the application, behind our class, on real sockets."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, cast

import pytest
from fastapi import FastAPI, WebSocket
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.routing import Mount, WebSocketRoute
from structlog.testing import capture_logs

from tests.support.asgi import RecordingObserver
from tests.support.handshakes import VALID
from tests.support.inside import running
from tests.support.wires import ask
from ws_handshake import WebSocketHandshakeMiddleware

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.handshakes import Handshake
    from ws_handshake.asgi.scope import ASGIApp

every_protocol = pytest.mark.parametrize(
    "protocol", ["H11Protocol", "HttpToolsProtocol"]
)
every_lifespan = pytest.mark.parametrize("lifespan", ["auto", "off"])

_BAD_KEY = VALID.but(b"sec-websocket-key", b"short")
_LISTED = VALID.but(b"upgrade", b"h2c, websocket")
_OLD = VALID.asked(version="1.0")


async def _accept(websocket: Any) -> None:
    await websocket.accept()
    await websocket.close()


async def _pass_on(request: Any, call_next: Any) -> Any:
    return await call_next(request)


def _mounted(recorder: RecordingObserver, **options: Any) -> ASGIApp:
    inner = Starlette(routes=[WebSocketRoute("/ws", _accept)])
    ours = WebSocketHandshakeMiddleware(inner, observers=[recorder], **options)
    return Starlette(routes=[Mount("/api", ours), WebSocketRoute("/ws", _accept)])


def _added(recorder: RecordingObserver, **options: Any) -> ASGIApp:
    """An application of FastAPI, which wraps the `receive` of the lifespan."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield

    app = FastAPI(lifespan=lifespan)
    app.add_middleware(WebSocketHandshakeMiddleware, observers=[recorder], **options)

    @app.websocket("/ws")
    async def _(websocket: WebSocket) -> None:
        await _accept(websocket)

    return app


def _within(recorder: RecordingObserver, **options: Any) -> ASGIApp:
    """Within another, which runs what it wraps in a task of its own."""
    app: Any = _added(recorder, **options)
    app.add_middleware(BaseHTTPMiddleware, dispatch=_pass_on)
    return cast("ASGIApp", app)


def _listed(recorder: RecordingObserver, **options: Any) -> ASGIApp:
    ours: Any = Middleware(
        WebSocketHandshakeMiddleware, observers=[recorder], **options
    )
    return Starlette(routes=[WebSocketRoute("/ws", _accept)], middleware=[ours])


def _statuses(
    app: ASGIApp, *sent: Handshake, http: str, lifespan: str
) -> list[int | None]:
    options: dict[str, Any] = {"http": http, "lifespan": lifespan, "ws": "wsproto"}
    with running(app, **options) as port:
        return [ask(port, each.wire()).status for each in sent]


@every_lifespan
@every_protocol
def test_mounted_with_report_only_it_passes_what_uvicorn_passes_from_the_first_request(
    protocol: str, lifespan: str
) -> None:
    recorder = RecordingObserver()
    app = _mounted(recorder, report_only=True, allowed_origins=["https://good.example"])
    sent = [
        each.asked(target=b"/api/ws").plus(b"origin", b"https://evil.example")
        for each in (_BAD_KEY, VALID, _BAD_KEY, _OLD)
    ]
    ours = _statuses(
        app, *sent, http=f"ws_handshake.uvicorn:{protocol}", lifespan=lifespan
    )
    own = protocol.removesuffix("Protocol").lower()
    assert ours == _statuses(app, *sent, http=own, lifespan=lifespan) == [101] * 4


@every_lifespan
@every_protocol
def test_mounted_it_decides_for_the_paths_of_its_mount_once_it_is_known(
    protocol: str, lifespan: str
) -> None:
    recorder = RecordingObserver()
    within = [each.asked(target=b"/api/ws") for each in (_LISTED, _LISTED, _OLD)]
    with capture_logs() as events:
        statuses = _statuses(
            _mounted(recorder),
            *(*within, _OLD.asked(target=b"/ws"), _OLD.asked(target=b"/nowhere")),
            http=f"ws_handshake.uvicorn:{protocol}",
            lifespan=lifespan,
        )
    # the first is uvicorn's, which misreads it; beside the mount uvicorn decides
    assert statuses == [501, 101, 400, 101, 403]
    assert recorder.codes == [
        ("server_did_not_upgrade",),
        (),
        ("http_version_too_old",),
    ]
    assert [event["event"] for event in events] == []


@every_protocol
@pytest.mark.parametrize(
    ("made", "lifespan"),
    [
        *((_added, "auto"), (_listed, "auto"), (_within, "auto")),
        *((_added, "off"), (_listed, "off")),
    ],
)
def test_added_to_an_application_it_decides_for_all_paths(
    made: Any, protocol: str, lifespan: str
) -> None:
    recorder = RecordingObserver()
    http = f"ws_handshake.uvicorn:{protocol}"
    keyless = VALID.without(b"sec-websocket-key")
    page = VALID.asked(headers=(VALID.headers[0], (b"connection", b"close")))
    sent = [page, VALID, keyless, _LISTED, _OLD.asked(target=b"/nowhere")]
    assert _statuses(made(recorder), *sent, http=http, lifespan=lifespan) == [
        *(404, 101, 400, 101, 400)
    ]
    assert recorder.codes == [(), ("key_missing",), (), ("http_version_too_old",)]


@every_lifespan
@every_protocol
def test_on_a_route_it_judges_the_websockets_that_reach_it(
    protocol: str, lifespan: str
) -> None:
    recorder = RecordingObserver()
    ours: Any = Middleware(WebSocketHandshakeMiddleware, observers=[recorder])
    app = Starlette(routes=[WebSocketRoute("/ws", _accept, middleware=[ours])])
    sent = [VALID, _BAD_KEY, VALID, _BAD_KEY]
    http = f"ws_handshake.uvicorn:{protocol}"
    assert _statuses(app, *sent, http=http, lifespan=lifespan) == [101, 400] * 2
    assert recorder.codes == [(), ("key_malformed",)] * 2
