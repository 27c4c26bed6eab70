"""Real clients see the same with us as with uvicorn alone, on all four stacks."""

from __future__ import annotations

import asyncio
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.support import client_node
from tests.support.client_batteries import BATTERIES
from tests.support.client_seen import COOKIE, MEBIBYTE, OFFERED, Seen
from tests.support.needed import packages
from tests.support.side_by_side import STACKS, pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.side_by_side import Pair

NAMES = [", ".join(stack) for stack in STACKS]
AT_ONCE = 16
NODE = ("Node's ws", "undici")  # a process for each connection
TRIED = [
    pytest.param(name, compress, id=f"{name}, {'deflate' if compress else 'plain'}")
    for name, (_, ways) in BATTERIES.items()
    for compress in ways
]


@pytest.fixture(scope="module", name="served")
def _served() -> Iterator[dict[str, Pair]]:
    packages("picows", "tornado", "websocket")
    with pairs() as served:
        yield served


def expected(client: str, size: int) -> Seen:
    if client == "python-socketio":
        return Seen("websocket", 0, "", "hello", size, None)
    return Seen(OFFERED[0], len(COOKIE), "", "hello", size, 4001)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("client", "compress"), TRIED)
def test_a_client_sees_the_same_as_with_uvicorn_alone(
    served: dict[str, Pair], name: str, client: str, *, compress: bool
) -> None:
    """It has subprotocols, 6 KB of cookies, a mebibyte, and the code of its close."""
    battery, _ = BATTERIES[client]
    pair = served[name]

    async def use() -> tuple[Seen, Seen]:
        bare = battery(pair.bare, compress=compress, size=MEBIBYTE)
        ours = battery(pair.ours, compress=compress, size=MEBIBYTE)
        return await asyncio.gather(bare, ours)

    bare, ours = asyncio.run(asyncio.wait_for(use(), 60))
    assert ours == bare
    assert ours._replace(extensions="") == expected(client, MEBIBYTE)
    if "wsproto" in name:  # uvicorn keeps it from the application then
        assert ours.extensions == ""
    else:
        assert ("permessage-deflate" in ours.extensions) is compress


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("client", [name for name in BATTERIES if name not in NODE])
def test_sixteen_at_once_are_all_served(
    served: dict[str, Pair], name: str, client: str
) -> None:
    battery, (compress, *_) = BATTERIES[client]

    async def use() -> list[Seen]:
        port = served[name].ours
        return await asyncio.gather(
            *(battery(port, compress=compress, size=1000) for _ in range(AT_ONCE))
        )

    seen = asyncio.run(asyncio.wait_for(use(), 60))
    wanted = expected(client, 1000)
    assert [one._replace(extensions="") for one in seen] == [wanted] * AT_ONCE


def test_a_node_without_a_websocket_of_its_own_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    found = client_node._undici.__wrapped__()
    monkeypatch.undo()
    monkeypatch.setattr(client_node, "_undici", lambda: found)
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"needs Node 20\.10"):
        asyncio.run(client_node.undici(1, compress=False, size=1))
