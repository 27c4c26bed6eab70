"""The pages of reasons, causes and docs/ in a real Chromium: code, and its copies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.demos import until
from tests.support.page_visits import LAPTOP, PHONE, TABLET, visiting

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.support.page_visits import Visit
    from tests.support.wires import Server

pytest_plugins = ["tests.support.page_stage"]

SIZES = [PHONE, TABLET, LAPTOP]
RIGHTS = ["clipboard-read", "clipboard-write"]


def copied(visit: Visit, number: int) -> str:
    button = visit.find(".copy").nth(number)
    button.click()
    until(lambda: button.inner_text().startswith("Copied"))
    text: str = visit.page.evaluate("navigator.clipboard.readText()")
    return text


@pytest.mark.parametrize("size", SIZES, ids=["390", "768", "1440"])
def test_the_lines_of_a_cause_have_their_places_colours_and_buttons(
    chromium: Browser, server: Server, size: dict[str, int]
) -> None:
    settings = {"permissions": RIGHTS, "viewport": size}
    with visiting(chromium, server.port, **settings) as visit:
        visit.page.goto(f"{visit.address}/causes/proxy_stripped_upgrade")
        assert visit.texts(".fix figcaption > span") == [
            *("nginx, http { }", "nginx, location { }")
        ]
        assert visit.find(".fix .tok-variable").first.inner_text() == "$http_upgrade"
        assert visit.find(".fix .place").count() == 0
        assert copied(visit, 0).startswith("map $http_upgrade $connection_upgrade {\n")
        fix = visit.find(".fix").bounding_box()
        assert fix is not None
        assert fix["y"] < size["height"] / 2


def test_of_a_terminal_only_the_command_is_copied(
    chromium: Browser, server: Server
) -> None:
    with visiting(chromium, server.port, permissions=RIGHTS) as visit:
        visit.page.goto(f"{visit.address}/docs/demo")
        assert copied(visit, 0) == "make demo"


def test_one_leads_to_the_next_back_and_to_the_trial(
    chromium: Browser, server: Server
) -> None:
    with visiting(chromium, server.port) as visit:
        visit.page.goto(f"{visit.address}/reasons/key_missing")
        visit.find("[rel=next]").click()
        assert visit.page.url.endswith("/reasons/key_malformed")
        visit.find("[rel=prev]").click()
        assert visit.page.url.endswith("/reasons/key_missing")
        visit.find(".send").click()
        visit.responded()
        assert visit.text("#trial") == "key_missing"
