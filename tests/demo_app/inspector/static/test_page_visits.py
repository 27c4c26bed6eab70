"""What the page's tests see with: no complaint of a page is overlooked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import page_firefox
from tests.support.page_contrast import Colour, texts
from tests.support.page_visits import visiting

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.support.wires import Server

pytest_plugins = ["tests.support.page_stage"]


IMAGE = """document.body.append(Object.assign(
    document.createElement("img"), {src: "http://127.0.0.2:9/elsewhere"}))"""


def test_what_a_page_must_not_do_is_noticed(chromium: Browser, server: Server) -> None:
    with visiting(chromium, server.port) as visit:
        visit.open()
        assert visit.all_complaints() == []
        visit.page.evaluate("console.log('a word')")
        visit.page.evaluate("setTimeout(() => { throw Error('an error'); })")
        visit.when(lambda: visit.all_complaints() == ["a word", "an error"])
        visit.complaints.clear()
        visit.page.evaluate("document.body.setAttribute('style', 'color: red')")
        visit.when(lambda: visit.all_complaints()[1:] == ["style-src-attr inline"])
        visit.page.evaluate("window.violations = []")
        visit.complaints.clear()
        visit.page.evaluate(f"() => {{ {IMAGE} }}")
        elsewhere = "http://127.0.0.2:9/elsewhere"
        wanted = [f"img-src {elsewhere}", elsewhere]
        visit.when(lambda: visit.all_complaints()[1:] == wanted)
        visit.page.evaluate("window.violations = []")
        visit.complaints.clear()
        visit.asked.clear()


def test_a_text_that_can_hardly_be_read_is_noticed(
    chromium: Browser, server: Server
) -> None:
    with visiting(chromium, server.port) as visit:
        visit.open()
        visit.page.evaluate("document.querySelector('.home').style.color = '#999'")
        (faint,) = [one for one in texts(visit.page) if one.ratio < one.wanted]
        assert faint.text == "ws-handshake"
        assert round(faint.ratio, 1) == 2.6


def test_black_on_white_has_all_the_contrast_and_half_a_colour_is_mixed() -> None:
    black, white = Colour.of("rgb(0, 0, 0)"), Colour.of("rgb(255, 255, 255)")
    assert white.luminance == pytest.approx(1)
    assert black.luminance == 0
    assert Colour.of("rgba(255, 0, 0, 0.5)").over(black)[:3] == (127.5, 0, 0)


def test_a_word_on_the_console_of_firefox_is_noticed(tmp_path: Path) -> None:
    with page_firefox.tab(page_firefox.require(), tmp_path) as firefox:
        firefox.evaluate("console.log('a word')")
        firefox.until("true")
        assert firefox.complaints == ["a word"]
