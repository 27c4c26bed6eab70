"""The story of a trial on the demo's page, in a real Chromium."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.support import proxies
from tests.support.demo_trials import ALONE, CODES, REASONS
from tests.support.demos import asked, until
from tests.support.page_visits import LAPTOP, PHONE, TABLET, visiting
from ws_handshake.core.reasons import BY_CODE
from ws_handshake.diagnosis.causes import CAUSES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.support.page_visits import Visit
    from tests.support.wires import Server

pytest_plugins = ["tests.support.page_stage"]

# Where the application does not respond, there is no response of ours.
RAISES = "app_did_not_respond"

SIZES = [PHONE, TABLET, LAPTOP]


@pytest.fixture(scope="module", name="visit")
def _visit(chromium: Browser, server: Server) -> Iterator[Visit]:
    with visiting(chromium, server.port) as visit:
        visit.open()
        yield visit


def lines(visit: Visit) -> list[tuple[str, ...]]:
    """Return the drawing: what was sent, what became of it, what arrived."""
    rows = visit.find("#lines tr").all()
    return [tuple(row.locator("td").all_inner_texts()) for row in rows]


@pytest.mark.parametrize(
    "size", [PHONE, TABLET, LAPTOP], ids=lambda size: size["width"]
)
def test_the_first_screen_tells_who_did_it_and_what_to_paste(
    chromium: Browser, server: Server, size: dict[str, int]
) -> None:
    proxies.require("nginx")
    with visiting(chromium, server.port, viewport=size) as visit:
        visit.open()
        assert visit.text("h1") == "nginx removed the Upgrade and Connection headers."
        assert visit.text("#lead") == (
            "Very likely. Sec-WebSocket-Key arrived without them, and over HTTP/1.0."
        )
        assert visit.find("#nginx").is_checked()
        assert visit.text("#between") == "nginx took out 1 line, changed 2"
        assert visit.texts("#lines [data-change=removed] td:first-child") == [
            "Upgrade: websocket"
        ]
        assert visit.texts("#lines [data-change=changed] td:last-child") == [
            *("GET /ws HTTP/1.0", "Connection: close")
        ]
        assert visit.statuses() == ["400", "404"]
        assert visit.texts("#fixes figcaption > span") == [
            *("nginx, http { }", "nginx, location { }")
        ]
        box = visit.find("#alone .status").bounding_box()
        assert box is not None
        assert box["y"] < size["height"]


def test_the_drawing_shows_each_line_as_it_was_sent_and_as_it_arrived(
    visit: Visit, server: Server
) -> None:
    visit.press("proxy_rewrote_host")
    assert visit.text("#between") == "Apache changed 1 line, added 3"
    drawn = lines(visit)
    assert drawn[:3] == [
        ("GET /ws HTTP/1.1", "→", "GET /ws HTTP/1.1"),
        ("Host: chat.example.com", "changed", f"Host: 127.0.0.1:{server.port}"),
        ("Upgrade: websocket", "→", "Upgrade: websocket"),
    ]
    assert drawn[-3:] == [
        ("", "added", "X-Forwarded-For: 203.0.113.9"),
        ("", "added", "X-Forwarded-Host: chat.example.com"),
        ("", "added", "X-Forwarded-Server: www.example.com"),
    ]
    visit.press("duplicated_by_proxies")
    assert visit.text("#between") == "HAProxy added 2 lines"
    visit.press("proxy_hid_https")
    assert visit.text("#between") == "A proxy added 1 line"
    visit.press("bridge_lost_key")
    assert visit.text("#between") == "Envoy speaks HTTP/1.1 to it"
    assert lines(visit)[-1][1:] == (
        *("missing", "Sec-WebSocket-Key: 16 random bytes in base64 (24 characters)"),
    )


def test_an_offending_line_is_marked_and_a_long_one_is_cut(visit: Visit) -> None:
    visit.press("key_malformed")
    assert visit.text("#between") == "No proxy between them"
    assert visit.texts("#lines .marked td:last-child") == ["Sec-WebSocket-Key: AAAA"]
    assert visit.find("#wire").get_attribute("data-between") == "nothing"
    visit.press("oversized_cookies")
    (cookie,) = visit.texts("#lines .marked td:last-child")
    assert re.fullmatch(r"Cookie: session=0+… \(9,016 characters\)", cookie)


@pytest.mark.parametrize("code", REASONS)
def test_the_button_of_a_reason_leads_to_its_story(visit: Visit, code: str) -> None:
    reason = BY_CODE[code]
    visit.press(code)
    assert visit.statuses()[0] == str(reason.status)
    assert visit.text("#trial") == code
    if not visit.texts("#fixes a[href^='/causes/']"):
        assert visit.text("h1") == reason.what
        assert visit.find(f"#fixes a[href='/reasons/{code}']").count() == 1
        assert visit.text("#lead").startswith(f"Expected: {reason.expected}.")
    else:
        assert visit.text("#lead")
    log = visit.text("#ours .code pre")
    assert f"WebSocket handshake rejected: {reason.status} {code} on /" in log
    visit.find("#ours summary").first.click()
    response = visit.find("#ours details pre").first.inner_text()
    assert response.startswith(f"HTTP/1.1 {reason.status} ")
    assert (f'"code": "{code}"' in response) == (code != RAISES)
    visit.find("#ours summary").last.click()
    assert f'error.type: "{code}"' in visit.find("#ours details pre").last.inner_text()


@pytest.mark.parametrize("name", CODES)
def test_the_button_of_a_cause_leads_to_who_did_it_and_the_fix(
    visit: Visit, name: str
) -> None:
    visit.press(name)
    (link, *_) = visit.find("#fixes a[href^='/causes/']").all()
    assert link.get_attribute("href") == f"/causes/{name}"
    hrefs = [one.get_attribute("href") for one in visit.find("#ours li a").all()]
    assert hrefs == [f"/reasons/{code}" for code in CODES[name]]
    assert not re.search("null|undefined", visit.text("#story"))
    places = visit.texts("#fixes > .code figcaption > span")
    assert bool(places) == ("Paste these lines:" in visit.texts("#fixes > p"))
    assert CAUSES[name].code in visit.text("#fixes")


@pytest.mark.parametrize("code", ALONE)
def test_uvicorn_alone_responds_in_its_own_way(visit: Visit, code: str) -> None:
    visit.press(code)
    wanted = [str(status or "none") for status in ALONE[code]]
    shown = visit.texts("#alone .status")
    if len(shown) == 1:
        shown = shown * 2
        assert visit.texts("#alone summary") == ["uvicorn, with wsproto or websockets"]
    assert shown == wanted
    text = visit.text("#alone")
    assert "handshake-error" not in text
    assert ("Accepted, as if nothing were wrong." in text) == ("101" in wanted)


def test_a_valid_handshake_is_accepted_and_its_token_is_shown(visit: Visit) -> None:
    visit.press("valid")
    assert visit.statuses() == ["101", "101"]
    assert visit.text("h1") == "A valid handshake."
    assert "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in visit.text("#ours")
    assert "Logged at debug" in visit.text("#ours")
    assert visit.text("#fixes") == "There is nothing to fix."


def test_what_is_no_handshake_is_told_without_a_status_of_ours(visit: Visit) -> None:
    visit.press("http2_preface")
    assert visit.text("h1") == "This is no HTTP/1.1 request."
    assert "uvicorn responds with a bare 400" in visit.text("#lead")
    assert "Nothing is logged: this is no handshake." in visit.text("#ours")
    visit.press("browser_tab")
    assert visit.text("#ours .response p").startswith("426 ")


def test_every_trial_can_go_through_nginx(visit: Visit) -> None:
    proxies.require("nginx")
    visit.press("valid")
    visit.find("#nginx").check()
    visit.responded()
    assert visit.text("h1") == "nginx removed the Upgrade and Connection headers."
    assert visit.statuses() == ["400", "404"]
    assert visit.text("#trial") == "A valid handshake"
    visit.press("key_missing")
    assert not visit.find("#nginx").is_checked()


def test_without_nginx_the_page_says_what_to_install_and_plays_it(
    chromium: Browser, server: Server
) -> None:
    with visiting(chromium, server.port) as visit:
        catalogue = asked(server.port, "/catalogue.json").parsed
        catalogue["nginx"] = "apt-get install nginx"
        visit.page.route(
            "**/catalogue.json", lambda route: route.fulfill(json=catalogue)
        )
        visit.open()
        assert visit.find("#nginx").is_disabled()
        assert visit.text("#nginx-note") == "apt-get install nginx."
        assert visit.text("h1") == "nginx removed the Upgrade and Connection headers."
        assert visit.text("#between") == "nginx took out 1 line, changed 2"


@pytest.mark.parametrize(
    "size", [PHONE, TABLET, LAPTOP], ids=lambda size: size["width"]
)
def test_the_lines_to_paste_and_the_line_for_a_terminal_can_be_copied(
    chromium: Browser, server: Server, size: dict[str, int]
) -> None:
    rights = ["clipboard-read", "clipboard-write"]
    settings = {"permissions": rights, "viewport": size}
    with visiting(chromium, server.port, **settings) as visit:
        visit.open()
        visit.find("#fixes .copy").first.click()
        until(lambda: visit.texts("#fixes .copy")[0].startswith("Copied"))
        read = "navigator.clipboard.readText()"
        assert visit.page.evaluate(read).startswith("map $http_upgrade ")
        visit.press("key_malformed")
        visit.find("#copy").click()
        until(lambda: "AAAA" in visit.page.evaluate(read))
        line = visit.page.evaluate(read)
        assert line.startswith(f"curl -i {visit.address}/ws ")


def test_a_page_that_may_not_copy_says_so(chromium: Browser, server: Server) -> None:
    with visiting(chromium, server.port) as visit:
        visit.open()
        visit.page.evaluate(
            "void (navigator.clipboard.writeText = () => Promise.reject(new Error()))"
        )
        visit.find("#copy").click()
        until(lambda: visit.text("#copy") == "Not allowed")
        until(lambda: visit.text("#copy") == "Copy as curl")
