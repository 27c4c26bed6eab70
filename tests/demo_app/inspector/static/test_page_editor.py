"""The editor of the demo's page, in a real Chromium: the verdict on what is pasted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.demos import demo, until
from tests.support.handshakes import VALID
from tests.support.page_visits import LAPTOP, PHONE, TABLET, visiting
from tests.support.wires import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Route

    from tests.support.handshakes import Handshake
    from tests.support.page_visits import Visit
    from tests.support.wires import Server

pytest_plugins = ["tests.support.page_stage"]

STRIPPED = VALID.without(b"upgrade").but(b"connection", b"close").asked(version="1.0")
NGINX = "nginx removed the Upgrade and Connection headers."
UNREACHED = "The demo's server cannot be reached. The page asks again every second."


@pytest.fixture(
    scope="module",
    name="visit",
    params=[PHONE, TABLET, LAPTOP],
    ids=["390", "768", "1440"],
)
def _visit(
    chromium: Browser, server: Server, request: pytest.FixtureRequest
) -> Iterator[Visit]:
    with visiting(chromium, server.port, viewport=request.param) as visit:
        visit.open()
        yield visit


def text_of(handshake: Handshake) -> str:
    return handshake.wire().decode("ascii").replace("\r\n", "\n")


def write(visit: Visit, handshake: Handshake) -> None:
    visit.find("#head").fill(text_of(handshake))


def verdicts_asked(visit: Visit) -> int:
    return len([url for url in visit.asked if url.endswith("/verdict")])


def headline(visit: Visit, sentence: str) -> None:
    until(lambda: visit.text("#headline") == sentence)


@pytest.mark.parametrize(
    ("handshake", "code", "marked"),
    [
        (VALID.asked(method="POST"), "method_not_get", ["POST /ws HTTP/1.1"]),
        (VALID.but(b"upgrade", b"h2c"), "upgrade_not_websocket", ["upgrade: h2c"]),
        (
            VALID.but(b"sec-websocket-key", b"AAAA"),
            "key_malformed",
            ["sec-websocket-key: AAAA"],
        ),
        (
            VALID.plus(b"sec-websocket-version", b"8"),
            "version_duplicated",
            ["sec-websocket-version: 13", "sec-websocket-version: 8"],
        ),
        (VALID.without(b"host"), "host_missing", []),
    ],
)
def test_the_offending_header_is_marked_and_the_violation_is_explained(
    visit: Visit, handshake: Handshake, code: str, marked: list[str]
) -> None:
    write(visit, handshake)
    violations = visit.page.locator("#verdict li", has_text=code)
    violations.wait_for()
    until(lambda: visit.texts("#marks .marked") == marked)
    invalid = visit.find("#head").get_attribute("aria-invalid")
    assert invalid == str(bool(marked)).lower()
    link = violations.locator("a").first
    assert link.get_attribute("href") == f"/reasons/{code}"
    assert "Expected: " in violations.inner_text()
    assert visit.find("#headline").get_attribute("data-outcome") == "rejected"


def test_all_violations_their_cause_and_the_lines_to_paste_are_there_at_once(
    visit: Visit,
) -> None:
    write(visit, STRIPPED)
    headline(visit, NGINX)
    assert visit.texts("#verdict li code") == [
        *("http_version_too_old", "upgrade_missing", "connection_not_upgrade")
    ]
    assert visit.texts("#verdict > .code figcaption > span") == [
        *("nginx, http { }", "nginx, location { }")
    ]
    assert "null" not in visit.text("#paste")


def test_a_valid_handshake_shows_its_accept_token(visit: Visit) -> None:
    write(visit, VALID)
    headline(visit, "A valid handshake.")
    token = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    assert visit.text("#verdict .token code") == token
    assert visit.texts("#marks .marked") == []
    assert visit.find("#head").get_attribute("aria-invalid") == "false"


def test_a_valid_handshake_without_a_route_says_what_becomes_of_it(
    visit: Visit,
) -> None:
    write(visit, VALID.asked(target=b"/nowhere"))
    until(lambda: "denied_by_app" in visit.text("#verdict"))
    assert visit.text("#headline") == "The handshake is valid."


def test_what_is_not_a_handshake_is_reported_in_a_sentence(visit: Visit) -> None:
    visit.find("#head").fill("hello")
    headline(visit, "This is no HTTP/1.1 request.")
    assert "uvicorn responds with a bare 400" in visit.text("#verdict")
    visit.find("#head").fill("GET / HTTP/1.1\nHost: 127.0.0.1\n\n")
    headline(visit, "This is a plain request.")
    visit.find("#head").fill("")
    headline(visit, "Nothing is pasted yet.")
    assert visit.text("#verdict") == ""


def test_a_curl_command_is_read_and_its_request_can_be_shown(visit: Visit) -> None:
    visit.find("#head").fill("curl 'ws://a/ws' -H 'Sec-WebSocket-Version: 8'")
    until(lambda: visit.text("#verdict").startswith("Read as a curl command. For ws"))
    visit.page.get_by_role("button", name="Show the request in it").click()
    until(lambda: visit.texts("#marks .marked") == ["Sec-WebSocket-Version: 8"])
    assert visit.find("#head").input_value().startswith("GET /ws HTTP/1.1\nHost: a\n")


def test_a_line_of_a_log_is_explained_with_a_link(visit: Visit) -> None:
    line = 'INFO:     172.18.0.1:52622 - "GET /ws HTTP/1.0" 404 Not Found'
    visit.find("#head").fill(line)
    until(lambda: "Read as an access log line of uvicorn." in visit.text("#verdict"))
    link = visit.find("#verdict a")
    assert link.get_attribute("href") == "/causes/proxy_stripped_upgrade"
    visit.find("#head").fill(
        "websockets.exceptions.InvalidStatus: server rejected "
        "WebSocket connection: HTTP 403"
    )
    until(lambda: "Read as" in visit.text("#verdict"))
    assert "null" not in visit.text("#paste")


def test_while_a_person_types_only_the_last_text_is_judged(visit: Visit) -> None:
    late: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if late:
            route.continue_()
        else:
            late.append(route)

    visit.page.route("**/verdict", hold_the_first)
    write(visit, VALID.without(b"upgrade"))
    visit.when(lambda: len(late) == 1)
    write(visit, VALID)
    headline(visit, "A valid handshake.")
    late[0].continue_()
    before = verdicts_asked(visit)
    visit.find("#head").press_sequentially("x" * 20)
    visit.when(lambda: verdicts_asked(visit) > before)
    headline(visit, "A valid handshake.")
    assert verdicts_asked(visit) < before + 20
    visit.page.unroute_all()


def test_the_bytes_of_a_trial_can_be_edited_and_sent(visit: Visit) -> None:
    visit.press("key_malformed")
    visit.find("#edit").click()
    until(lambda: visit.texts("#marks .marked") == ["Sec-WebSocket-Key: AAAA"])
    assert visit.page.evaluate("document.activeElement.id") == "head"
    write(visit, VALID.but(b"sec-websocket-version", b"14").but(b"origin", b"null"))
    visit.find("#send").click()
    visit.responded()
    assert visit.text("#trial") == "Your own request"
    assert visit.find(".trial[aria-current]").count() == 0
    assert not visit.find("#copy").is_visible()
    assert visit.texts("#ours li a") == ["version_unsupported", "origin_not_allowed"]


def test_the_keyboard_sends_with_control_and_enter_and_tab_leaves_the_editor(
    visit: Visit,
) -> None:
    write(visit, VALID.without(b"upgrade"))
    visit.find("#head").press("Control+Enter")
    visit.responded()
    assert visit.statuses()[0] == "400"
    visit.find("#head").press("Tab")
    assert visit.page.evaluate("document.activeElement.id") != "head"


def test_the_marks_stay_below_their_lines_when_the_text_is_scrolled(
    visit: Visit,
) -> None:
    long = VALID.but(b"sec-websocket-key", b"A" * 300)
    for number in range(60):
        long = long.plus(b"x-%d" % number, b"filler")
    write(visit, long)
    headline(visit, "The Sec-WebSocket-Key header is not base64 of 16 bytes.")
    visit.page.evaluate("document.querySelector('#head').scrollTo(120, 400)")
    places = "['#head', '#marks'].map(s => document.querySelector(s)).map(e => {})"
    scrolled = places.format("[e.scrollLeft, e.scrollTop]")
    until(lambda: visit.page.evaluate(scrolled) == [[120, 400], [120, 400]])


def test_while_the_server_is_away_no_verdict_is_stale_and_then_it_comes(
    chromium: Browser, tmp_path: Path
) -> None:
    port = free_port()
    with visiting(chromium, port) as visit:
        with demo(tmp_path / "first", port=port):
            visit.open()
            write(visit, STRIPPED)
            headline(visit, NGINX)
        write(visit, VALID.but(b"sec-websocket-key", b"AAAA"))
        headline(visit, UNREACHED)
        assert visit.text("#verdict") == ""
        assert visit.texts("#marks .marked") == []
        with demo(tmp_path / "second", port=port):
            headline(visit, "The Sec-WebSocket-Key header is not base64 of 16 bytes.")
            assert visit.texts("#marks .marked") == ["sec-websocket-key: AAAA"]
            assert "nginx" not in visit.text("#verdict")
        visit.complaints.clear()  # the browser's own, for each attempt


def test_a_paste_that_is_too_long_is_reported(
    chromium: Browser, server: Server
) -> None:
    with visiting(chromium, server.port) as visit:
        visit.open()
        visit.find("#head").fill("x" * 70_000)
        headline(visit, "Send at most 65,536 bytes.")
        visit.complaints.clear()  # the browser's own, about 413
