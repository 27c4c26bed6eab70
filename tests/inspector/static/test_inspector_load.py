"""What the inspector's page costs: its load, and a thousand handshakes a second."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.support.asgi import Spy
from tests.support.demos import until
from tests.support.inside import running
from tests.support.inspector_visits import PATH, connected, count, inspecting
from tests.support.page_visits import visiting
from tests.support.records import accepted, rejected
from ws_handshake.inspector import Inspector

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Response

pytest_plugins = ["tests.support.inspector_stage"]

LARGEST_LOAD = 100_000
CODES = ("key_missing", "version_missing", "upgrade_missing", "host_missing")

PER_TURN, TURNS = 100, 50

# The share of a processor, and seconds until all is shown; the tests share theirs.
MOST_BUSY = 0.6
MOST_LATE = 2.0

BOXES = """[...document.querySelectorAll(".chart, .list, .details, th, .state, .plot")]
    .map((part) => Object.values(part.getBoundingClientRect().toJSON()))"""


def test_a_load_costs_less_than_100_kb_and_asks_this_server_alone(
    chromium: Browser, port: int
) -> None:
    sizes: dict[str, int] = {}

    def add(response: Response) -> None:
        if not response.url.endswith("/stream"):
            sizes[response.url] = len(response.body())

    with visiting(chromium, port) as visit:
        visit.page.on("response", add)
        visit.page.goto(visit.address + PATH)
        connected(visit)
        visit.when(lambda: len(sizes) > 12)
    assert sum(sizes.values()) < LARGEST_LOAD


def _busy(session: CDPSession) -> float:
    """Return the seconds of a processor that the page's own thread took up to now."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float({one["name"]: one["value"] for one in metrics}["TaskDuration"])


def test_a_thousand_handshakes_a_second_leave_the_page_responsive_and_in_its_place(
    chromium: Browser,
) -> None:
    inspector = Inspector()
    inspector.observe(rejected(CODES[0]))
    with running(inspector.mount(Spy())) as port, inspecting(chromium, port) as visit:
        visit.find("h1").hover()
        until(lambda: count(visit, "rejected") == 1)
        visit.page.wait_for_timeout(500)
        boxes = visit.page.evaluate(BOXES)
        session = visit.page.context.new_cdp_session(visit.page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        busy, began = _busy(session), time.monotonic()
        for turn in range(1, TURNS + 1):
            for number in range(PER_TURN // 2):
                inspector.observe(accepted(path=f"/{number}"))
                inspector.observe(rejected(CODES[number % 4], path="/" + "x" * number))
            due = began + turn * PER_TURN / 1000 - time.monotonic()
            visit.page.wait_for_timeout(max(due, 0.001) * 1000)
        late = time.monotonic()
        until(lambda: count(visit, "accepted") == TURNS * PER_TURN // 2)
        assert time.monotonic() - late < MOST_LATE
        assert _busy(session) - busy < MOST_BUSY * (time.monotonic() - began)
        assert visit.page.evaluate(BOXES) == boxes
        assert visit.page.locator(".list tbody tr").count() == 200
        visit.page.get_by_role("button", name="Pause").click()
        visit.page.get_by_role("button", name="Resume").wait_for()
