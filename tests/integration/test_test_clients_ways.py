"""Each framework's test client, at each place of ours, sees what it sees without us.

aiohttp's client starts a server of its own, and python-socketio has no client for
tests.
"""

from __future__ import annotations

import re
from contextlib import suppress
from copy import deepcopy
from typing import TYPE_CHECKING

import pytest

from tests.support.client_ways import CLIENTS
from tests.support.docs_examples import DOCS, table
from ws_handshake.testing import recording

if TYPE_CHECKING:
    from tests.support.client_ways import Client, Make, Way

PLACES = [
    pytest.param(client, make, id=f"{name}, {place}")
    for name, client in CLIENTS.items()
    for place, make in client.places.items()
]
WAYS = [
    pytest.param(client, make, way, id=f"{name}, {place}, {number}: {way}")
    for name, client in CLIENTS.items()
    for place, make in client.places.items()
    for number, way in enumerate(client.ways, 1)
]


@pytest.mark.parametrize(("client", "make", "way"), WAYS)
def test_a_test_client_sees_the_same_with_and_without_us(
    client: Client, make: Make, way: Way
) -> None:
    bare = way.use(client.bare(), **deepcopy(way.asked))
    with recording() as records:
        wrapped = way.use(make(), **deepcopy(way.asked))
    assert wrapped == bare == (client.home, way.subprotocol, way.text)
    assert records.codes == [()]


@pytest.mark.parametrize(("client", "make"), PLACES)
def test_a_header_that_the_test_gets_wrong_is_rejected(
    client: Client, make: Make
) -> None:
    with recording() as records, suppress(Exception):
        client.ways[0].use(make(), headers=deepcopy(client.broken))
    assert records.codes == [("extensions_malformed",)]


@pytest.mark.parametrize("name", CLIENTS)
def test_three_ways_or_more_are_tried(name: str) -> None:
    assert len(CLIENTS[name].ways) >= 3


def test_the_page_names_each_client_with_our_places() -> None:
    rows = table(DOCS / "testing.md", "Your framework's own test client")
    named = {
        name: places.replace("`", "")
        for clients, places in rows
        for name in re.findall(r"([\w-]+)'", clients)
    }
    assert named == {name: ", ".join(client.places) for name, client in CLIENTS.items()}
