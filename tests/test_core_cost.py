"""What hostile heads cost: time linear in their bytes, and little of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.handshakes import SOUND
from tests.stopwatch import is_linear, takes_less_than
from ws_handshake import Policy, RequestHead, judge
from ws_handshake.policy import Limits

if TYPE_CHECKING:
    from collections.abc import Callable

KIB = 1024
ORIGINS = ["same-origin", "null", "https://example.com", "https://*.example.com"]
POLICIES = {
    "usual": Policy(),
    "with limits of 1 MiB": Policy(
        limits=Limits(line_bytes=KIB * KIB, lines=KIB * KIB)
    ),
    "with limits of 1 MiB and origins": Policy(
        allowed_origins=ORIGINS, limits=Limits(line_bytes=KIB * KIB, lines=KIB * KIB)
    ),
}


@dataclass(frozen=True)
class Family:
    """A field whose value is one unit over and over, behind a sound beginning."""

    name: bytes
    start: bytes
    unit: bytes

    def head(self, size: int) -> RequestHead:
        """Return a head of this many bytes."""
        value = self.start + self.unit * (size // len(self.unit))
        return SOUND.but(self.name, value[:size]).head()


UPGRADE, CONNECTION = b"upgrade", b"connection"
PROTOCOL, EXTENSIONS = b"sec-websocket-protocol", b"sec-websocket-extensions"
KEY, VERSION = b"sec-websocket-key", b"sec-websocket-version"
FAMILIES = {
    "commas in Upgrade": Family(UPGRADE, b"websocket", b","),
    "protocols in Upgrade": Family(UPGRADE, b"websocket,", b"HTTP/2.0, "),
    "slashes in Upgrade": Family(UPGRADE, b"websocket,a", b"/"),
    "tokens in Upgrade": Family(UPGRADE, b"", b"websocket, "),
    "almost websocket": Family(UPGRADE, b"", b"websocke"),
    "commas in Connection": Family(CONNECTION, b"Upgrade", b", "),
    "tokens in Connection": Family(CONNECTION, b"", b"upgrade2,"),
    "spaces in Connection": Family(CONNECTION, b"Upgrade,", b" "),
    "tabs in Connection": Family(CONNECTION, b"a\tb", b"\t"),
    "commas in Protocol": Family(PROTOCOL, b"", b","),
    "tokens in Protocol": Family(PROTOCOL, b"", b"chat, "),
    "one token": Family(PROTOCOL, b"", b"a"),
    "spaces between commas": Family(PROTOCOL, b"a", b" , \t"),
    "bytes above 0x7f": Family(PROTOCOL, b"a", b"\xff"),
    "names of extensions": Family(EXTENSIONS, b"", b"abc, "),
    "semicolons": Family(EXTENSIONS, b"x", b";"),
    "parameters": Family(EXTENSIONS, b"x", b"; abc"),
    "parameters with values": Family(EXTENSIONS, b"x", b";a=b"),
    "quotes": Family(EXTENSIONS, b"x;a=", b'"'),
    "quoted values": Family(EXTENSIONS, b"", b'x; a="b", '),
    "backslashes": Family(EXTENSIONS, b'x;a="', b"\\"),
    "escapes in an open quote": Family(EXTENSIONS, b'x;a="', b"\\c"),
    "escapes in many quotes": Family(EXTENSIONS, b"x", b';a="\\b\\c"'),
    "equals signs": Family(EXTENSIONS, b"x;a", b"="),
    "spaces before a value": Family(EXTENSIONS, b"x;a=", b" "),
    "commas in the key": Family(KEY, b"", b","),
    "keys in the key": Family(KEY, b"", b"dGhlIHNhbXBsZSBub25jZQ==, "),
    "commas in the version": Family(VERSION, b"13", b","),
    "digits in the version": Family(VERSION, b"", b"13"),
    "commas in Origin": Family(b"origin", b"https://a", b", "),
    "a long origin": Family(b"origin", b"https://", b"a."),
    "a long host": Family(b"host", b"", b"a."),
    "percents in Host": Family(b"host", b"", b"%41"),
    "brackets in Host": Family(b"host", b"[", b":1"),
    "zeros in Content-Length": Family(b"content-length", b"", b"0"),
    "a long cookie": Family(b"cookie", b"a=", b"b"),
}


def many_lines(size: int, name: bytes, value: bytes) -> RequestHead:
    number = size // (len(name) + len(value) + 4)
    return SOUND.head(headers=[*SOUND.headers, *[(name, value)] * number])


HEADS: dict[str, Callable[[int], RequestHead]] = {
    **{name: family.head for name, family in FAMILIES.items()},
    "many short lines": partial(many_lines, name=b"a", value=b""),
    "many lines of Host": partial(many_lines, name=b"host", value=b"a"),
    "many lines of Upgrade": partial(many_lines, name=b"Upgrade", value=b"a"),
    "many lines of extensions": partial(many_lines, name=EXTENSIONS, value=b"x;a=b"),
}
every_family = pytest.mark.parametrize("family", HEADS)
every_policy = pytest.mark.parametrize("policy", POLICIES)


@every_policy
@every_family
@pytest.mark.parametrize("upgraded", [False, True], ids=["", "upgraded"])
def test_the_cost_of_a_head_is_linear_in_its_bytes(
    family: str, policy: str, *, upgraded: bool
) -> None:
    small, large = (
        partial(
            judge, HEADS[family](size)._replace(upgraded=upgraded), POLICIES[policy]
        )
        for size in (4 * KIB, 64 * KIB)
    )

    assert is_linear(small, large)


@every_policy
@every_family
def test_64_kib_are_judged_in_less_than_2_ms(family: str, policy: str) -> None:
    assert takes_less_than(
        2e-3, partial(judge, HEADS[family](64 * KIB), POLICIES[policy])
    )


@every_family
def test_every_family_of_64_kib_is_64_kib(family: str) -> None:
    head = HEADS[family](64 * KIB)
    size = sum(len(name) + len(value) + 4 for name, value in head.headers)

    assert 64 * KIB - 64 <= size <= 65 * KIB
