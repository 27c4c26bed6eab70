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
    connected,
    count,
    inspected,
    inspecting,
    row,
    send,
)
from tests.support.page_visits import PHONE, visiting
from tests.support.wires import ask, free_port

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


def test_before_the_first_handshake_the_page_says_how_to_send_one(
    chromium: Browser,
) -> None:
    with inspected() as port, inspecting(chromium, port) as visit:
        assert visit.text(".empty h3") == "No handshake has come yet"
        assert visit.text(".empty pre") == (
            f"curl -i http://127.0.0.1:{port}/ws -H 'Sec-WebSocket-Key: AAAA'"
        )
        assert not visit.find(".list").is_visible()
        assert not visit.find(".details").is_visible()
        send(visit, VALID.but(b"sec-websocket-key", b"AAAA").wire())
        until(lambda: row(visit)[2] == "key_malformed")
        assert not visit.find(".empty").is_visible()


def test_after_a_restart_of_the_server_nothing_stale_is_shown(
    chromium: Browser,
) -> None:
    port = free_port()
    with visiting(chromium, port) as visit:
        with inspected(port=port):
            visit.page.goto(f"{visit.address}/_handshakes/")
            connected(visit)
            send(visit, STRIPPED.wire(), 5)
            until(lambda: "nginx" in visit.text(".details .sentence"))
        visit.find("#live[data-state=closed]").wait_for()
        assert re.fullmatch(
            r"Not connected since \d\d:\d\d:\d\d\. Trying again", visit.text(".state")
        )
        visit.find("textarea").fill("GET /ws HTTP/1.1\nUpgrade: websocket\n")
        cannot = "The server cannot be reached. The verdict comes as soon as it can."
        until(lambda: visit.text(".headline") == cannot)
        assert visit.text(".result") == ""
        with inspected(port=port):
            connected(visit)
            assert visit.text(".state") == "Live"
            until(lambda: visit.text(".headline").startswith("Read as"))
            until(lambda: count(visit, "rejected") == 0)
            assert not visit.find(".details").is_visible()
            assert not visit.find(".list").is_visible()
            send(visit, NO_KEY.wire())
            until(lambda: row(visit)[2] == "key_missing")
        # while the server is away the browser itself notes each attempt
        noted = re.compile(r"Failed to load resource: net::ERR_\w+")
        assert all(noted.match(complaint) for complaint in visit.complaints)
        visit.complaints.clear()


def test_a_page_that_no_one_sees_is_not_connected(visit: Visit) -> None:
    become = """hidden => {
        Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    visit.page.evaluate(become, True)  # noqa: FBT003  (an argument of JavaScript)
    before = count(visit, "rejected")
    send_unseen(visit, b"/unseen")
    visit.page.wait_for_timeout(500)
    assert count(visit, "rejected") == before
    visit.page.evaluate(become, False)  # noqa: FBT003  (ditto)
    until(lambda: count(visit, "rejected") == before + 1)


def test_a_server_that_does_not_take_the_page_says_why(
    chromium: Browser, port: int
) -> None:
    with visiting(chromium, port) as visit:
        visit.page.route(
            "**/stream", lambda route: route.fulfill(status=503, body="Too many.\n")
        )
        visit.page.goto(f"{visit.address}/_handshakes/")
        until(lambda: visit.text(".state") == "Too many.")
        visit.page.unroute("**/stream")
        connected(visit)
        visit.complaints.clear()
