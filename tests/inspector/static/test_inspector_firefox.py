"""The inspector's page in a real Firefox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support import page_firefox
from tests.support.inspector_visits import NO_KEY, PATH, STRIPPED, inspected
from tests.support.page_firefox import tab
from tests.support.wires import ask

if TYPE_CHECKING:
    from pathlib import Path


def test_in_firefox_the_page_is_live_explains_and_judges(tmp_path: Path) -> None:
    path = page_firefox.require()
    with inspected() as port, tab(path, tmp_path) as firefox:
        address = f"http://127.0.0.1:{port}{PATH}"
        firefox.open(address)
        firefox.until("document.querySelector('#live[data-state=open]')")

        for _ in range(3):
            ask(port, NO_KEY.wire())
        ask(port, STRIPPED.wire())
        firefox.until("document.querySelectorAll('.details .config').length === 2")
        rows = "[...document.querySelectorAll('.list tbody tr:not([hidden])')]"
        assert firefox.evaluate(f"{rows}.map(row => row.cells[2].textContent)") == [
            "upgrade_missing +2",
            "key_missing \u00d73",
        ]
        counts = firefox.evaluate("document.querySelector('.counts').textContent")
        assert counts.startswith("0 accepted, 4 rejected since ")
        bars = "document.querySelectorAll('.plot path')[1].getAttribute('d').length"
        firefox.until(f"{bars} > 0")

        firefox.evaluate("document.querySelector('.paste button').click()")
        headline = "document.querySelector('.headline').textContent"
        firefox.until(f"{headline} === 'Read as a request head: to be rejected.'")

        assert firefox.complaints == []
        asked = [url for url in firefox.asked if not url.startswith("data:")]
        assert [url for url in asked if not url.startswith(address)] == []
        assert f"{address}stream" in firefox.asked
