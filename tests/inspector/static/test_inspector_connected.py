"""The inspector's page before the first record, without its server, and unseen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.support.demos import until
from tests.support.handshakes import VALID
from tests.support.inspector_visits import (
    NO_KEY,
    STRIPPED,
    connected,
    count,
    inspected,
    inspecting,
    row,
    send,
)
from tests.support.page_visits import visiting
from tests.support.wires import ask, free_port

if TYPE_CHECKING:
    from playwright.sync_api import Browser


pytest_plugins = ["tests.support.inspector_stage"]


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


def test_a_page_that_no_one_sees_is_not_connected(chromium: Browser, port: int) -> None:
    become = """hidden => {
        Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    with inspecting(chromium, port) as visit:
        visit.page.evaluate(become, True)  # noqa: FBT003  (an argument of JavaScript)
        before = count(visit, "rejected")
        assert ask(port, NO_KEY.asked(target=b"/unseen").wire()).status == 400
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
