"""Serves every place for the middleware, and keeps what came of four handshakes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from structlog.testing import capture_logs

from tests.support import places
from tests.support.docs_examples import together
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
from tests.support.places import Harness

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
    """What came of the handshakes, and the events of the lifespan."""

    cells: tuple[str, ...]
    echoes: bool
    plain: int | None
    lifespan_events: list[str]


def measure(name: str) -> Place:
    """Run one application under uvicorn, ask it everything, and end it."""
    path = SOCKET_IO if name.startswith("socketio") else USUAL
    harness = Harness()
    app: ASGIApp = getattr(places, name)(harness)
    with capture_logs(), running(app, http=_PROTOCOL, ws="wsproto") as port:
        echoes = path.echoes(port)
        responses = {
            name: response_of(port, path.asked(handshake), name)
            for name, handshake in ASKED.items()
        }
        plain = response_of(port, PLAIN).status
    logged = {
        record.request.user_agent for record in harness.records if record.rejection
    }
    cells = tuple(
        f"{response.status}{_where_explained(response.codes, logged=name in logged)}"
        for name, response in responses.items()
    )
    return Place(cells, echoes, plain, harness.lifespan_events)


def _where_explained(codes: tuple[str, ...], *, logged: bool) -> str:
    assert logged or not codes
    return " explained" if codes else " logged" if logged else ""


def table(measured: Mapping[str, Place]) -> str:
    """Return what the page shows."""
    head = ["place", *ASKED]
    rows = [[name, *measured[place].cells] for name, place in PLACES.items()]
    lines = [head, ["---"] * len(head), *together(rows)]
    return "\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines) + "\n"
