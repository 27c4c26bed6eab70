"""The editor of the demo's page, in a real Chromium: the verdict on what is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.demos import until
from tests.support.handshakes import VALID
from tests.support.page_visits import UVICORN_ALONE, visiting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Route

    from tests.support.handshakes import Handshake
    from tests.support.page_visits import Visit
    from tests.support.wires import Server

pytest_plugins = ["tests.support.page_stage"]


@pytest.fixture(scope="module", name="visit")
def _visit(chromium: Browser, server: Server) -> Iterator[Visit]:
    with visiting(chromium, server.port) as visit:
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
        (VALID.asked(version="1.0"), "http_version_too_old", ["GET /ws HTTP/1.0"]),
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
    violations = visit.page.locator("#violations li", has_text=code)
    violations.wait_for()
    until(lambda: visit.texts("#marks .marked") == marked)
    assert (
        visit.find("#head").get_attribute("aria-invalid") == str(bool(marked)).lower()
    )
    link = violations.locator("a").first
    assert link.get_attribute("href") == f"/reasons/{code}"
    text = violations.inner_text()
    for part in ("Expected: ", "RFC ", "Fix: "):
        assert part in text
    assert visit.text("#headline").startswith("Rejected with 40")


def test_all_violations_and_their_cause_are_there_at_once(visit: Visit) -> None:
    stripped = VALID.without(b"upgrade").but(b"connection", b"close")
    write(visit, stripped.asked(version="1.0"))
    headline(visit, "Rejected with 400: 3 violations")
    assert visit.texts("#violations li code") == [
        *("http_version_too_old", "upgrade_missing", "connection_not_upgrade")
    ]
    cause = visit.find("#violations .likely-cause a")
    assert cause.get_attribute("href") == "/causes/proxy_stripped_upgrade"
    cause_text = visit.text("#violations .likely-cause")
    assert "proxy_http_version 1.1" in cause_text
    assert "Cause proxy_stripped_upgrade, very likely" in cause_text


def test_a_valid_handshake_shows_its_accept_token(visit: Visit) -> None:
    write(visit, VALID)
    headline(visit, "A valid handshake")
    token = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    assert visit.text("#violations .token code") == token
    assert visit.texts("#marks .marked") == []
    assert visit.find("#head").get_attribute("aria-invalid") == "false"


def test_a_valid_handshake_without_a_route_shows_no_token(visit: Visit) -> None:
    write(visit, VALID.asked(target=b"/nowhere"))
    until(lambda: "denied_by_app" in visit.text("#violations"))
    assert visit.text("#headline") == "A valid handshake"
    assert visit.find("#violations .token").count() == 0


def test_what_is_not_a_handshake_is_reported_in_a_sentence(visit: Visit) -> None:
    visit.find("#head").fill("hello")
    until(lambda: "uvicorn responds with a bare 400" in visit.text("#violations"))
    assert visit.text("#headline") == "Not a handshake"
    visit.find("#head").fill("GET / HTTP/1.1\nHost: 127.0.0.1\n\n")
    until(lambda: visit.text("#violations").startswith("This is a plain request: "))
    assert visit.text("#headline") == "Not a handshake"
    visit.find("#head").fill("")
    headline(visit, "")
    assert visit.text("#violations") == ""


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
    headline(visit, "A valid handshake")
    plain = {"parsed": True, "problem": None, "accepted": False, "status": None}
    late[0].fulfill(
        json={**plain, "accept_token": None, "violations": [], "causes": []}
    )
    assert visit.text("#headline") == "A valid handshake"
    before = verdicts_asked(visit)
    visit.find("#head").press_sequentially("x" * 20)
    visit.when(lambda: verdicts_asked(visit) > before)
    headline(visit, "A valid handshake")
    assert verdicts_asked(visit) < before + 20
    visit.page.unroute_all()


def test_what_was_edited_is_sent_as_it_stands(visit: Visit) -> None:
    visit.press("key_missing")
    assert visit.find(".trial[aria-current]").count() == 1
    write(visit, VALID.but(b"sec-websocket-version", b"14").but(b"origin", b"null"))
    assert visit.find(".trial[aria-current]").count() == 0
    assert visit.text("#responded") == "from before your edit"
    assert not visit.find("#copy").is_visible()
    visit.find("#send").click()
    visit.responded()
    assert visit.texts("#events .chips > a") == [
        "version_unsupported",
        "origin_not_allowed",
    ]
    assert visit.status(UVICORN_ALONE) == "426"


def test_the_keyboard_sends_with_control_and_enter_and_tab_leaves_the_editor(
    visit: Visit,
) -> None:
    write(visit, VALID.without(b"upgrade"))
    visit.find("#head").press("Control+Enter")
    visit.responded()
    assert visit.text("#responded") == "400 with ws-handshake"
    visit.find("#head").press("Enter")
    assert visit.text("#responded") == "from before your edit"
    visit.find("#head").press("Tab")
    assert visit.page.evaluate("document.activeElement.id") == "violations"


def test_the_marks_stay_below_their_lines_when_the_text_is_scrolled(
    visit: Visit,
) -> None:
    long = VALID.but(b"sec-websocket-key", b"A" * 300)
    for number in range(60):
        long = long.plus(b"x-%d" % number, b"filler")
    write(visit, long)
    headline(visit, "Rejected with 400: 1 violation")
    visit.page.evaluate("document.querySelector('#head').scrollTo(120, 400)")
    places = "['#head', '#marks'].map(s => document.querySelector(s)).map(e => {})"
    scrolled = places.format("[e.scrollLeft, e.scrollTop]")
    until(lambda: visit.page.evaluate(scrolled) == [[120, 400], [120, 400]])


def test_a_failed_request_for_a_verdict_is_reported(visit: Visit) -> None:
    visit.page.route("**/verdict", lambda route: route.abort())
    write(visit, VALID)
    headline(visit, "The demo's server cannot be reached.")
    visit.page.unroute_all()
    # the browser itself notes on its console what did not load
    assert len(visit.complaints) == 1
    visit.complaints.clear()
