"""The trials of the demo's page, in a real Chromium: sent, responded, logged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from demo_app.inspector.trials.behaviours import BEHAVIOURS
from tests.support import proxies
from tests.support.demos import asked
from tests.support.page_visits import UVICORN_ALONE, WITH_WS_HANDSHAKE, visiting
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
    "origin_denied_by_app",
    "socketio_below_mount",
    "http_response_on_websocket",
}

# Where the application does not respond, there is no response of ours.
RAISES = "app_did_not_respond"

# How uvicorn alone responds to these.
UVICORN = {
    "key_malformed": (101, "Accepted, as if nothing were wrong."),
    "key_duplicated": (101, "Accepted, as if nothing were wrong."),
    "http_version_too_old": (101, "Accepted, as if nothing were wrong."),
    "key_missing": (400, "An empty response, and no reason."),
    "version_missing": (400, "An empty response, and no reason."),
    "version_unsupported": (426, "An empty response, and no reason."),
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
def _with_ws_handshake(visit: Visit) -> None:
    visit.choose(WITH_WS_HANDSHAKE)


def hrefs(visit: Visit, selector: str) -> list[str | None]:
    return [link.get_attribute("href") for link in visit.find(selector).all()]


def test_the_page_begins_with_what_nginx_sends_by_default(
    chromium: Browser, server: Server
) -> None:
    with visiting(chromium, server.port) as visit:
        visit.open()
        current = visit.find(".trial[aria-current]")
        assert current.get_attribute("data-trial") == "proxy_stripped_upgrade"
        assert visit.text("#responded") == "400 with ws-handshake"
        assert visit.find("#head").input_value().startswith("GET /ws HTTP/1.0\n")


@pytest.mark.parametrize(
    "code", [code for code in REASONS if code not in {*NEVER, RAISES}]
)
def test_the_button_of_a_reason_leads_to_its_rejection(visit: Visit, code: str) -> None:
    reason = REASONS[code]
    visit.press(code)
    assert visit.text("#responded") == f"{reason.status} with ws-handshake"
    assert visit.status(WITH_WS_HANDSHAKE) == str(reason.status)
    assert visit.summary(WITH_WS_HANDSHAKE) == reason.what
    assert visit.text("#about") == reason.what
    response = visit.text("#bytes")
    assert response.startswith(f"HTTP/1.1 {reason.status} ")
    assert f"\nwebsocket-handshake-error: {code}\n" in response
    assert f'"code": "{code}"' in response
    assert visit.text("#logged") == "1 event"
    assert hrefs(visit, "#events .chips > a") == [f"/reasons/{code}"]
    assert f'error.type: "{code}"' in visit.text("#events pre")


def test_where_the_application_raises_uvicorn_responds_and_the_log_says_why(
    visit: Visit,
) -> None:
    visit.press(RAISES)
    assert visit.text("#responded") == "500 with ws-handshake"
    assert visit.summary(WITH_WS_HANDSHAKE) == "“Internal Server Error”, and no reason."
    assert visit.text("#about") == REASONS[RAISES].what
    assert visit.text("#bytes").startswith("HTTP/1.1 500 ")
    assert visit.text("#logged") == "1 event"
    assert hrefs(visit, "#events .chips > a") == ["/reasons/app_did_not_respond"]
    assert 'exception.type: "LookupError in reasons.py:' in visit.text("#events pre")


@pytest.mark.parametrize(
    "row", [row for row in BEHAVIOURS if row.id not in NEVER], ids=lambda row: row.id
)
def test_the_button_of_a_behaviour_leads_to_its_cause(
    visit: Visit, row: object
) -> None:
    behaviour = next(one for one in BEHAVIOURS if one is row)
    visit.press(behaviour.id)
    assert visit.text("#responded") == f"{behaviour.status} with ws-handshake"
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
    catalogue = asked(server.port, "/catalogue.json").parsed
    rows = {row.get("code") or row["id"]: row for row in catalogue["reasons"]}
    rows |= {row["id"]: row for row in catalogue["behaviours"]}
    visit.find(f"[data-trial={trial}]").focus()
    visit.page.keyboard.press("Enter")
    assert visit.text("#about") == (
        "This cannot happen on this server. The Response pane says why."
    )
    assert visit.text("#bytes") == rows[trial]["never"]
    assert (
        visit.summary(WITH_WS_HANDSHAKE)
        == visit.summary(UVICORN_ALONE)
        == "Nothing was sent."
    )
    assert visit.text("#logged") == "0 events"
    assert visit.find("#head").input_value() == ""


@pytest.mark.parametrize("trial", UVICORN)
def test_uvicorn_alone_responds_in_its_own_way_and_nothing_is_logged(
    visit: Visit, trial: str
) -> None:
    status, summary = UVICORN[trial]
    visit.press(trial)
    assert (
        visit.status(UVICORN_ALONE),
        visit.summary(UVICORN_ALONE),
    ) == (
        str(status),
        summary,
    )
    visit.choose(UVICORN_ALONE)
    assert visit.text("#responded") == f"{status} from uvicorn alone"
    response = visit.text("#bytes")
    assert response.startswith(f"HTTP/1.1 {status} ")
    assert "handshake-error" not in response
    assert visit.text("#events") == "uvicorn alone writes no event."
    visit.choose(WITH_WS_HANDSHAKE)
    assert visit.text("#logged") == "1 event"


def test_a_valid_handshake_is_accepted_and_its_token_is_shown(visit: Visit) -> None:
    visit.press("valid")
    assert visit.text("#responded") == "101 with ws-handshake"
    assert visit.summary(WITH_WS_HANDSHAKE) == "Accepted."
    token = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    assert token in visit.text("#violations")
    assert token.lower() in visit.text("#bytes").lower()
    assert "websocket.handshake.accepted" in visit.text("#events pre")


def test_through_nginx_by_default_even_a_valid_handshake_is_rejected(
    visit: Visit,
) -> None:
    proxies.require("nginx")
    visit.press("valid")
    visit.find("#nginx").check()
    try:
        visit.responded()
        visit.until(
            "document.querySelector('#status-with-ws-handshake').textContent === '400'"
        )
        assert "\nServer: nginx/" in visit.text("#bytes")
        assert visit.text("#headline") == "A valid handshake"
        assert hrefs(visit, "#events .chips span a") == [
            "/causes/proxy_stripped_upgrade"
        ]
        visit.responded()
        assert visit.summary(UVICORN_ALONE) == "“Not Found”, and no reason."
    finally:
        visit.find("#nginx").uncheck()
        visit.responded()
