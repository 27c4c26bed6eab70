"""Fixtures for tests of the inspector's page: an application, and a Chromium."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.inspector_visits import inspected
from tests.support.page_visits import browser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser


@pytest.fixture(scope="module", name="port")
def _port() -> Iterator[int]:
    with inspected() as port:
        yield port


@pytest.fixture(scope="module", name="chromium")
def _chromium() -> Iterator[Browser]:
    with browser() as chromium:
        yield chromium
