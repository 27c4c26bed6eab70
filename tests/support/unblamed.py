"""A plain generator of handshakes without the signature of any cause.

It is seeded and quick. Some are valid, and some broken by their client alone. What is
a signature by itself is left out, and the comment beside it says so.
"""

from __future__ import annotations

import base64
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from tests.support.diagnosed import agent_of
from tests.support.handshakes import VALID, Handshake
from ws_handshake.diagnosis.clients import CLIENTS
from ws_handshake.diagnosis.proxies import PROXIES

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tests.support.handshakes import Header

    Break = Callable[[Random, Handshake], Handshake]

HOST, UPGRADE, CONNECTION = b"host", b"upgrade", b"connection"
KEY, VERSION, ORIGIN = b"sec-websocket-key", b"sec-websocket-version", b"origin"
PROTOCOL, EXTENSIONS = b"sec-websocket-protocol", b"sec-websocket-extensions"

#: The one origin that the policy of the tests allows.
OURS = b"https://chat.example.com"

_CLIENTS_MARKS: tuple[Header, ...] = (
    *((b"user-agent", agent_of(client)) for client in CLIENTS.values()),
    (b"user-agent", b""),
    (b"user-agent", b"websocat/1.13"),
    (b"sec-fetch-mode", b"navigate"),
    (b"sec-fetch-mode", b"websocket"),
    (b"accept", b"text/html,*/*"),
    (b"cookie", b"session=" + b"c" * 300),
    (b"x-anything", b"\xff, at all"),
)
_PROXYS_MARKS: tuple[Header, ...] = (
    (b"x-forwarded-for", b"203.0.113.9"),
    (b"x-forwarded-proto", b"https"),
    (b"x-forwarded-host", b"chat.example.com"),
    (b"x-real-ip", b"203.0.113.9"),
    (b"forwarded", b"for=203.0.113.9"),
    (b"via", b"2.0 front, 1.1 google"),
    (b"accept-encoding", b"gzip"),
    *((b"via", b"1.1 " + word) for proxy in PROXIES.values() for word in proxy.via),
    *(
        (name, b"1")
        for proxy in PROXIES.values()
        for name in chain.from_iterable(proxy.request_fields)
    ),
)


def valid(random: Random) -> Handshake:
    """Return a valid handshake, written in one of many ways, with any marks."""
    written = replace(
        VALID,
        target=random.choice((b"/ws", b"/", b"/ws?a=b", b"/socket.io/?EIO=4")),
        headers=(
            (HOST, random.choice((b"chat.example.com", b"[::1]:80", b"a.:8000"))),
            (UPGRADE, random.choice((b"websocket", b"WebSocket", b"h2c, websocket"))),
            (
                CONNECTION,
                random.choice((b"Upgrade", b"keep-alive, upgrade", b",uPGRADE")),
            ),
            (KEY, base64.b64encode(random.randbytes(16))),
            (VERSION, b"13"),
            *_some(random, (ORIGIN, OURS)),
            *_some(random, (PROTOCOL, random.choice((b"chat", b"a, b.c , ,d")))),
            *_some(random, (EXTENSIONS, b'permessage-deflate; a="b"')),
        ),
    )
    return _marked(random, written, _CLIENTS_MARKS + _PROXYS_MARKS)


def broken(random: Random) -> Handshake:
    """Return a handshake broken in one field or two, with any marks."""
    if random.random() < 0.2:
        return _in_pieces(random)
    if random.random() < 0.1:
        return _keyless(random)
    broken_in = random.sample(BREAKS, random.choice((1, 1, 2)))
    handshake = valid(random)
    for breaks in broken_in:
        handshake = random.choice(breaks)(random, handshake)
    if random.random() < 0.1:
        # HTTP/1.0 with nothing else wrong is what a proxy sends that speaks it
        handshake = handshake.asked(version="1.0")
    return handshake


