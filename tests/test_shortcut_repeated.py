"""What the short way remembers of what clients write in the same way every time."""

from __future__ import annotations

import pytest

from tests.handshakes import SOUND, Handshake
from ws_handshake import Policy, judge
from ws_handshake.policy import Limits
from ws_handshake.shortcut import _remembered, first_sight

# What clients write in the same way every time: the rules have been asked before.
REPEATED: dict[str, tuple[Handshake, tuple[str, ...]]] = {
    "no host": (SOUND.without(b"host"), ("host_missing",)),
    "no upgrade": (SOUND.without(b"upgrade"), ("upgrade_missing",)),
    "no connection": (SOUND.without(b"connection"), ("connection_missing",)),
    "no version": (SOUND.without(b"sec-websocket-version"), ("version_missing",)),
    "no key": (SOUND.without(b"sec-websocket-key"), ("key_missing",)),
    "a list in Upgrade": (SOUND.but(b"upgrade", b"h2c, websocket"), ()),
    "another protocol": (SOUND.but(b"upgrade", b"h2c"), ("upgrade_not_websocket",)),
    "a list in Connection": (SOUND.but(b"connection", b"a, Upgrade"), ()),
    "another version of the protocol": (
        SOUND.but(b"sec-websocket-version", b"8"),
        ("version_unsupported",),
    ),
    "an IPv6 host": (SOUND.but(b"host", b"[::1]"), ()),
    "a port of five digits": (SOUND.but(b"host", b"localhost:65535"), ()),
    "space around the host": (SOUND.but(b"host", b" a\t"), ()),
    "several at once": (
        SOUND.without(b"upgrade", b"sec-websocket-key"),
        ("upgrade_missing", "key_missing"),
    ),
}


@pytest.mark.parametrize("name", REPEATED)
def test_what_the_rules_say_of_what_is_repeated_is_known(name: str) -> None:
    handshake, codes = REPEATED[name]
    head = handshake.head()

    for policy in (Policy(), Policy(limits=Limits(line_bytes=7000))):
        sight = first_sight(head, policy)
        assert not sight.asked
        assert tuple(finding.reason.code for finding in sight.found) == codes
    of_upgraded = first_sight(head._replace(upgraded=True), Policy())
    assert {f.reason.code for f in of_upgraded.found} == {
        code for code in codes if not code.endswith("_missing")
    }


def test_of_what_is_long_as_much_is_known_and_not_kept() -> None:
    padded = SOUND.but(b"upgrade", b"h2c, " * 1601)
    long = SOUND.but(b"upgrade", b"a" * 9000 + b", websocket,,")
    broad = Policy(limits=Limits(line_bytes=20_000))

    _remembered.cache_clear()
    for head, policy in ((padded.head(), Policy()), (long.head(), broad)):
        sight = first_sight(head, policy)
        assert not sight.asked
        assert sight.found == judge(head, policy).findings
    assert len(first_sight(padded.head(), Policy()).found) == 1
    without = padded.without(b"connection").head()
    assert len(first_sight(without, Policy()).found) == 2
    assert len(first_sight(without._replace(upgraded=True), Policy()).found) == 1
    assert _remembered.cache_info().currsize == 0


def test_only_what_is_short_is_kept() -> None:
    _remembered.cache_clear()
    long = SOUND.but(b"host", b"a" * 8000)
    assert first_sight(long.head(), Policy()).plain
    assert _remembered.cache_info().currsize == 0
    assert first_sight(SOUND.head(), Policy()).plain
    assert _remembered.cache_info().currsize == 1


@pytest.mark.parametrize("lines", [1, 8, 60])
def test_what_is_short_in_a_long_head_is_known_from_a_short_one(lines: int) -> None:
    _remembered.cache_clear()
    head = SOUND.head()
    padding = [(b"x-%d" % number, b"a" * 1000) for number in range(lines)]
    assert first_sight(head, Policy()).plain
    assert first_sight(head._replace(headers=[*head.headers, *padding]), Policy()).plain
    assert _remembered.cache_info().misses == 1
