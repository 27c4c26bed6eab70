"""Serves every place for the middleware, and keeps what became of four handshakes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from structlog.testing import capture_logs

from tests.support import places
from tests.support.echoing import (
    ELSEWHERE,
    KEY_MALFORMED,
    NO_ROUTE,
    PLAIN,
    SOCKET_IO,
    UPGRADE_LOST,
    USUAL,
    response_of,
)
from tests.support.inside import running
from tests.support.places import Diary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ws_handshake.asgi.scope import ASGIApp

_PROTOCOL = "ws_handshake.uvicorn:HttpToolsProtocol"

#: What is asked, as the page calls it.
ASKED = {
    "key malformed": KEY_MALFORMED,
    "Upgrade lost": UPGRADE_LOST,
    "Origin not allowed": ELSEWHERE,
    "valid, no such route": NO_ROUTE,
}

#: The places, as the page calls them, and the functions of places.py.
PLACES = {
    "**Starlette**, around it": "starlette_around",
    "Starlette, `middleware=[...]`": "starlette_listed",
    "Starlette, on the route": "starlette_route",
    "Starlette, in a `Mount`": "starlette_mount",
    "**FastAPI**, around it": "fastapi_around",
    "FastAPI, `add_middleware`": "fastapi_added",
    "**Litestar**, around it": "litestar_around",
    "Litestar, `middleware=[...]`": "litestar_listed",
    "Litestar, on the handler": "litestar_route",
    "**Quart**, around it": "quart_around",
    "Quart, `app.asgi_app`": "quart_asgi_app",
    "**Channels**, around it": "channels_around",
    'Channels, in `"websocket"`': "channels_websocket",
    "**Falcon**, around it": "falcon_around",
    "**BlackSheep**, around it": "blacksheep_around",
    "**python-socketio**, around it": "socketio_around",
    "python-socketio, what is beside it": "socketio_beside",
}


@dataclass(frozen=True)
class Place:
    """What came of the handshakes, and what the application noted."""

    cells: tuple[str, ...]
    echoes: bool
    plain: int | None
    lived: list[str]


def measure(name: str) -> Place:
    """Run one application under uvicorn, ask it everything, and end it."""
    path = SOCKET_IO if name.startswith("socketio") else USUAL
    diary = Diary()
    app: ASGIApp = getattr(places, name)(diary)
    with capture_logs(), running(app, http=_PROTOCOL, ws="wsproto") as port:
        echoes = path.echoes(port)
        responses = {
            name: response_of(port, path.asked(handshake), name)
            for name, handshake in ASKED.items()
        }
        plain = response_of(port, PLAIN).status
    reported = {
        record.request.user_agent for record in diary.records if record.rejection
    }
    cells = tuple(
        f"{response.status}{_voice(response.codes, reported=name in reported)}"
        for name, response in responses.items()
    )
    return Place(cells, echoes, plain, diary.lived)


def _voice(codes: tuple[str, ...], *, reported: bool) -> str:
    assert reported or not codes
    return " said" if codes else " logged" if reported else ""


def table(measured: Mapping[str, Place]) -> str:
    """Return what the page shows."""
    head = ["place", *ASKED]
    rows = [[name, *measured[place].cells] for name, place in PLACES.items()]
    lines = [head, ["---"] * len(head), *rows]
    return "\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines) + "\n"
