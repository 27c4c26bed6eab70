"""The trials of the demo's page, in a real Chromium: groups, search, keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from demo_app.inspector.trials.catalogue import TRIALS
from demo_app.inspector.trials.reasons import Never
from tests.support.demos import until
from tests.support.inspector_visits import count
from tests.support.page_visits import LAPTOP, PHONE, TABLET, visiting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.support.page_visits import Visit
    from tests.support.wires import Server

pytest_plugins = ["tests.support.page_stage"]

POSSIBLE = {name for name, one in TRIALS.items() if not isinstance(one.sends, Never)}


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


def shown(visit: Visit) -> list[str | None]:
    return [
        button.get_attribute("data-trial")
        for button in visit.find(".trial:visible").all()
    ]


def focused(visit: Visit) -> str:
    name: str = visit.page.evaluate(
        "document.activeElement.dataset.trial ?? document.activeElement.id"
    )
    return name


def test_there_is_a_button_for_all_that_can_happen_in_groups(visit: Visit) -> None:
    assert set(shown(visit)) == POSSIBLE
    assert visit.texts(".group h3") == [
        *("A proxy", "A client", "A route", "A server", "The bytes")
    ]
    assert visit.text("#found") == f"{len(POSSIBLE)} trials"
    for name in ("One slash too many", "curl with half a handshake", "key_missing"):
        visit.page.get_by_role("button", name=name, exact=True).wait_for()


def test_what_cannot_happen_here_stands_in_its_own_place_with_the_reason(
    visit: Visit,
) -> None:
    impossible = {name: one for name, one in TRIALS.items() if name not in POSSIBLE}
    visit.find("#never summary").click()
    assert visit.find("#never dt").count() == len(impossible) == 10
    for name, one in impossible.items():
        assert isinstance(one.sends, Never)
        assert visit.text(f"#never [data-id={name}] dd") == one.sends.why
    assert visit.find("#never button").count() == 0
    visit.find("#never summary").click()


def test_the_search_finds_by_title_code_and_sentence(visit: Visit) -> None:
    search = visit.find("#search")
    search.fill("nginx VARIABLE")
    assert shown(visit) == ["proxy_miswrote_upgrade"]
    assert visit.texts(".group h3:visible") == ["A proxy"]
    assert visit.text("#found") == "1 trial"
    search.fill("is not base64")
    assert shown(visit) == ["key_malformed"]
    search.fill("socket.io")
    assert shown(visit) == []
    assert visit.text("#never").count("There is no Socket.IO") == 1
    search.press("Enter")  # there is nothing to send
    search.fill("")
    assert set(shown(visit)) == POSSIBLE
    assert not visit.find("#never dd").first.is_visible()


def test_the_keyboard_searches_and_sends(visit: Visit) -> None:
    keys = visit.page.keyboard
    visit.page.evaluate("document.activeElement.blur()")
    keys.press("/")
    assert focused(visit) == "search"
    keys.type("version")
    keys.press("Enter")
    visit.responded()
    assert visit.text("#trial") == TRIALS[shown(visit)[0] or ""].title
    current = visit.find(".trial[aria-current]")
    assert current.get_attribute("data-trial") == shown(visit)[0]
    visit.find("#search").focus()
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    assert focused(visit) == shown(visit)[1]
    keys.press("Home")
    keys.press("ArrowLeft")
    assert focused(visit) == shown(visit)[0]
    keys.press("End")
    assert focused(visit) == shown(visit)[-1]
    keys.press("Enter")
    visit.responded()
    assert visit.text("#trial") == TRIALS[shown(visit)[-1] or ""].title
    visit.find(".trial:visible").last.focus()
    keys.press("Escape")
    assert focused(visit) == "search"
    visit.find("#search").fill("")


def test_a_press_leads_to_the_story_and_into_the_address(visit: Visit) -> None:
    visit.press("browser_tab")
    assert visit.page.evaluate("location.hash") == "#browser_tab"
    assert visit.page.evaluate("scrollY") < 100
    assert visit.text("#trial") == "A browser that opens /ws by hand"


def test_the_address_names_a_trial(chromium: Browser, server: Server) -> None:
    with visiting(chromium, server.port) as visit:
        visit.open("/#browser_tab")
        current = visit.find(".trial[aria-current]")
        assert current.get_attribute("data-trial") == "browser_tab"
        visit.page.evaluate("location.hash = '#version_missing'")
        until(lambda: visit.text("#trial") == "version_missing")


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
        before = count(visit, "rejected")
        visit.page.evaluate(WATCHING_THE_BUTTON)  # it is disabled for a moment only
        visit.find("#all").click()
        visit.until("window.disabled.length === 2")
        assert visit.page.evaluate("window.disabled") == [True, False]
        assert visit.text("#all") == "Send all"
        until(lambda: count(visit, "rejected") > before + 40)
