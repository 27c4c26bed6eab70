"""Handshakes by the million: valid ones in odd forms, bent ones, and bent bytes.

A plain generator, seeded and quick: Hypothesis, as in `bending.py`, would take a day
for as many. It writes by the same grammar, and more of what RFCs do not allow.
"""

from __future__ import annotations

import base64
import string
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.support.handshakes import KEY, VALID, Handshake

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

    from tests.support.handshakes import Header

    Bend = Callable[[Random, Handshake], Handshake]

_TCHARS = string.ascii_letters + string.digits + "!#$%&'*+-.^_`|~"

_SPACES = (b"", b"", b"", b" ", b"\t", b"  ", b" \t ")
_GAPS = (b"", b"", b" ", b"\t", b" ,", b",, \t")
_LAST = (b"A", b"Q", b"g", b"w", b"Z", b"/", b"+", b"0")
_HOSTS = (
    *(b"127.0.0.1", b"example.com:8000", b"EXAMPLE.com", b"[::1]:80", b"[::1]"),
    *(b"xn--bcher-kva.example", b"xn--fa-hia.example", b"a_b.example", b"a."),
    *(b"[v1.x]", b"h:", b"%41.example", b"XN--0.example:1", b"localhost"),
)
_TARGETS = (
    *(b"/ws", b"/", b"/ws?a=b&c=d", b"/a/b%20c", b"/ws?x=[y]", b"/%ff"),
    *(b"http://example.com/ws?a=b", b"wss://u:p@example.com:8000", b"HTTP://[::1]?x"),
)
_ORIGINS = (b"https://example.com", b"null", b"", b"chrome-extension://abc", b"x y")
_OFFERED = (b"chat", b"v2.chat", b"x-a", b"chat")
_PARAMETERS = (
    *(b"client_max_window_bits", b"server_max_window_bits"),
    *(b"client_no_context_takeover", b"server_no_context_takeover"),
)
_NUMBERS = (b"8", b"9", b"10", b"15", b"16", b"015", b"0")

# What Python or a C library takes for white space, a digit or the end, and HTTP not.
_SPOILERS = (
    *(b" ", b"\t", b",", b";", b'"', b"\\", b"=", b":", b"/", b"#", b"\x00", b"\x7f"),
    *(b"\x0b", b"\x0c", b"\x1c", b"\x1d", b"\x85", b"\xa0", b"\xc2\xa0", b"\xb2"),
    *(b"\xff", b"\x80", b"\xc4\xb0", b"\xe2\x84\xaa", b"13", b"+", b"_", b"-"),
)
_BREAKS = (b"\r", b"\n", b"\r\n", b"\n ", b"\r\n\t", b"\r\r\n", b"\n\r\n")
_VALUES = (
    *(b"", b"13", b"013", b"8", b"7", b"13, 8", b"+13", b"1_3", b"websocket", b"h2c"),
    *(b"Upgrade", b"close", b"keep-alive", b"k,k", b"a b", b"a/b", b'x;a="b c"', b"x;"),
    *(b"gzip", b"chunked", b"5", b"-1", b"00", b"user@h", b"null", b"a/b?c=", KEY),
    *(b"permessage-deflate; server_max_window_bits=foo", b"chat, chat", b"a,,b"),
)
_NAMES = (
    *(b"host", b"origin", b"content-length", b"transfer-encoding", b"x-a", b"cookie"),
    *(b"sec-websocket-protocol", b"sec-websocket-extensions", b"te", b"expect"),
)


def token(random: Random) -> bytes:
    """Return a token (RFC 9110 section 5.6.2)."""
    return "".join(random.choices(_TCHARS, k=random.randint(1, 6))).encode("ascii")


def listed(random: Random, elements: Sequence[bytes]) -> list[bytes]:
    """Write a list as RFC 9110 section 5.6.1 allows: empty elements, several lines."""
    lines, line = [], random.choice(_GAPS)
    for element in elements:
        line += element + random.choice(_SPACES)
        if random.random() < 0.15:
            lines.append(line)
            line = random.choice(_GAPS)
        else:
            line += b"," + random.choice(_GAPS)
    return [*lines, line.removesuffix(b",")]


def valid(random: Random) -> Handshake:
    """Return a handshake that the RFCs allow, in an unusual form as often as not."""
    fields: list[Header] = [
        (b"host", random.choice(_HOSTS)),
        *_lines(b"upgrade", _with(random, b"websocket", (b"h2c", b"websocket/13"))),
        *_lines(b"connection", _with(random, b"upgrade", (b"keep-alive", b"TE"))),
        (b"sec-websocket-key", _key(random)),
        (b"sec-websocket-version", b"13"),
    ]
    if random.random() < 0.4:
        names = [_offered(random) for _ in range(random.randint(1, 3))]
        fields += _lines(b"sec-websocket-protocol", listed(random, names))
    if random.random() < 0.4:
        offers = [_extension(random) for _ in range(random.randint(1, 3))]
        fields += _lines(b"sec-websocket-extensions", listed(random, offers))
    if random.random() < 0.3:
        fields.append((b"origin", random.choice(_ORIGINS)))
    if random.random() < 0.1:
        fields.append((b"content-length", random.choice((b"0", b"00"))))
    random.shuffle(fields)
    padded = (
        (n, random.choice(_SPACES) + v + random.choice(_SPACES)) for n, v in fields
    )
    return Handshake(target=random.choice(_TARGETS), headers=tuple(padded))


