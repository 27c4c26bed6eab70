"""The live part of the demo's page, in a real Chromium: table, chart, counters."""

from __future__ import annotations

import re
from itertools import count as count_up
from typing import TYPE_CHECKING

import pytest

from tests.support.demos import demo, until
from tests.support.handshakes import VALID
from tests.support.page_visits import visiting
from tests.support.wires import ask, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, WebSocketRoute

    from tests.support.page_visits import Visit
    from tests.support.wires import Server

pytest_plugins = ["tests.support.page_stage"]

BROKEN = VALID.without(b"sec-websocket-key")

# The highest bar of the chart: how much of the height it takes, and how far right.
HIGHEST_BAR = """(() => {
    const drawn = document.querySelector("#chart canvas");
    const [width, height] = [drawn.width, drawn.height];
    const context = new OffscreenCanvas(width, height).getContext(
        "2d", {willReadFrequently: true});
    context.drawImage(drawn, 0, 0);
    const {data} = context.getImageData(0, 0, width, height);
    const bars = Array(width).fill(0);
    for (let at = 0; at < data.length; at += 4) {
        const colours = data.slice(at, at + 3);
        const isBar = Math.max(...colours) - Math.min(...colours) > 60;
        if (isBar && data[at + 3] > 200) bars[(at / 4) % width] += 1;
    }
    const highest = Math.max(...bars);
    return [highest / height, bars.indexOf(highest) / width];
})()"""

FIRST_ROW = "#rows tr:first-child"


@pytest.fixture(name="visit")
def _visit(chromium: Browser, server: Server) -> Iterator[Visit]:
    with visiting(chromium, server.port) as visit:
        visit.open()
        yield visit


def count(visit: Visit, name: str) -> int:
    return int(visit.text(f"#count-{name}").replace(",", ""))


def reject(visit: Visit, number: int, path: str = "/ws") -> None:
    """Have handshakes rejected, and wait until the page has counted them."""
    before = count(visit, "rejected")
    for _ in range(number):
        response = ask(
            int(visit.address.rpartition(":")[2]),
            BROKEN.asked(target=path.encode()).wire(),
        )
        assert response.status == 400
    until(lambda: count(visit, "rejected") >= before + number)


def first_path(visit: Visit) -> str:
    return visit.text(f"{FIRST_ROW} td:nth-child(5)")


def test_the_page_is_live_over_a_websocket_that_was_checked_itself(
    visit: Visit,
) -> None:
    assert visit.text("#state") == "Live, through ws-handshake"
    until(lambda: "this page" in visit.texts("#rows tr.own td:nth-child(3)"))
    own = visit.find("#rows tr.own").first
    assert own.locator("td:nth-child(2)").inner_text() == "101"
    assert own.locator("td:nth-child(5)").inner_text() == "/live"


def test_what_happens_is_in_the_table_the_counters_and_the_chart(visit: Visit) -> None:
    reject(visit, 40, "/ws?token=not-for-the-page")
    until(lambda: visit.text(f"{FIRST_ROW} td:nth-child(3)") == "key_missing")
    time, status, _, cause, path, client = visit.texts(f"{FIRST_ROW} td")
    assert re.fullmatch(r"\d\d:\d\d:\d\d", time)
    assert (status, cause, path, client) == ("400", "", "/ws", "127.0.0.1")
    link = visit.find(f"{FIRST_ROW} td:nth-child(3) a")
    assert link.get_attribute("href") == "/reasons/key_missing"
    label = visit.find("#chart").get_attribute("aria-label") or ""
    assert label.startswith("Handshakes per second in the last two minutes: ")
    assert "not-for-the-page" not in visit.page.content()


def test_the_chart_goes_on_with_the_time(visit: Visit) -> None:
    reject(visit, 60)
    until(lambda: visit.page.evaluate(HIGHEST_BAR)[0] > 0.5)
    _, begins = visit.page.evaluate(HIGHEST_BAR)
    assert begins > 0.7
    until(lambda: 0 < visit.page.evaluate(HIGHEST_BAR)[1] < begins - 0.01)


def test_the_chart_can_be_drawn_by_reason_with_a_legend_that_links(
    visit: Visit,
) -> None:
    reject(visit, 30)
    visit.find("[name=drawn][value=reason]").check()
    link = visit.page.locator("#legend a", has_text="key_missing")
    link.wait_for()
    assert link.get_attribute("href") == "/reasons/key_missing"
    until(lambda: int(link.locator("+ .total").inner_text().replace(",", "")) >= 30)
    visit.find("[name=drawn][value=outcome]").check()
    until(lambda: visit.texts("#legend .name") == ["accepted", "rejected"])


def test_a_row_opens_to_the_whole_event_and_the_fix_and_escape_closes_it(
    visit: Visit,
) -> None:
    reject(visit, 3)
    keys = visit.page.keyboard
    visit.find("#pause").focus()
    keys.press("Tab")  # what the chart is drawn by
    keys.press("Tab")
    until(lambda: visit.text("#held").startswith("Holding still: "))
    keys.press("ArrowDown")
    focused = "document.activeElement.closest('tr').rowIndex"
    assert visit.page.evaluate(focused) == 2
    keys.press("Enter")
    assert visit.text("#event-title") == "Rejected with 400"
    shown = visit.text("#event-body")
    assert "Fix: Send Sec-WebSocket-Key with 16 fresh random bytes" in shown
    for field in ("error.type", "url.path", "websocket.handshake.layer", "level"):
        assert f"\n{field}: " in shown
    assert visit.find("#event-body a").first.get_attribute("href") == (
        "/reasons/key_missing"
    )
    keys.press("Escape")
    assert not visit.find("#event").is_visible()
    assert visit.page.evaluate(focused) == 2
    keys.press("Home")
    assert visit.page.evaluate(focused) == 1


