"""The pytest plugin: a fixture with the records of a test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ws_handshake.testing import Records


@pytest.fixture
def handshake_records() -> Iterator[Records]:
    """All that observers are notified of in this test, acceptances too."""
    # every pytest run loads plugins: those without this fixture load only this file
    from ws_handshake.testing import recording  # noqa: PLC0415  (it is slow)

    with recording() as records:
        yield records
