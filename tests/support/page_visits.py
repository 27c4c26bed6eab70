"""Visits of a real Chromium to the demo's page, which must end without a complaint."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.support import behind_chromium
from tests.support.demos import SECONDS, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Locator, Page

PHONE = {"width": 390, "height": 844}
TABLET = {"width": 768, "height": 1024}
LAPTOP = {"width": 1440, "height": 900}
WIDTHS = (390, 768, 1024, 1440, 2560)

_WATCH_THE_POLICY = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(`${event.violatedDirective} ${event.blockedURI}`);
});
"""


@contextmanager
def browser() -> Iterator[Browser]:
    """Run Chromium until the block ends."""
    with behind_chromium.browsing(behind_chromium.lightest()) as page:
        assert page.context.browser is not None
        yield page.context.browser


class Visit:
    """A page that is open, and everything it complained of."""

    def __init__(self, context: BrowserContext, port: int) -> None:
        self.page: Page = context.new_page()
        self.address = f"http://127.0.0.1:{port}"
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.page.set_default_timeout(SECONDS * 1000)
        self.page.add_init_script(_WATCH_THE_POLICY)
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("websocket", lambda socket: self.asked.append(socket.url))

    def open(self, path: str = "/") -> None:
        """Open the page, and wait until the stream and the first story are there."""
        self.page.goto(self.address + path)
        self.connected()
        self.responded()

    def connected(self) -> None:
        """Wait until the live stream is open."""
        self.page.locator("#handshakes[data-state=open]").wait_for()

    def find(self, selector: str) -> Locator:
        """Return what has a selector."""
        return self.page.locator(selector)

    def text(self, selector: str) -> str:
        """Return the text of the one element that has a selector."""
        return self.page.locator(selector).inner_text()

    def texts(self, selector: str) -> list[str]:
        """Return the texts of all elements that have a selector."""
        return self.page.locator(selector).all_inner_texts()

    def until(self, expression: str) -> None:
        """Wait until an expression of JavaScript is true in the page.

        Playwright's own waiting needs eval in the page, which its policy forbids.
        """
        until(lambda: bool(self.page.evaluate(expression)))

    def when(self, true: Callable[[], bool]) -> None:
        """Wait until something is true of what Playwright reports by itself."""
        # it reports requests only while it is asked for something
        until(lambda: self.page.evaluate("true") and true())

    def press(self, trial: str) -> None:
        """Press the button of a trial, and wait for its story."""
        self.page.locator(f"[data-trial={trial}]").click()
        self.responded()

    def responded(self) -> None:
        """Wait until the story of what was sent last is there."""
        self.page.locator("#story[aria-busy=false]").wait_for()

    def statuses(self) -> list[str]:
        """Return the statuses of the servers, ours first; two alike are one."""
        return [*self.texts("#ours .status"), *self.texts("#alone .status")]

    def all_complaints(self) -> list[str]:
        """Return what was on the console, forbidden, or requested from elsewhere."""
        host = self.address.partition("//")[2]
        elsewhere = [url for url in self.asked if url.split("/")[2] != host]
        return [*self.complaints, *self.page.evaluate("window.violations"), *elsewhere]


@contextmanager
def visiting(browser: Browser, port: int, **settings: Any) -> Iterator[Visit]:
    """Open a window of its own until the block ends; there must be no complaint."""
    context = browser.new_context(**{"viewport": LAPTOP, **settings})
    try:
        visit = Visit(context, port)
        yield visit
        complaints = visit.all_complaints()
        assert not complaints, complaints
    finally:
        context.close()
