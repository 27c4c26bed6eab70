"""The demo's page in a real Firefox, and how that Firefox is started."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.support import page_firefox
from tests.support.demos import demo
from tests.support.handshakes import VALID
from tests.support.page_firefox import tab
from tests.support.wires import ask

if TYPE_CHECKING:
    from pathlib import Path

TOLD = "document.querySelector('#story').ariaBusy === 'false'"


def test_in_firefox_the_story_is_told_a_paste_is_judged_and_the_table_moves(
    tmp_path: Path,
) -> None:
    path = page_firefox.require()
    with demo(tmp_path / "log") as server, tab(path, tmp_path) as firefox:
        address = f"http://127.0.0.1:{server.port}/"
        firefox.open(address)
        firefox.until("document.querySelector('#handshakes').dataset.state === 'open'")
        firefox.until(TOLD)
        assert firefox.evaluate("document.querySelector('h1').textContent") == (
            "nginx removed the Upgrade and Connection headers."
        )

        firefox.evaluate("document.querySelector('[data-trial=key_malformed]').click()")
        firefox.until(f"{TOLD} && document.querySelector('#lines .marked')")
        statuses = (
            "[...document.querySelectorAll('#outcome .status')].map(s => s.textContent)"
        )
        assert firefox.evaluate(statuses)[:3] == ["101", "400", "400"]
        link = firefox.evaluate(
            "document.querySelector('#fixes a').getAttribute('href')"
        )
        assert link == "/reasons/key_malformed"
        firefox.evaluate("document.querySelector('#edit').click()")
        firefox.until("document.querySelector('#marks .marked')")
        marked = "document.querySelector('#marks .marked').textContent"
        assert firefox.evaluate(marked) == "Sec-WebSocket-Key: AAAA"

        for _ in range(5):
            ask(server.port, VALID.asked(target=b"/by-hand").wire())
        shown = "document.querySelector('#handshakes .list').textContent"
        firefox.until(f"{shown}.includes('/by-hand')")
        counted = "document.querySelector('.counts .rejected').textContent"
        firefox.until(f"{counted} === '7'")

        assert firefox.complaints == []
        # Firefox draws the triangle of <details> with a font of its own
        ours = (address, "data:font/")
        assert all(url.startswith(ours) for url in firefox.asked)


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
