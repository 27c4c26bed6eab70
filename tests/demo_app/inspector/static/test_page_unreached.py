"""The demo's page while its server responds late, with a problem, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.demos import demo, until
from tests.support.page_visits import visiting
from tests.support.wires import free_port
from ws_handshake.core.reasons import BY_CODE

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Route

    from tests.support.wires import Server

pytest_plugins = ["tests.support.page_stage"]

UNREACHED = "The demo's server cannot be reached. The page asks again every second."


def test_what_the_server_reports_stands_alone(
    chromium: Browser, server: Server
) -> None:
    with visiting(chromium, server.port) as visit:
        visit.open()
        busy = "8 trials are running; ask again in a moment."

        def reject(route: Route) -> None:
            route.fulfill(status=429, json={"problem": busy})

        visit.page.route("**/trials", reject)
        visit.press("key_missing")
        assert visit.text("h1") == busy
        assert not visit.find("#outcome").is_visible()
        visit.page.unroute("**/trials")
        visit.press("key_missing")
        assert visit.find("#outcome").is_visible()
        visit.complaints.clear()  # the browser's own, about 429


def test_only_the_story_of_the_last_press_is_shown(
    chromium: Browser, server: Server
) -> None:
    with visiting(chromium, server.port) as visit:
        visit.open()
        late: list[Route] = []

        def hold_the_first(route: Route) -> None:
            if late:
                route.continue_()
            else:
                late.append(route)

        visit.page.route("**/trials", hold_the_first)
        visit.find("[data-trial=key_missing]").click()
        visit.when(lambda: len(late) == 1)
        visit.press("key_malformed")
        late[0].continue_()
        visit.press("version_missing")
        assert visit.text("#trial") == "version_missing"


def test_while_the_server_is_away_nothing_old_is_shown_and_then_the_story_comes(
    chromium: Browser, tmp_path: Path
) -> None:
    port = free_port()
    with visiting(chromium, port) as visit:
        with demo(tmp_path / "first", port=port):
            visit.open("/#key_malformed")
        visit.find("[data-trial=key_missing]").click()
        until(lambda: visit.text("h1") == UNREACHED)
        assert not visit.find("#outcome").is_visible()
        assert "key_malformed" not in visit.text("#story")
        with demo(tmp_path / "second", port=port):
            visit.responded()
            assert visit.text("h1") == BY_CODE["key_missing"].what
            assert visit.statuses()[0] == "400"
            assert UNREACHED not in visit.text("body")
        visit.complaints.clear()  # the browser's own, for each attempt


def test_a_page_that_opens_while_the_server_starts_fills_itself(
    chromium: Browser, server: Server
) -> None:
    with visiting(chromium, server.port) as visit:
        visit.page.route("**/catalogue.json", lambda route: route.abort())
        visit.page.goto(visit.address)
        until(lambda: visit.text("h1") == UNREACHED)
        visit.page.unroute("**/catalogue.json")
        visit.responded()
        assert visit.text("h1") == "nginx removed the Upgrade and Connection headers."
        visit.complaints.clear()
