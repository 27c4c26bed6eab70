"""The live part of the demo's page, which is the inspector of the package."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.demos import demo, until
from tests.support.handshakes import VALID
from tests.support.inspector_visits import count, send
from tests.support.page_visits import LAPTOP, PHONE, TABLET, visiting
from tests.support.wires import ask, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.support.page_visits import Visit
    from tests.support.wires import Server

pytest_plugins = ["tests.support.page_stage"]

BROKEN = VALID.without(b"sec-websocket-key")


@pytest.fixture(
    name="visit", params=[PHONE, TABLET, LAPTOP], ids=["390", "768", "1440"]
)
def _visit(
    chromium: Browser, server: Server, request: pytest.FixtureRequest
) -> Iterator[Visit]:
    with visiting(chromium, server.port, viewport=request.param) as visit:
        visit.open()
        yield visit


def listed(visit: Visit) -> str:
    """Return all that is in the list, also what a phone has no room for."""
    return visit.find("#handshakes .list tbody").text_content() or ""


def test_a_trial_is_in_the_list_and_its_codes_lead_to_their_pages(
    visit: Visit,
) -> None:
    before = count(visit, "rejected")
    visit.press("version_missing")
    until(lambda: count(visit, "rejected") > before)
    # the story that the page began with may come into the list as late as this
    newest = visit.find("#handshakes .list tbody tr:visible").first
    until(lambda: "version_missing" in (newest.text_content() or ""))
    newest.locator("button").click()
    link = visit.find("#handshakes .details a").first
    assert link.get_attribute("href") == "/reasons/version_missing"


def test_a_script_in_path_and_user_agent_is_shown_as_text(visit: Visit) -> None:
    path = "/<img/src=x/onerror=window.hacked=1>"
    agent = "<script>window.hacked=1</script>"
    elements = "document.querySelectorAll('script, img, iframe').length"
    before = visit.page.evaluate(elements)
    hostile = VALID.plus(b"user-agent", agent.encode()).asked(target=path.encode())
    send(visit, hostile.wire())
    head = hostile.wire().decode("ascii").replace("\r\n", "\n")
    visit.find("#head").fill(head)
    visit.find("#send").click()
    visit.responded()
    assert agent in visit.text("#lines")
    assert path in visit.text("#ours")
    until(lambda: path in listed(visit))
    assert visit.page.evaluate(elements) == before
    assert visit.page.evaluate("window.hacked === undefined")


def test_after_a_restart_of_the_server_the_page_comes_back_by_itself(
    chromium: Browser, tmp_path: Path
) -> None:
    port = free_port()
    with visiting(chromium, port) as visit:
        with demo(tmp_path / "first", port=port):
            visit.open()
            send(visit, BROKEN.wire(), 5)
        visit.find("#handshakes[data-state=closed]").wait_for()
        with demo(tmp_path / "second", port=port):
            visit.connected()
            until(lambda: count(visit, "rejected") == 0)
            send(visit, BROKEN.wire())
            until(lambda: "key_missing" in listed(visit))
        visit.complaints.clear()  # the browser's own, for each attempt


def test_all_that_is_open_gets_everything(chromium: Browser, server: Server) -> None:
    with visiting(chromium, server.port) as one, visiting(chromium, server.port) as two:
        one.open()
        two.open()
        wanted = count(one, "rejected") + 100  # each page sends its first trial, too
        for _ in range(100):
            assert ask(server.port, BROKEN.wire()).status == 400
        until(lambda: count(one, "rejected") == count(two, "rejected") >= wanted)
