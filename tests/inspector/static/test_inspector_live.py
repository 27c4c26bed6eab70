"""The inspector's page in a real Chromium: list, chart, counts and details."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.support.demos import until
from tests.support.handshakes import VALID
from tests.support.inspector_visits import (
    FIRST_ROW,
    NO_KEY,
    STRIPPED,
    inspecting,
    row,
    send,
)
from tests.support.page_visits import PHONE
from tests.support.wires import ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.support.page_visits import Visit

pytest_plugins = ["tests.support.inspector_stage"]

MAP = "map $http_upgrade $connection_upgrade {\n  default upgrade;\n  '' close;\n}"


@pytest.fixture(name="visit")
def _visit(chromium: Browser, port: int) -> Iterator[Visit]:
    with inspecting(chromium, port) as visit:
        yield visit


def port_of(visit: Visit) -> int:
    return int(visit.address.rpartition(":")[2])


def test_a_rejection_is_in_the_list_the_counts_and_the_chart(visit: Visit) -> None:
    send(visit, NO_KEY.asked(target=b"/ws?token=not-for-the-page").wire(), 40)
    until(lambda: row(visit)[2].startswith("key_missing"))
    time, status, _, cause, path, client = row(visit)
    assert re.fullmatch(r"\d\d:\d\d:\d\d", time)
    assert (status, cause, path, client) == ("400", "", "/ws", "127.0.0.1")
    label = visit.find(".plot svg").get_attribute("aria-label") or ""
    assert re.fullmatch(
        r"Handshakes per second in the last two minutes: \d+ accepted, \d+ rejected, "
        r"at most \d+ in a second\.",
        label,
    )
    assert "not-for-the-page" not in visit.page.content()


def test_a_client_that_tries_again_is_one_row(visit: Visit) -> None:
    send(visit, NO_KEY.asked(target=b"/before").wire())
    send(visit, NO_KEY.asked(target=b"/again").wire(), 3)
    until(lambda: row(visit)[2] == "key_missing \u00d73")
    assert row(visit)[4] == "/again"
    assert row(visit, 2)[2:5] == ["key_missing", "", "/before"]


def test_the_newest_rejection_is_explained_with_lines_to_paste(visit: Visit) -> None:
    send(visit, STRIPPED.wire())
    until(lambda: row(visit)[3] == "proxy_stripped_upgrade")
    until(lambda: "nginx" in visit.text(".details .sentence"))
    assert visit.text(".details h2").startswith("Rejected with 400 at ")
    assert visit.text(".details .sentence") == (
        "nginx removed the Upgrade and Connection headers. Sec-WebSocket-Key arrived "
        "without them, and over HTTP/1.0."
    )
    assert visit.texts(".details figcaption > span") == [
        "nginx, http { }",
        "nginx, location { }",
    ]
    assert visit.find(".details pre").first.inner_text() == MAP
    assert "Cause, very likely: proxy_stripped_upgrade" in visit.text(".details")
    assert "3 violations" in visit.text(".details")


def test_the_lines_can_be_copied(chromium: Browser, port: int) -> None:
    allowed = {"permissions": ["clipboard-read", "clipboard-write"]}
    with inspecting(chromium, port, **allowed) as visit:
        send(visit, STRIPPED.wire())
        button = visit.page.get_by_role("button", name="Copy the lines for nginx, http")
        button.click()
        copied = visit.page.get_by_role("button", name="Copied the lines for nginx")
        copied.first.wait_for()
        assert visit.page.evaluate("navigator.clipboard.readText()") == MAP
        button.wait_for()


def test_where_copying_is_not_allowed_the_lines_are_selected(visit: Visit) -> None:
    visit.page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: {}})")
    send(visit, STRIPPED.wire())
    visit.page.get_by_role("button", name="Copy the lines for nginx, http").click()
    visit.page.get_by_text("Selected: press Ctrl+C").wait_for()
    assert visit.page.evaluate("String(getSelection())") == MAP


def test_a_row_that_was_chosen_stays_until_the_newest_is_wanted(visit: Visit) -> None:
    send(visit, STRIPPED.wire())
    send(visit, NO_KEY.wire())
    until(lambda: row(visit)[2] == "key_missing")
    visit.page.locator(FIRST_ROW).nth(1).click()
    assert "nginx" in visit.text(".details .sentence")
    send(visit, NO_KEY.asked(target=b"/later").wire())
    visit.find(".details").hover()
    until(lambda: row(visit)[4] == "/later")
    assert "nginx" in visit.text(".details .sentence")
    pressed = visit.page.locator("tr:has([aria-pressed=true])")
    assert "proxy_stripped_upgrade" in pressed.inner_text()
    visit.page.get_by_role("button", name="Show the newest").click()
    until(lambda: "GET /later" in visit.text(".details .facts"))
    assert not visit.page.get_by_role("button", name="Show the newest").is_visible()


def test_the_whole_event_is_there_as_the_log_has_it(visit: Visit) -> None:
    send(visit, NO_KEY.plus(b"user-agent", b"curl/8.5.0").wire())
    until(lambda: "curl/8.5.0" in visit.text(".details .facts"))
    visit.page.get_by_text("The event, as the log has it").click()
    shown = visit.text(".whole pre")
    for field in ("error.type", "url.path", "websocket.handshake.layer", "timestamp"):
        assert f'"{field}": ' in shown
    assert '"problem"' not in shown


def test_hints_of_the_log_are_shown(visit: Visit) -> None:
    send(visit, VALID.asked(target=b"/wss").wire())
    until(lambda: row(visit)[2] == "denied_by_app")
    until(lambda: "/ws" in visit.text(".details .hint"))


def test_an_acceptance_is_shown_and_can_be_left_out(visit: Visit) -> None:
    send(visit, NO_KEY.wire())
    assert ask(port_of(visit), VALID.wire()).status == 101
    until(lambda: row(visit)[1:3] == ["101", "valid"])
    visit.page.locator(FIRST_ROW).first.click()
    assert visit.text(".details h2").startswith("Accepted with 101 at ")
    visit.find(".details").hover()
    visit.page.get_by_label("rejected only").check()
    until(lambda: "101" not in visit.texts(".list tr:not([hidden]) .status"))


def test_the_list_holds_still_under_the_mouse_and_goes_on_afterwards(
    visit: Visit,
) -> None:
    send(visit, NO_KEY.wire())
    until(lambda: row(visit)[2].startswith("key_missing"))
    visit.page.locator(FIRST_ROW).first.hover()
    send_unseen(visit, b"/held")
    until(lambda: visit.text(".held") == "Holding still: 1 new")
    assert row(visit)[4] == "/ws"
    visit.find("h1").hover()
    until(lambda: row(visit)[4] == "/held")
    assert visit.text(".held") == ""


def send_unseen(visit: Visit, target: bytes) -> None:
    assert ask(port_of(visit), NO_KEY.asked(target=target).wire()).status == 400


def test_all_that_moves_can_be_paused_and_the_page_says_what_goes_on(
    visit: Visit,
) -> None:
    send(visit, NO_KEY.asked(target=b"/before").wire())
    until(lambda: row(visit)[4] == "/before")
    until(lambda: "GET /before" in visit.text(".details .facts"))
    visit.page.get_by_role("button", name="Pause").click()
    before = visit.text(".counts"), visit.texts(".legend .total")
    send_unseen(visit, b"/paused")
    sentence = "This page is paused, the application is not: 1 new"
    until(lambda: visit.text(".held") == sentence)
    assert (visit.text(".counts"), visit.texts(".legend .total")) == before
    assert row(visit)[4] == "/before"
    assert "GET /before" in visit.text(".details .facts")
    visit.page.get_by_role("button", name="Resume").click()
    until(lambda: row(visit)[4] == "/paused")
    assert visit.text(".held") == ""


def test_the_chart_is_drawn_by_outcome_or_by_reason(visit: Visit) -> None:
    send(visit, NO_KEY.wire(), 30)
    assert visit.texts(".legend .name") == ["accepted", "rejected"]
    visit.page.get_by_label("by reason").check()
    until(lambda: "key_missing" in visit.texts(".legend .name"))
    bars = "[...document.querySelectorAll('.plot path')].map(p => p.getBBox().height)"
    until(lambda: max(visit.page.evaluate(bars)) > 10)
    assert int(visit.text(".plot .top").replace(",", "")) >= 4


def test_a_script_in_path_and_user_agent_is_shown_as_text(visit: Visit) -> None:
    path = "/<img/src=x/onerror=window.hacked=1>"
    agent = "<script>window.hacked=1</script>"
    elements = "document.querySelectorAll('script, img, iframe').length"
    before = visit.page.evaluate(elements)
    hostile = VALID.plus(b"user-agent", agent.encode()).asked(target=path.encode())
    send(visit, hostile.wire())
    until(lambda: row(visit)[4] == path)
    until(lambda: agent in visit.text(".details .facts"))
    assert visit.page.evaluate(elements) == before
    assert visit.page.evaluate("window.hacked === undefined")


def test_on_a_phone_a_row_opens_over_the_list_and_escape_closes_it(
    chromium: Browser, port: int
) -> None:
    with inspecting(chromium, port, viewport=PHONE, has_touch=True) as visit:
        send(visit, STRIPPED.wire())
        until(lambda: row(visit)[2] == "upgrade_missing +2")
        assert not visit.find(".details").is_visible()
        visit.page.locator(FIRST_ROW).first.tap()
        assert visit.page.locator(".details:modal .config").count() == 2
        visit.page.keyboard.press("Escape")
        assert not visit.find(".details").is_visible()
        visit.page.locator(FIRST_ROW).first.tap()
        visit.page.get_by_role("button", name="Close").tap()
        assert not visit.find(".details").is_visible()
        visit.page.locator(FIRST_ROW).first.tap()
        visit.page.touchscreen.tap(195, 2)
        assert not visit.find(".details").is_visible()


def test_a_window_that_grows_shows_the_details_beside_the_list(
    chromium: Browser, port: int
) -> None:
    with inspecting(chromium, port, viewport=PHONE) as visit:
        send(visit, NO_KEY.wire())
        visit.page.locator(FIRST_ROW).first.click()
        visit.page.set_viewport_size({"width": 1440, "height": 900})
        visit.page.locator(".details:not(:modal)").wait_for()
        visit.page.set_viewport_size({"width": 390, "height": 844})
        until(lambda: not visit.find(".details").is_visible())
