"""Fixtures of the page's tests, as a plugin: a demo and a Chromium for each module."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.demos import demo
from tests.support.page_visits import browser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.support.wires import Server


# Not for the whole session: Playwright's loop would be in the way of other tests'.
@pytest.fixture(scope="module", name="server")
def _server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with demo(tmp_path_factory.mktemp("demo") / "log") as server:
        yield server


@pytest.fixture(scope="module", name="chromium")
def _chromium() -> Iterator[Browser]:
    with browser() as chromium:
        yield chromium
