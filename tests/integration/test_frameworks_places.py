"""What the middleware sees, by its place in the applications of eight frameworks."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.support.docs_examples import DOCS
from tests.support.other_page import is_up_to_date
from tests.support.places_run import PLACES, measure, table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.support.places_run import Place

OUTERMOST = [place for place in PLACES.values() if place.endswith("_around")]
CHANNELS = {"channels_around", "channels_websocket"}

at_every_place = pytest.mark.parametrize("place", PLACES.values())


@pytest.fixture(scope="module", name="measured")
def _measured() -> dict[str, Place]:
    return {place: measure(place) for place in PLACES.values()}


@pytest.mark.parametrize("place", OUTERMOST)
def test_around_the_application_nothing_is_missed(
    measured: Mapping[str, Place], place: str
) -> None:
    assert measured[place].cells[:3] == (
        "400 explained",
        "400 explained",
        "403 explained",
    )


@at_every_place
def test_everywhere_a_valid_handshake_connects_and_a_plain_request_gets_a_response(
    measured: Mapping[str, Place], place: str
) -> None:
    assert (measured[place].echoes, measured[place].plain) == (True, 200)


@at_every_place
def test_everywhere_the_lifespan_of_the_framework_still_works(
    measured: Mapping[str, Place], place: str
) -> None:
    whole = ["startup", "shutdown"]
    assert measured[place].lifespan_events == ([] if place in CHANNELS else whole)


@pytest.mark.parametrize("place", sorted(CHANNELS))
def test_channels_has_no_lifespan_and_uvicorn_logs_that(
    caplog: pytest.LogCaptureFixture, place: str
) -> None:
    with caplog.at_level("INFO", "uvicorn.error"):
        measure(place)
    assert "ASGI 'lifespan' protocol appears unsupported." in caplog.messages


def test_the_page_reports_what_was_measured(measured: Mapping[str, Place]) -> None:
    page = DOCS / "frameworks.md"
    assert is_up_to_date(page, table(measured), renew="RENEW" in os.environ), (
        "docs/frameworks.md is out of date; "
        "RENEW=1 pytest tests/integration/test_frameworks_places.py writes it anew."
    )
