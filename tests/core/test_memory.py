"""What is judged is not kept: no cache grows by the bytes that clients send."""

from __future__ import annotations

import gc
import tracemalloc
from typing import TYPE_CHECKING

import pytest

from tests.support.handshakes import VALID, Handshake
from ws_handshake import Policy, judge
from ws_handshake.core.policy import Limits
from ws_handshake.outcome.problem import render
from ws_handshake.outcome.rejection import explained
from ws_handshake.uvicorn.report import POLICY

if TYPE_CHECKING:
    from collections.abc import Callable

LONG = 200_000
OFTEN = 5
POLICIES = {"usual": POLICY, "raised": Policy(limits=Limits(line_bytes=2 * LONG))}


def _in_value(name: bytes) -> Callable[[bytes], Handshake]:
    return lambda long: VALID.but(name, long)


PLACES: dict[str, Callable[[bytes], Handshake]] = {
    "the name of a field": lambda long: VALID.plus(long, b"1"),
    "a name of the handshake": lambda long: VALID.plus(b"sec-websocket-" + long, b"1"),
    "many names": lambda long: Handshake(
        headers=(*VALID.headers, *((long[:9000] + b"%d" % n, b"") for n in range(100)))
    ),
    "the target": lambda long: VALID.asked(target=b"/" + long),
    "the method": lambda long: VALID.asked(method=long.decode("ascii")),
    "the version": lambda long: VALID.asked(version=long.decode("ascii")),
    "cookies": lambda long: VALID.plus(b"cookie", long),
    "User-Agent": lambda long: VALID.plus(b"user-agent", b"curl/" + long),
    "Via": lambda long: VALID.without(b"upgrade").plus(b"via", long),
    **{name.decode("ascii"): _in_value(name) for name, _ in VALID.headers},
    "subprotocols": lambda long: VALID.plus(b"sec-websocket-protocol", long),
    "extensions": lambda long: VALID.plus(b"sec-websocket-extensions", long),
    "an origin": lambda long: VALID.plus(b"origin", b"https://" + long),
    "a length": lambda long: VALID.plus(b"content-length", long),
}


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("place", PLACES)
def test_no_bytes_of_a_long_name_or_value_are_kept(place: str, policy: str) -> None:
    for number in range(OFTEN):
        if number == 1:  # the first has filled what is filled once
            gc.collect()
            tracemalloc.start()
        _judge_and_render(PLACES[place](b"%d" % number + b"a" * LONG), policy)
    gc.collect()
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert kept < LONG / 4


def _judge_and_render(handshake: Handshake, policy: str) -> None:
    request = handshake.head()
    verdict = judge(request, POLICIES[policy])
    if verdict.violations:
        render(explained(request, verdict.violations, POLICIES[policy]), http1=True)