def test_the_dialog_closes_by_its_button_and_by_a_click_beside_it(
    visit: Visit,
) -> None:
    reject(visit, 1)
    visit.find(f"{FIRST_ROW} td:nth-child(5)").click()
    visit.find("#event-close").click()
    assert not visit.find("#event").is_visible()
    visit.find(f"{FIRST_ROW} .open").click()
    assert visit.find("#event").is_visible()
    visit.page.mouse.click(5, 5)
    assert not visit.find("#event").is_visible()


def test_the_table_holds_still_under_the_mouse_and_goes_on_afterwards(
    visit: Visit,
) -> None:
    reject(visit, 1, "/ws?one")
    until(lambda: visit.text(f"{FIRST_ROW} td:nth-child(3)") == "key_missing")
    visit.find(FIRST_ROW).hover()
    ask(int(visit.address.rpartition(":")[2]), VALID.asked(target=b"/held").wire())
    until(lambda: visit.text("#held") == "Holding still: 1 new")
    assert first_path(visit) == "/ws"
    visit.find("#live-title").hover()
    until(lambda: first_path(visit) == "/held")
    assert visit.text("#held") == ""


def test_all_that_moves_can_be_paused(visit: Visit) -> None:
    reject(visit, 1, "/before")
    until(lambda: first_path(visit) == "/before")  # it is counted before it is drawn
    visit.find("#pause").click()
    before = visit.text(".counters"), visit.texts("#legend .total")
    port = int(visit.address.rpartition(":")[2])
    ask(port, VALID.asked(target=b"/paused").wire())
    until(lambda: visit.text("#held") == "Paused: 1 new")
    assert (visit.text(".counters"), visit.texts("#legend .total")) == before
    assert first_path(visit) == "/before"
    visit.find("#pause").click()
    visit.find("#live-title").hover()
    until(lambda: first_path(visit) == "/paused")


def test_a_script_in_path_and_user_agent_is_shown_as_text(visit: Visit) -> None:
    path = "/<img/src=x/onerror=window.hacked=1>"
    agent = "<script>window.hacked=1</script>"
    elements = "document.querySelectorAll('script, img, iframe').length"
    before = visit.page.evaluate(elements)
    port = int(visit.address.rpartition(":")[2])
    hostile = VALID.plus(b"user-agent", agent.encode()).asked(target=path.encode())
    assert ask(port, hostile.wire()).status == 403
    until(lambda: first_path(visit) == path)
    visit.find(f"{FIRST_ROW} .open").click()
    assert agent in visit.text("#event-body")
    visit.page.keyboard.press("Escape")
    head = hostile.wire().decode("ascii").replace("\r\n", "\n")
    visit.find("#head").fill(head)
    visit.find("#send").click()
    visit.responded()
    assert agent in visit.text("#lines")
    assert path in visit.text("#ours")
    assert visit.page.evaluate(elements) == before
    assert visit.page.evaluate("window.hacked === undefined")


def test_after_a_restart_of_the_server_the_page_comes_back_by_itself(
    chromium: Browser, tmp_path: Path
) -> None:
    port = free_port()
    with visiting(chromium, port) as visit:
        with demo(tmp_path / "first", port=port):
            visit.open()
            reject(visit, 5)
        visit.find("#state[data-state=closed]").wait_for()
        assert re.fullmatch(
            r"Not connected\. Retrying (now|in \d s)", visit.text("#state")
        )
        with demo(tmp_path / "second", port=port):
            visit.connected()
            assert visit.text("#state") == "Live, through ws-handshake"
            until(lambda: count(visit, "rejected") == 0)
            reject(visit, 1)
            until(lambda: visit.text(f"{FIRST_ROW} td:nth-child(3)") == "key_missing")
        # while the server is away the browser itself notes each attempt
        rejected = rf"WebSocket connection to 'ws://127\.0\.0\.1:{port}/live' failed.*"
        assert all(re.match(rejected, complaint) for complaint in visit.complaints)
        visit.complaints.clear()


def test_a_page_that_was_too_slow_says_so_and_comes_back(
    chromium: Browser, server: Server
) -> None:
    attempts = count_up()

    def busy_at_first(route: WebSocketRoute) -> None:
        if next(attempts) < 3:
            route.close(code=1013, reason="too slow")
        else:
            route.connect_to_server()

    with visiting(chromium, server.port) as visit:
        visit.page.route_web_socket("**/live", busy_at_first)
        visit.page.goto(visit.address)
        until(lambda: visit.text("#state") == "Dropped: too slow. Retrying")
        place = visit.find("main").bounding_box()
        visit.connected()
        assert visit.text("#state") == "Live, through ws-handshake"
        assert visit.find("main").bounding_box() == place
