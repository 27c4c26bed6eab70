"""The demo's page under load, in a real Chromium: 1,000 events a second, ten pages."""

from __future__ import annotations

import json
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from tests.support.demos import until
from tests.support.handshakes import VALID
from tests.support.page_visits import visiting
from tests.support.wires import ask

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Page, WebSocketRoute

    from tests.support.wires import Server

pytest_plugins = ["tests.support.page_stage"]

PER_BATCH, INCLUDED = 100, 50
BATCHES = 50
PAGES = 10
COUNTED = ("accepted", "rejected", "dropped_pages")

# Seconds without a frame, and the share of a processor; the tests share theirs.
MOST_LATE = 2.0
MOST_BUSY = 0.5

PROBE = """(() => {
    const probe = {frames: 0, worst: 0, shifted: 0};
    let last = performance.now();
    const tick = (now) => {
        probe.frames += 1;
        probe.worst = Math.max(probe.worst, now - last);
        last = now;
        requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    new PerformanceObserver((list) => {
        for (const {value} of list.getEntries()) probe.shifted += value;
    }).observe({type: "layout-shift"});
    window.probe = probe;
})()"""

BOXES = """[...document.querySelectorAll("section, .card, th, .counters, #state")]
    .map((part) => Object.values(part.getBoundingClientRect().toJSON()))"""


class Flood:
    """A stream of a thousand events a second, in the place of the server's own."""

    def __init__(self) -> None:
        self.sockets: list[WebSocketRoute] = []
        self._counts: dict[str, Any] = dict.fromkeys(COUNTED, 0)
        self._counts["by_reason"] = {}

    def begin(self, route: WebSocketRoute) -> None:
        self.sockets.append(route)
        greeting = {
            "counts": self._counts,
            "seconds": [],
            "recent": [],
            "now": time.time(),
        }
        route.send(json.dumps({"type": "hello", **greeting}))

    def send(self, number: int) -> None:
        now = time.time()
        self._counts["rejected"] += PER_BATCH
        self._counts["by_reason"] = {"key_missing": self._counts["rejected"]}
        first = number * PER_BATCH + PER_BATCH - INCLUDED
        second = {"t": int(now), "accepted": 0, "rejected": 1000}
        batch = {
            "type": "batch",
            "now": now,
            "events": [_event(first + index, now) for index in range(INCLUDED)],
            "omitted": PER_BATCH - INCLUDED,
            "counts": self._counts,
            "seconds": [{**second, "by_reason": {f"reason_{number % 9}": 1000}}],
        }
        self.sockets[-1].send(json.dumps(batch))


def _event(number: int, now: float) -> dict[str, Any]:
    code = ("key_missing", "http1_handshake_over_http2")[number % 2]
    return {
        "id": number,
        "time": now,
        "outcome": "rejected",
        "client": "2001:db8::" + "f" * (number % 4),
        "path": "/" + "x" * (number % 90),
        "codes": [code] * (1 + number % 3),
        "cause": ("proxy_stripped_upgrade", None)[number % 2],
        "status": 400,
        "user_agent": None,
        "fix": "Send Upgrade: websocket.",
        "fields": {"event": "websocket.handshake.rejected"},
    }


def _busy(session: CDPSession) -> float:
    """Return the seconds of a processor that the page's own thread took up to now."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float({one["name"]: one["value"] for one in metrics}["TaskDuration"])


def _has_counted(page: Page, number: int) -> bool:
    return int(page.locator("#count-rejected").inner_text()) >= number


def test_a_thousand_events_a_second_leave_the_page_responsive_and_nothing_moves(
    chromium: Browser, server: Server
) -> None:
    flood = Flood()
    with visiting(chromium, server.port) as visit:
        visit.page.route_web_socket("**/live", flood.begin)
        visit.open()
        flood.send(0)
        until(lambda: visit.text("#count-rejected") == "100")
        visit.page.evaluate(PROBE)
        elements = visit.page.evaluate("document.querySelectorAll('*').length")
        boxes = visit.page.evaluate(BOXES)
        session = visit.page.context.new_cdp_session(visit.page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        busy = _busy(session)
        began = time.monotonic()
        for number in range(1, BATCHES + 1):
            flood.send(number)
            due = began + number * PER_BATCH / 1000 - time.monotonic()
            visit.page.wait_for_timeout(max(due, 0.001) * 1000)
        total = f"{(BATCHES + 1) * PER_BATCH:,}"
        late = time.monotonic()
        until(lambda: visit.text("#count-rejected") == total)
        late = time.monotonic() - late
        probe = visit.page.evaluate("window.probe")
        assert visit.page.evaluate(BOXES) == boxes
        assert probe["shifted"] == 0
        assert late < MOST_LATE
        assert probe["frames"] > BATCHES
        assert probe["worst"] < MOST_LATE * 1000
        assert _busy(session) - busy < MOST_BUSY * (time.monotonic() - began)
        rows = visit.find("#rows tr")
        assert rows.count() == 200
        assert visit.page.evaluate("document.querySelectorAll('*').length") < (
            elements + 5 * 200
        )
        visit.press("key_missing")
        assert visit.statuses()[0] == "400"


def test_ten_pages_get_everything_and_none_is_dropped(
    chromium: Browser, server: Server
) -> None:
    with visiting(chromium, server.port) as first:
        first.open()
        pages = [first.page.context.new_page() for _ in range(PAGES - 1)]
        for page in pages:
            page.goto(first.address)
            page.locator("#state[data-state=open]").wait_for()
        before = int(first.text("#count-rejected"))
        broken = VALID.without(b"sec-websocket-key").wire()
        for _ in range(300):
            assert ask(server.port, broken).status == 400
        for page in (first.page, *pages):
            page.bring_to_front()
            until(partial(_has_counted, page, before + 300))
            assert page.locator("#state[data-state=open]").count() == 1
