"""The site: built without a warning, found by search, readable on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import behind_chromium
from tests.support.behind_chromium import browsing
from tests.support.built_site import build, search, served
from tests.support.docs_examples import DOCS
from tests.support.wires import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

#: What people type: lines of browsers, wscat, websockets, uvicorn; and what they want.
SEARCHED = {
    "Unexpected response code: 404": "why_it_fails",
    "WebSocket is closed before the connection is established": "why_it_fails",
    "Firefox can\u2019t establish a connection to the server": "why_it_fails",
    "Firefox can't establish a connection to the server": "why_it_fails",
    "websocket 1006 nginx": "why_it_fails",
    "There was a bad response from the server": "why_it_fails",
    "error: Unexpected server response: 404": "why_it_fails",
    "server rejected WebSocket connection: HTTP 403": "why_it_fails",
    "did not receive a valid HTTP response": "why_it_fails",
    "Handshake status 404 Not Found": "why_it_fails",
    "WSServerHandshakeError": "why_it_fails",
    "1006": "why_it_fails",
    "GET /ws HTTP/1.0 404": "why_it_fails",
    "Unsupported upgrade request": "causes/no_websocket_support",
    "No supported WebSocket library detected": "causes/no_websocket_support",
    "Invalid HTTP request received": "reasons/head_malformed",
    "nginx websocket": "behind_a_proxy",
    "cloudflare": "behind_a_proxy",
    "docker": "deploy",
    "kubernetes": "deploy",
    "allowed_origins": "origin",
}
# a phone, and a laptop
_WIDTHS = (390, 1280)
_OVERFLOWS = "document.documentElement.scrollWidth > window.innerWidth"


@pytest.fixture(scope="module", name="address")
def _address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(build(tmp_path_factory.mktemp("site"))) as address:
        yield address


@pytest.fixture(scope="module", name="page")
def _page(address: str) -> Iterator[Page]:
    with browsing(behind_chromium.lightest()) as page:
        page.goto(address)
        yield page


@pytest.mark.parametrize(("words", "wanted"), SEARCHED.items())
def test_what_people_type_leads_to_the_right_page(
    words: str, wanted: str, page: Page
) -> None:
    assert wanted in search(page, words)[:5]


def test_no_page_is_wider_than_the_screen(page: Page, address: str) -> None:
    def widths() -> Iterator[tuple[str, int, bool]]:
        for path in sorted([*DOCS.glob("*.md"), *DOCS.glob("*/index.md")]):
            page.goto(address + _place_of(path), wait_until="domcontentloaded")
            for width in _WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                yield path.name, width, page.evaluate(_OVERFLOWS)

    assert [(name, width) for name, width, wider in widths() if wider] == []


def test_code_can_be_copied(page: Page, address: str) -> None:
    page.goto(f"{address}quickstart/")
    blocks = page.locator("pre").count()
    page.locator("pre button, .md-code__button").first.wait_for(state="attached")
    assert page.locator("[data-md-type=copy], .md-clipboard").count() == blocks


def test_the_icon_is_that_of_the_demo() -> None:
    demo = ROOT / "demo_app" / "inspector" / "static" / "icon.svg"
    assert (DOCS / "pictures" / "icon.svg").read_bytes() == demo.read_bytes()


def _place_of(path: Path) -> str:
    name = path.relative_to(DOCS).with_suffix("").as_posix().removesuffix("index")
    return f"{name}/" if name and not name.endswith("/") else name