def bent(random: Random) -> Handshake:
    """Return a handshake with up to three violations, or none."""
    handshake = VALID if random.random() < 0.3 else valid(random)
    for _ in range(random.choice((0, 1, 1, 1, 2, 3))):
        handshake = random.choice(_BENDS)(random, handshake)
    return handshake


def wire(random: Random) -> bytes:
    """Return the bytes of a handshake; every other time a few of them are bent too."""
    data = _cased(random, bent(random).wire())
    for _ in range(random.choice((0, 0, 1, 2))):
        data = _bent_bytes(random, data)
    # a head without an end is a matter of patience, not of grammar
    return data if data.endswith(b"\r\n\r\n") else data + b"\r\n\r\n"


def _lines(name: bytes, values: list[bytes]) -> list[Header]:
    return [(name, value) for value in values]


def _key(random: Random) -> bytes:
    encoded = base64.b64encode(random.randbytes(16))
    return encoded[:21] + random.choice(_LAST) + b"=="


def _with(random: Random, name: bytes, others: Sequence[bytes]) -> list[bytes]:
    """Write a list that has `name` in it, in any case of letters."""
    if random.random() < 0.5:
        return [name]
    cased = bytes(c ^ random.choice((0, 0, 32)) for c in name)
    more = [
        random.choice((*others, token(random))) for _ in range(random.randint(0, 2))
    ]
    return listed(random, random.sample([cased, *more], 1 + len(more)))


def _offered(random: Random) -> bytes:
    return random.choice(_OFFERED) if random.random() < 0.6 else token(random)


def _extension(random: Random) -> bytes:
    name = b"permessage-deflate" if random.random() < 0.7 else token(random)
    parts = [name, *(_parameter(random) for _ in range(random.choice((0, 0, 1, 2, 3))))]
    return (b";" + random.choice(_SPACES)).join(
        part + random.choice(_SPACES) for part in parts
    )


def _parameter(random: Random) -> bytes:
    name = random.choice(_PARAMETERS) if random.random() < 0.7 else token(random)
    value = random.choice(_NUMBERS) if random.random() < 0.7 else token(random)
    kind = random.randrange(4)
    if kind == 0:
        return name
    if kind == 1:
        value = b'"%s"' % value
    elif kind == 2:
        value = b'"%s"' % b"".join(
            b"\\%c" % c if random.random() < 0.5 else b"%c" % c for c in value
        )
    return name + random.choice(_SPACES) + b"=" + random.choice(_SPACES) + value


def _altered(
    random: Random, handshake: Handshake, change: Callable[[bytes], bytes]
) -> Handshake:
    fields = list(handshake.headers)
    place = random.randrange(len(fields))
    name, value = fields[place]
    fields[place] = name, change(value)
    return replace(handshake, headers=tuple(fields))


def _spoilt(random: Random, handshake: Handshake) -> Handshake:
    return _altered(random, handshake, lambda value: _inserted(random, value))


def _inserted(random: Random, value: bytes) -> bytes:
    place = random.randint(0, len(value))
    odd = random.random() < 0.3
    spoiler = b"%c" % random.randrange(256) if odd else random.choice(_SPOILERS)
    return value[:place] + spoiler.strip(b"\r\n") + value[place:]


def _shortened(random: Random, handshake: Handshake) -> Handshake:
    def cut(value: bytes) -> bytes:
        place = random.randint(0, len(value))
        return value[:place] + value[place + 1 :]

    return _altered(random, handshake, cut)


def _replaced(random: Random, handshake: Handshake) -> Handshake:
    return _altered(random, handshake, lambda _: random.choice(_VALUES))


def _again(random: Random, handshake: Handshake) -> Handshake:
    name, value = random.choice(handshake.headers)
    return handshake.plus(name, random.choice((value, *_VALUES)))


def _added(random: Random, handshake: Handshake) -> Handshake:
    return handshake.plus(random.choice(_NAMES), random.choice(_VALUES))


def _lost(random: Random, handshake: Handshake) -> Handshake:
    name, _ = random.choice(handshake.headers)
    left = handshake.without(name)
    return left if left.headers else handshake


def _asked(random: Random, handshake: Handshake) -> Handshake:
    how = random.randrange(3)
    if how == 0:
        method = random.choice(("POST", "HEAD", "get", "OPTIONS", "PUT", "G T", "X-Y"))
        return handshake.asked(method=method)
    if how == 1:
        return handshake.asked(version=random.choice(("1.0", "0.9", "1.2", "2.0")))
    return handshake.asked(target=_inserted(random, handshake.target))


_BENDS: tuple[Bend, ...] = (
    *(_spoilt, _spoilt, _shortened, _replaced, _again, _added, _lost, _lost, _asked),
)


def _cased(random: Random, data: bytes) -> bytes:
    """Write the names as most clients do, every other time."""
    if random.random() < 0.5:
        return data
    first, *lines = data.split(b"\r\n")
    parted = (line.partition(b":") for line in lines)
    return b"\r\n".join([first, *(n.title() + c + v for n, c, v in parted)])


def _bent_bytes(random: Random, data: bytes) -> bytes:
    place = random.randrange(len(data))
    how = random.randrange(5)
    if how == 0:
        return data[:place] + data[place + 1 :]
    if how == 1:
        return data[:place] + b"%c" % random.randrange(256) + data[place + 1 :]
    if how == 2:
        return data[:place] + random.choice(_BREAKS) + data[place:]
    if how == 3:
        end = place + random.randint(1, 12)
        return data[:end] + data[place:end] + data[end:]
    return data[:place] + random.choice(_SPOILERS) + data[place:]
