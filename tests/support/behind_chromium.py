"""A real Chromium, which opens a WebSocket from a page of its own."""

from __future__ import annotations

import importlib.util
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from coverage import Coverage

from tests.support.behind_app import PAGE
from tests.support.needed import is_missing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

NAME = "chromium"
SHELL = "chromium-headless-shell"

_ARGUMENTS = (
    *("--no-sandbox", "--headless=new", "--disable-gpu", "--disable-quic"),
    "--disable-background-networking",
)

# Resolves to what came back, or to the code of the close.
_OPEN = """address => new Promise(resolve => {
    const websocket = new WebSocket(address);
    websocket.onopen = () => websocket.send("hello");
    websocket.onmessage = message => resolve({echo: message.data});
    websocket.onclose = close => resolve({code: close.code});
})"""


def require() -> str:
    """Return where Chromium is; skip the test if it is missing, and in CI, fail."""
    path = shutil.which(NAME)
    reason = "" if path else f"{NAME} is not installed: apt-get install chromium"
    if importlib.util.find_spec("playwright") is None:
        reason = "playwright is not installed: pip install playwright"
    if reason:
        is_missing(reason)
    return path or NAME


def lightest() -> str:
    """Return Chromium without the windows, which takes half the time, or the whole."""
    whole = require()
    return shutil.which(SHELL) or whole


@contextmanager
def browsing(path: str) -> Iterator[Page]:
    """Run Chromium until the block ends, and yield a page."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  (may be missing)

    coverage = Coverage.current()
    followed = coverage is None or "greenlet" in coverage.config.concurrency
    assert followed, "add the file to BROWSED in the Makefile"
    with (
        sync_playwright() as driver,
        driver.chromium.launch(executable_path=path, args=[*_ARGUMENTS]) as browser,
    ):
        yield browser.new_page()


def say_hello(page: Page, port: int, target: str) -> dict[str, Any]:
    """Open a WebSocket from a page of the same origin, and return how it ended."""
    address = f"127.0.0.1:{port}"
    page.goto(f"http://{address}{PAGE}")
    ending: dict[str, Any] = page.evaluate(_OPEN, f"ws://{address}{target}")
    return ending
