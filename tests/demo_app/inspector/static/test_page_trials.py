"""The buttons of the demo's page, in a real Chromium: sent, responded, logged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from demo_app.inspector.trials.behaviours import BEHAVIOURS
from tests.support import proxies
from tests.support.demos import asked, until
from tests.support.page_visits import visiting
from ws_handshake.core.reasons import CATALOGUE
from ws_handshake.diagnosis.causes import CAUSES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.support.page_visits import Visit
    from tests.support.wires import Server

pytest_plugins = ["tests.support.page_stage"]

REASONS = {reason.code: reason for reason in CATALOGUE}

NEVER = {
    "origin_missing",
    "http1_handshake_over_http2",
    "server_did_not_upgrade",
    "internal_error",
    "no_websocket_support",
    "connect_not_bridged",
    "path_prefix_doubled",
    "http_response_on_websocket",
}

# Where the application does not respond, there is no response of ours.
RESPONDED_BY_UVICORN = "app_did_not_respond"

# What uvicorn alone says to a handshake with this fault.
UVICORN = {
    "key_malformed": (101, "Accepted, as if nothing were wrong."),
    "key_duplicated": (101, "Accepted, as if nothing were wrong."),
    "http_version_too_old": (101, "Accepted, as if nothing were wrong."),
    "key_missing": (400, "An empty response. Nobody learns why."),
    "version_missing": (400, "An empty response. Nobody learns why."),
    "version_unsupported": (426, "An empty response. Nobody learns why."),
    "upgrade_missing": (404, "“Not Found”, and no reason."),
    "connection_not_upgrade": (404, "“Not Found”, and no reason."),
    "head_malformed": (400, "“Invalid HTTP request received.”, and no reason."),
    "app_did_not_respond": (500, "“Internal Server Error”, and no reason."),
    "valid": (101, "Accepted."),
}


@pytest.fixture(scope="module", name="visit")
def _visit(chromium: Browser, server: Server) -> Iterator[Visit]:
    with visiting(chromium, server.port) as visit:
        visit.open()
        yield visit


@pytest.fixture(autouse=True)
def _guard_on(visit: Visit) -> None:
    visit.find("[name=guard][value=on]").check()


def hrefs(visit: Visit, selector: str) -> list[str | None]:
    return [link.get_attribute("href") for link in visit.find(selector).all()]


def test_the_page_begins_with_what_nginx_sends_as_it_comes(
    chromium: Browser, server: Server
) -> None:
    with visiting(chromium, server.port) as visit:
        visit.open()
        current = visit.find(".trial[aria-current]")
        assert current.get_attribute("data-trial") == "proxy_stripped_upgrade"
        assert visit.text("#responded") == "400 from ws-handshake"
        assert visit.find("#head").input_value().startswith("GET /ws HTTP/1.0\n")


def test_there_is_a_button_for_every_reason_and_cause_and_each_is_named(
    visit: Visit,
) -> None:
    buttons = visit.find(".trial").all()
    ids = [button.get_attribute("data-trial") for button in buttons]
    assert len(ids) == len(set(ids))
    assert set(ids) == {"valid", "http2_preface", *REASONS, *CAUSES}
    for reason in REASONS:
        named = visit.page.get_by_role("button", name=reason, exact=True)
        assert named.get_attribute("data-trial") == reason
    for row in BEHAVIOURS:
        named = visit.page.get_by_role("button", name=row.title, exact=True)
        assert named.get_attribute("data-trial") == row.id
    greyed = visit.find(".trial[aria-disabled=true]").all()
    assert {button.get_attribute("data-trial") for button in greyed} == NEVER


@pytest.mark.parametrize(
    "code", [code for code in REASONS if code not in {*NEVER, RESPONDED_BY_UVICORN}]
)
def test_the_button_of_a_reason_brings_it_about(visit: Visit, code: str) -> None:
    reason = REASONS[code]
    visit.press(code)
    assert visit.text("#responded") == f"{reason.status} from ws-handshake"
    assert visit.text("#status-on") == str(reason.status)
    assert visit.text("#said-on") == reason.what
    assert visit.text("#about") == reason.what
    responded = visit.text("#bytes")
    assert responded.startswith(f"HTTP/1.1 {reason.status} ")
    assert f"\nwebsocket-handshake-error: {code}\n" in responded
    assert f'"code": "{code}"' in responded
    assert visit.text("#logged") == "one event"
    assert hrefs(visit, "#events .chips > a") == [f"/reasons/{code}"]
    assert f'error.type: "{code}"' in visit.text("#events pre")


def test_where_the_application_fails_uvicorn_responds_and_the_log_says_why(
    visit: Visit,
) -> None:
    visit.press(RESPONDED_BY_UVICORN)
    assert visit.text("#responded") == "500 from ws-handshake"
    assert visit.text("#said-on") == "“Internal Server Error”, and no reason."
    assert visit.text("#about") == REASONS[RESPONDED_BY_UVICORN].what
    assert visit.text("#bytes").startswith("HTTP/1.1 500 ")
    assert visit.text("#logged") == "one event"
    assert hrefs(visit, "#events .chips > a") == ["/reasons/app_did_not_respond"]
    assert 'exception.type: "LookupError in faulty.py:' in visit.text("#events pre")


@pytest.mark.parametrize(
    "row", [row for row in BEHAVIOURS if row.id not in NEVER], ids=lambda row: row.id
)
def test_the_button_of_a_behaviour_brings_its_cause_about(
    visit: Visit, row: object
) -> None:
    behaviour = next(one for one in BEHAVIOURS if one is row)
    visit.press(behaviour.id)
    assert visit.text("#responded") == f"{behaviour.status} from ws-handshake"
    assert visit.text("#about") == behaviour.detail
    assert hrefs(visit, "#events .chips > a") == [
        f"/reasons/{code}" for code in behaviour.codes
    ]
    named = [f"/causes/{behaviour.id}"] if behaviour.status != 101 else []
    known = behaviour.id in CAUSES
    assert hrefs(visit, "#events .chips span a") == (named if known else [])


@pytest.mark.parametrize("trial", sorted(NEVER))
def test_a_greyed_button_says_why_to_the_keyboard_too(
    visit: Visit, server: Server, trial: str
) -> None:
    reported = asked(server.port, "/catalogue.json").parsed
    rows = {row.get("code") or row["id"]: row for row in reported["reasons"]}
    rows |= {row["id"]: row for row in reported["behaviours"]}
    visit.find(f"[data-trial={trial}]").focus()
    visit.page.keyboard.press("Enter")
    assert visit.text("#about") == (
        "This cannot happen on this server. Why stands beside it."
    )
    assert visit.text("#bytes") == rows[trial]["never"]
    assert visit.text("#said-on") == visit.text("#said-off") == "Nothing was sent."
    assert visit.text("#logged") == "0 events"
    assert visit.find("#head").input_value() == ""


@pytest.mark.parametrize("trial", UVICORN)
def test_with_the_guard_off_uvicorn_responds_by_itself_and_nothing_is_logged(
    visit: Visit, trial: str
) -> None:
    status, said = UVICORN[trial]
    visit.press(trial)
    assert (visit.text("#status-off"), visit.text("#said-off")) == (str(status), said)
    visit.find("[name=guard][value=off]").check()
    assert visit.text("#responded") == f"{status} from uvicorn alone"
    responded = visit.text("#bytes")
    assert responded.startswith(f"HTTP/1.1 {status} ")
    assert "handshake-error" not in responded
    assert visit.text("#events") == "Without the guard there is no event."
    visit.find("[name=guard][value=on]").check()
    assert visit.text("#logged") == "one event"


def test_a_valid_handshake_is_accepted_and_its_token_is_shown(visit: Visit) -> None:
    visit.press("valid")
    assert visit.text("#responded") == "101 from ws-handshake"
    assert visit.text("#said-on") == "Accepted."
    token = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    assert token in visit.text("#violations")
    assert token.lower() in visit.text("#bytes").lower()
    assert "websocket.handshake.accepted" in visit.text("#events pre")


def test_through_nginx_as_it_comes_even_a_valid_handshake_is_rejected(
    visit: Visit,
) -> None:
    proxies.require("nginx")
    visit.press("valid")
    visit.find("#nginx").check()
    try:
        visit.responded()
        visit.until("document.querySelector('#status-on').textContent === '400'")
        assert "\nServer: nginx/" in visit.text("#bytes")
        assert visit.text("#headline") == "A valid handshake"
        assert hrefs(visit, "#events .chips span a") == [
            "/causes/proxy_stripped_upgrade"
        ]
        visit.responded()
        assert visit.text("#said-off") == "“Not Found”, and no reason."
    finally:
        visit.find("#nginx").uncheck()
        visit.responded()


def test_without_nginx_the_page_says_what_to_install(
    chromium: Browser, server: Server
) -> None:
    with visiting(chromium, server.port) as visit:
        reported = asked(server.port, "/catalogue.json").parsed
        reported["nginx"] = {"available": False, "install": "apt-get install nginx"}
        visit.page.route(
            "**/catalogue.json", lambda route: route.fulfill(json=reported)
        )
        visit.open()
        assert visit.find("#nginx").is_disabled()
        assert visit.text("#nginx-note") == "nginx is not here: apt-get install nginx"


def test_a_link_to_a_code_opens_its_trial(chromium: Browser, server: Server) -> None:
    with visiting(chromium, server.port) as visit:
        visit.open("/#browser_tab")
        current = visit.find(".trial[aria-current]")
        assert current.get_attribute("data-trial") == "browser_tab"
        inside = visit.find("#trials").bounding_box()
        button = current.bounding_box()
        assert inside is not None
        assert button is not None
        assert inside["y"] <= button["y"]
        assert button["y"] + button["height"] <= inside["y"] + inside["height"]
        visit.page.evaluate("location.hash = '#version_missing'")
        visit.until(
            "document.querySelector('#said-on').textContent.includes('Version')"
        )
        visit.responded()
        assert visit.text("#responded") == "400 from ws-handshake"


_WATCHING_THE_BUTTON = """() => {
  const all = document.querySelector("#all");
  window.disabled = [];
  const note = () => window.disabled.push(all.disabled);
  new MutationObserver(note).observe(all, { attributeFilter: ["disabled"] });
}"""


def test_all_are_sent_at_the_press_of_one_button(
    chromium: Browser, server: Server
) -> None:
    with visiting(chromium, server.port) as visit:
        visit.open()
        visit.page.evaluate(_WATCHING_THE_BUTTON)  # it is disabled for a moment only
        visit.find("#all").click()
        visit.until("window.disabled.length === 2")
        assert visit.page.evaluate("window.disabled") == [True, False]
        assert visit.text("#all") == "Send all"
        possible = 1 + len(REASONS) + len(BEHAVIOURS) - len(NEVER)
        shown = "document.querySelectorAll('#rows tr:not([hidden])').length"
        visit.until(f"{shown} > {possible}")


def test_the_line_for_a_terminal_can_be_copied(
    chromium: Browser, server: Server
) -> None:
    rights = ["clipboard-read", "clipboard-write"]
    with visiting(chromium, server.port, permissions=rights) as visit:
        visit.open("/#key_malformed")
        visit.find("#copy").click()
        visit.page.get_by_text("Copied", exact=True).wait_for()
        line = visit.page.evaluate("navigator.clipboard.readText()")
        assert line.startswith(f"curl -i {visit.address}/ws ")
        assert "-H 'Sec-WebSocket-Key: AAAA'" in line


def test_a_server_that_is_gone_is_notified_of_in_a_sentence(
    chromium: Browser, server: Server
) -> None:
    with visiting(chromium, server.port) as visit:
        visit.open()
        visit.page.route("**/trials", lambda route: route.abort())
        visit.press("key_missing")
        assert visit.text("#bytes") == "The demo's server cannot be reached."
        visit.page.unroute("**/trials")
        busy = "8 trials are running; ask again in a moment."
        visit.page.route(
            "**/trials",
            lambda route: route.fulfill(status=429, json={"problem": busy}),
        )
        visit.press("key_missing")
        assert visit.text("#bytes") == busy
        visit.page.route("**/catalogue.json", lambda route: route.abort())
        visit.page.reload()
        until(lambda: visit.text("#about") == "The demo's server cannot be reached.")
        # the browser itself notes on its console what did not load
        assert len(visit.complaints) == 5
        visit.complaints.clear()
