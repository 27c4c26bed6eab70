"""The demo's page in a real Firefox: every control of it, at three widths."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.support import page_firefox
from tests.support.demos import demo
from tests.support.handshakes import VALID
from tests.support.page_firefox import tab
from tests.support.page_visits import LAPTOP, PHONE, TABLET
from tests.support.wires import ask

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.page_firefox import Tab
    from tests.support.wires import Server

RESPONDED = "document.querySelector('#story').ariaBusy === 'false'"
LOG = f"2026-11-30 INFO client: {VALID.without(b'upgrade').wire().decode()}"


@pytest.fixture(scope="module", name="server")
def _server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with demo(tmp_path_factory.mktemp("demo") / "log") as server:
        yield server


@pytest.fixture(scope="module", name="firefox")
def _firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with tab(page_firefox.require(), tmp_path_factory.mktemp("firefox")) as firefox:
        yield firefox


# One page for all tests of a width, in their order.
@pytest.fixture(
    scope="module",
    name="opened",
    params=[PHONE, TABLET, LAPTOP],
    ids=["390", "768", "1440"],
)
def _opened(firefox: Tab, server: Server, request: pytest.FixtureRequest) -> str:
    firefox.resize(**request.param)
    address = f"http://127.0.0.1:{server.port}/"
    firefox.open(f"{address}404")  # or only the part behind "#" would change
    firefox.asked.clear()
    firefox.complaints.clear()
    firefox.open(address)
    firefox.until("document.querySelector('#handshakes').dataset.state === 'open'")
    return address


@pytest.fixture(name="page")
def _page(firefox: Tab, opened: str) -> Iterator[Tab]:
    firefox.until(RESPONDED)
    yield firefox
    assert firefox.complaints == []
    # Firefox draws the triangle of <details> with a font of its own
    assert all(url.startswith((opened, "data:font/")) for url in firefox.asked)


def text(page: Tab, selector: str) -> str:
    found: str = page.evaluate(f"document.querySelector({selector!r}).textContent")
    return found


def test_the_story_its_switch_and_its_buttons(page: Tab) -> None:
    assert text(page, "h1") == "nginx removed the Upgrade and Connection headers."
    page.press("#nginx")
    page.until(f"{RESPONDED} && !document.querySelector('#nginx').checked")
    page.press("[data-trial=key_malformed]")
    page.until(f"{RESPONDED} && document.querySelector('#lines .marked')")
    assert page.evaluate("location.hash") == "#key_malformed"
    statuses = "[...document.querySelectorAll('#outcome .status')]"
    assert page.evaluate(f"{statuses}.map(s => s.textContent)")[:3] == [
        *("101", "400", "400")
    ]
    link = page.evaluate("document.querySelector('#fixes a').getAttribute('href')")
    assert link == "/reasons/key_malformed"
    for folded in ("#ours .response details", "#ours > details"):
        assert not page.evaluate(f"document.querySelector({folded!r}).open")
        page.press(f"{folded} summary")
        assert page.evaluate(f"document.querySelector({folded!r}).open")
    for button in ("#copy", "#outcome .copy"):
        page.press(button)
        page.until(f"document.querySelector({button!r}).textContent.includes('Copied')")
    page.press("#edit")
    page.until("document.querySelector('#marks .marked')")
    assert text(page, "#marks .marked") == "Sec-WebSocket-Key: AAAA"


def test_the_trials_are_searched_chosen_with_keys_and_sent_together(page: Tab) -> None:
    shown = "[...document.querySelectorAll('li:not([hidden]) .trial')]"
    everything = page.evaluate(f"{shown}.length")
    page.evaluate("document.activeElement.blur()")  # in the editor "/" is a letter
    page.keys("/", "nginx")
    assert 0 < page.evaluate(f"{shown}.length") < everything
    page.keys("\ue007")  # Enter
    page.until(f"{RESPONDED} && document.querySelector('.trial[aria-current]')")
    first, current = f"{shown}[0]", "document.querySelector('.trial[aria-current]')"
    assert page.evaluate(f"{first} === {current}")
    page.evaluate("document.querySelector('#search').value = ''")
    page.evaluate("document.querySelector('#search').dispatchEvent(new Event('input'))")
    page.press("#never summary")
    assert page.evaluate("document.querySelector('#never').open")
    page.press("#all")
    page.until("!document.querySelector('#all').disabled")


def test_a_paste_is_judged_taken_apart_and_sent(page: Tab) -> None:
    field = "document.querySelector('#head')"
    page.press("#head")
    page.evaluate(f"{field}.value = {LOG!r}")
    page.evaluate(f"{field}.dispatchEvent(new Event('input'))")
    page.until("document.querySelector('#verdict .note button')")
    page.press("#verdict .note button")
    page.until(f"{field}.value.startsWith('GET /ws HTTP/1.1')")
    page.until("document.querySelector('#headline').dataset.outcome === 'rejected'")
    sent = f"{RESPONDED} && document.querySelector('#trial').textContent"
    page.press("#send")
    page.until(f"{sent} === 'Your own request'")
    page.press("[data-trial=key_malformed]")
    page.until(f"{sent} === 'key_malformed'")
    page.press("#head")
    page.keys("\ue009\ue007")  # Control and Enter
    page.until(f"{sent} === 'Your own request'")


def test_the_live_part_pauses_filters_draws_and_shows_details(
    page: Tab, server: Server
) -> None:
    for _ in range(5):
        ask(server.port, VALID.asked(target=b"/by-hand").wire())
    page.until(
        "document.querySelector('#handshakes .list').textContent.includes('/by-hand')"
    )
    held = "document.querySelector('.held').textContent"
    for label, shown in (
        ("Resume", f"{held}.startsWith('This page is paused')"),
        ("Pause", f"{held} === ''"),  # as it goes, what is to be pressed moves
    ):
        page.press(".pause")
        page.until(f"document.querySelector('.pause').textContent === '{label}'")
        page.until(shown)
    page.press(".only")
    page.press("[name=drawn][value=reason]")
    page.until("document.querySelector('.legend').textContent.includes('_')")
    page.press("#handshakes tbody tr:not([hidden]) button")
    page.until("document.querySelector('.details').open")
    assert "data-pinned" in page.evaluate(
        "document.querySelector('.details').getAttributeNames()"
    )
    page.press(".details-body details summary")
    assert page.evaluate("document.querySelector('.details-body details').open")
    if page.evaluate("document.querySelector('.details').matches(':modal')"):
        page.press(".details-bar button:nth-of-type(2)")
        page.until("!document.querySelector('.details').open")
    else:
        page.press(".details-bar button:nth-of-type(1)")
        page.until("!document.querySelector('.details').hasAttribute('data-pinned')")


def test_every_link_leads_to_a_page_or_a_place_in_this_one(page: Tab) -> None:
    links = page.evaluate(
        "[...document.querySelectorAll('a')].map(link => link.getAttribute('href'))"
    )
    places = {link for link in links if link.startswith("#")}
    assert {"#break", "#paste", "#live"} <= places
    for link in sorted(set(links)):
        if link in places:
            assert page.evaluate(f"document.querySelector({link!r}) !== null")
        else:
            assert page.evaluate(f"fetch({link!r}).then(it => it.status)") == 200


def test_a_firefox_that_does_not_start_is_reported_with_its_log(
    tmp_path: Path,
) -> None:
    silent = shutil.which("true") or "true"
    with pytest.raises(RuntimeError, match=r"^Firefox did not come up: "):
        tab(silent, tmp_path).__enter__()


def test_without_firefox_the_test_is_skipped_but_fails_on_ci(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"^firefox .*: apt-get install"):
        page_firefox.require()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=r"^firefox .*: apt-get install"):
        page_firefox.require()
