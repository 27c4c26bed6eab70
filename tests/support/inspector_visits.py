"""Visits of a real browser to the inspector of an application that rejects."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

from tests.support.demos import until
from tests.support.handshakes import VALID
from tests.support.inside import running
from tests.support.page_visits import visiting
from tests.support.wires import ask
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.inspector import Inspector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser
    from starlette.websockets import WebSocket

    from tests.support.page_visits import Visit

PATH = "/_handshakes/"

NO_KEY = VALID.without(b"sec-websocket-key")
# What nginx makes of a handshake unless it is configured.
STRIPPED = VALID.without(b"upgrade").but(b"connection", b"close").asked(version="1.0")

FIRST_ROW = ".list tbody tr:not([hidden])"


async def _accept(websocket: WebSocket) -> None:
    await websocket.accept()


@contextmanager
def inspected(**options: Any) -> Iterator[int]:
    """Run an application with an inspector until the block ends; yield its port."""
    inspector = Inspector()
    app = WebSocketHandshakeMiddleware(
        Starlette(routes=[WebSocketRoute("/ws", _accept)]),
        explain_denials=True,
        observers=[inspector],
    )
    with running(inspector.mount(app), **options) as port:
        yield port


@contextmanager
def inspecting(browser: Browser, port: int, **settings: Any) -> Iterator[Visit]:
    """Open the inspector's page until the block ends, connected."""
    with visiting(browser, port, **settings) as visit:
        visit.page.goto(visit.address + PATH)
        connected(visit)
        yield visit


def connected(visit: Visit) -> None:
    """Wait until the live stream is open."""
    visit.find("#live[data-state=open]").wait_for()


def count(visit: Visit, name: str) -> int:
    """Return how many were accepted or rejected, as the page shows it."""
    shown = visit.text(f".counts .{'valid' if name == 'accepted' else name}")
    return int(shown.replace(",", ""))


def send(visit: Visit, wire: bytes, times: int = 1) -> None:
    """Have handshakes rejected, and wait until the page has counted them."""
    before = count(visit, "rejected")
    for _ in range(times):
        response = ask(int(visit.address.rpartition(":")[2]), wire)
        assert (response.status or 0) >= 400
    until(lambda: count(visit, "rejected") >= before + times)


def row(visit: Visit, number: int = 1) -> list[str]:
    """Return the cells of a row that can be seen."""
    shown = visit.page.locator(FIRST_ROW).nth(number - 1).locator("td")
    return [text.replace("\n", " ").strip() for text in shown.all_inner_texts()]
