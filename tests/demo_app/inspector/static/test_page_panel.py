"""The buttons of the demo's page, in a real Chromium, and what stands beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo_app.inspector.trials.behaviours import BEHAVIOURS
from demo_app.inspector.trials.catalogue import TRIALS
from tests.support.demos import asked, until
from tests.support.page_visits import visiting
from ws_handshake.core.reasons import CATALOGUE
from ws_handshake.diagnosis.causes import CAUSES

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.support.wires import Server

pytest_plugins = ["tests.support.page_stage"]

REASONS = [reason.code for reason in CATALOGUE]
NEVER = {*REASONS, *(row.id for row in BEHAVIOURS)} - TRIALS.keys()


def test_there_is_a_button_for_every_reason_and_cause_and_each_is_named(
    chromium: Browser, server: Server
) -> None:
    with visiting(chromium, server.port) as visit:
        visit.open()
        buttons = visit.find(".trial").all()
        ids = [button.get_attribute("data-trial") for button in buttons]
        assert len(ids) == len(set(ids))
        assert set(ids) == {"valid", "http2_preface", *REASONS, *CAUSES}
        names = {code: code for code in REASONS}
        names |= {row.id: row.title for row in BEHAVIOURS}
        for trial, name in names.items():
            named = visit.page.get_by_role("button", name=name, exact=True)
            assert named.get_attribute("data-trial") == trial
        greyed = visit.find(".trial[aria-disabled=true]").all()
        assert {button.get_attribute("data-trial") for button in greyed} == NEVER


def test_without_nginx_the_page_says_what_to_install(
    chromium: Browser, server: Server
) -> None:
    with visiting(chromium, server.port) as visit:
        catalogue = asked(server.port, "/catalogue.json").parsed
        catalogue["nginx"] = {"available": False, "install": "apt-get install nginx"}
        visit.page.route(
            "**/catalogue.json", lambda route: route.fulfill(json=catalogue)
        )
        visit.open()
        assert visit.find("#nginx").is_disabled()
        assert visit.text("#nginx-note") == "apt-get install nginx."


def test_a_link_to_a_code_opens_its_trial(chromium: Browser, server: Server) -> None:
    with visiting(chromium, server.port) as visit:
        visit.open("/#browser_tab")
        current = visit.find(".trial[aria-current]")
        assert current.get_attribute("data-trial") == "browser_tab"
        inside = visit.find("#buttons").bounding_box()
        button = current.bounding_box()
        assert inside is not None
        assert button is not None
        assert inside["y"] <= button["y"]
        assert button["y"] + button["height"] <= inside["y"] + inside["height"]
        visit.page.evaluate("location.hash = '#version_missing'")
        visit.until(
            "document.querySelector('#summary-with-ws-handshake').textContent.includes('Version')"
        )
        visit.responded()
        assert visit.text("#responded") == "400 with ws-handshake"


WATCHING_THE_BUTTON = """() => {
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
        visit.page.evaluate(WATCHING_THE_BUTTON)  # it is disabled for a moment only
        visit.find("#all").click()
        visit.until("window.disabled.length === 2")
        assert visit.page.evaluate("window.disabled") == [True, False]
        assert visit.text("#all") == "Send all"
        shown = "document.querySelectorAll('#rows tr:not([hidden])').length"
        visit.until(f"{shown} > {len(TRIALS)}")


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


def test_a_server_that_is_gone_is_reported_in_a_sentence(
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