def _in_pieces(random: Random) -> Handshake:
    """Return one without Upgrade or Connection, or both, and broken elsewhere too.

    With the key and the version of a valid one, in a GET, a proxy would have done it:
    those fields are end-to-end, and a client that sends them sends the others too.
    """
    lost = random.choice(((UPGRADE,), (CONNECTION,), (UPGRADE, CONNECTION)))
    handshake = valid(random).without(*lost)
    if random.random() < 0.5:
        left = random.choice((b"close", b"keep-alive", b"", b"te, close"))
        handshake = handshake.without(CONNECTION).plus(CONNECTION, left)
    another: Break = random.choice((*_OF_KEY, *_OF_VERSION, *_OF_METHOD))
    return another(random, handshake)


def _some(random: Random, field: Header) -> tuple[Header, ...]:
    return (field,) if random.random() < 0.4 else ()


def _marked(
    random: Random, handshake: Handshake, marks: tuple[Header, ...]
) -> Handshake:
    chosen = random.sample(marks, random.randrange(5))
    headers = [*handshake.headers, *chosen]
    random.shuffle(headers)
    return replace(handshake, headers=tuple(headers))


def _set(name: bytes, *values: bytes) -> Break:
    return lambda random, handshake: handshake.but(name, random.choice(values))


def _add(name: bytes, *values: bytes) -> Break:
    return lambda random, handshake: handshake.plus(name, random.choice(values))


def _drop(name: bytes) -> Break:
    return lambda _random, handshake: handshake.without(name)


def _keyless(random: Random) -> Handshake:
    """Return one without a key, whatever its method.

    Behind a proxy, with nothing else wrong, it came as HTTP/2, which has no key: so no
    proxy left its mark. Without the version too it would be half a handshake.
    """
    bare = valid(random).without(KEY, *(name for name, _ in _PROXYS_MARKS))
    handshake = _marked(random, bare, _CLIENTS_MARKS)
    # a tool that leaves it out was typed
    handshake = handshake.without(b"user-agent")
    return handshake.asked(method=random.choice(("GET", "GET", "POST")))


_OTHER_KEYS = (b"", b"AAAA", b"AAECAwQFBgcICQoLDA0ODxA=", b"not base64", b"A" * 24)
_OF_KEY: tuple[Break, ...] = (
    _set(KEY, *_OTHER_KEYS),
    # the same key twice would be two proxies
    _add(KEY, b"AAAAAAAAAAAAAAAAAAAAAA=="),
)
# 0 to 12 would be an old draft, and 13 twice two proxies.
_OF_VERSION: tuple[Break, ...] = (
    # a tool that leaves it out was typed
    lambda _random, h: h.without(VERSION, b"user-agent"),
    _set(VERSION, b"14", b"013", b"x", b"", b"13.0", b"13, 8"),
    _add(VERSION, b"8"),
)
_OF_METHOD: tuple[Break, ...] = (
    lambda random, h: h.asked(method=random.choice(("POST", "HEAD", "get", "PRI"))),
)

#: Ways to break it, by field, so that no two of them touch the same one.
BREAKS: tuple[tuple[Break, ...], ...] = (
    # the same host or origin twice would be two proxies
    (_drop(HOST), _set(HOST, b"", b"a/b", b"a b"), _add(HOST, b"other.example")),
    (_set(UPGRADE, b"h2c", b"websocket/13", b"websocket2", b"TLS/1.2"),),
    # alone, close and keep-alive are what proxies leave of it, and websocket is what
    # they write that have mixed it up with Upgrade
    (_set(CONNECTION, b"upgrade2", b"keep-alive, te", b"close, x", b"websockets"),),
    _OF_KEY,
    _OF_VERSION,
    _OF_METHOD,
    (_set(PROTOCOL, b"", b"a b", b"chat/1", b"(x)"),),
    (_set(EXTENSIONS, b"", b"; a", b"x; =", b'x; a="'),),
    (
        # an origin that is the host a proxy was asked for would be rewritten by it, and
        # so would a host of this machine that was asked for from another one
        lambda _random, h: h.without(ORIGIN, b"x-forwarded-for", b"x-real-ip").plus(
            ORIGIN, b"https://evil.example"
        ),
        lambda _random, h: h.plus(ORIGIN, b"https://a.example").plus(ORIGIN, b"null"),
    ),
    (_add(b"content-length", b"5", b"x"), _add(b"transfer-encoding", b"chunked")),
    # large by anything but cookies
    (_add(b"x-large", b"c" * 9000),),
)
