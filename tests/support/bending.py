"""Hypothesis strategies: handshakes that are valid in odd ways, and bent ones."""

from __future__ import annotations

import base64
import string
from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from tests.support.handshakes import VALID, Handshake

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import DrawFn, SearchStrategy

    Header = tuple[bytes, bytes]
    Bend = Callable[[Handshake], Handshake]

# What Python takes for white space, and HTTP does not.
NO_SPACE = [b"\x0b", b"\x0c", b"\x1c", b"\x1d", b"\x1e", b"\x1f", b"\x85", b"\xa0"]

_TCHARS = string.ascii_letters + string.digits + "!#$%&'*+-.^_`|~"

spaces = st.sampled_from([b"", b"", b" ", b"\t", b"  ", b" \t "])
tokens = st.one_of(
    st.sampled_from([b"chat", b"v2.chat", b"x-a"]),
    st.text(_TCHARS, min_size=1, max_size=6).map(str.encode),
)
keys = st.builds(
    lambda raw, last: base64.b64encode(raw)[:21] + last + b"==",
    st.binary(min_size=16, max_size=16),
    st.sampled_from([b"A", b"Q", b"g", b"w", b"Z", b"/", b"+", b"0"]),
)
hosts = st.sampled_from(
    [
        *(b"127.0.0.1", b"example.com:8000", b"EXAMPLE.com", b"[::1]:80", b"[::1]"),
        *(b"xn--bcher-kva.example", b"xn--fa-hia.example", b"a_b.example", b"a."),
        *(b"[v1.x]", b"h:", b"%41.example", b"XN--0.example:1"),
    ]
)
targets = st.sampled_from(
    [
        *(b"/ws", b"/", b"/ws?a=b&c=d", b"*", b"http://example.com/ws?a=b"),
        *(b"wss://u:p@example.com:8000", b"HTTP://[::1]?x", b"http://u@v@w/"),
    ]
)
origins = st.sampled_from(
    [b"https://example.com", b"null", b"", b"chrome-extension://abc", b"x y"]
)


@st.composite
def listed(draw: DrawFn, elements: list[bytes]) -> list[bytes]:
    """Write a list as RFC 9110 section 5.6.1 allows: empty elements, several lines."""
    lines, line = [], draw(_gaps)
    for element in elements:
        line += element + draw(spaces)
        if draw(st.integers(0, 4)) == 0:
            lines.append(line)
            line = draw(_gaps)
        else:
            line += b"," + draw(_gaps)
    return [*lines, line.removesuffix(b",")]


_gaps = st.one_of(
    st.just(b""), st.just(b" "), st.sampled_from([b" ,", b",, \t", b"\t"])
)


@st.composite
def _lists_with(draw: DrawFn, name: bytes, others: list[bytes]) -> list[bytes]:
    """Write a list that has `name` in it, in any case of letters."""
    cased = bytes(draw(st.sampled_from([c, c ^ 32])) for c in name)
    more = draw(st.lists(st.one_of(st.sampled_from(others), tokens), max_size=2))
    written: list[bytes] = draw(
        st.one_of(st.just([name]), listed(draw(st.permutations([cased, *more]))))
    )
    return written


@st.composite
def _parameters(draw: DrawFn) -> bytes:
    name, value = draw(_names), draw(_values)
    kind = draw(st.sampled_from(["bare", "token", "quoted", "escaped"]))
    if kind == "bare":
        return name
    if kind != "token":
        bare = b"".join(
            b"\\%c" % c if kind == "escaped" and draw(st.booleans()) else b"%c" % c
            for c in value
        )
        value = b'"%s"' % bare
    return name + draw(spaces) + b"=" + draw(spaces) + value


_names = st.one_of(
    st.sampled_from(
        [
            *(b"client_max_window_bits", b"server_max_window_bits"),
            *(b"client_no_context_takeover", b"server_no_context_takeover"),
        ]
    ),
    tokens,
)
_values = st.one_of(st.sampled_from([b"8", b"9", b"15", b"16", b"015"]), tokens)


@st.composite
def extensions(draw: DrawFn) -> bytes:
    """Write one offer, often for permessage-deflate and sometimes a senseless one."""
    name = draw(st.one_of(st.just(b"permessage-deflate"), tokens))
    parts = [name, *draw(st.lists(_parameters(), max_size=3))]
    return b"".join(
        part + draw(spaces) + (b";" + draw(spaces) if place < len(parts) else b"")
        for place, part in enumerate(parts, 1)
    )


@st.composite
def valid(draw: DrawFn) -> Handshake:
    """Return a handshake that the RFCs allow, in an unusual form as often as not."""
    upgrade = draw(_lists_with(b"websocket", [b"h2c", b"TLS/1.0", b"websocket/13"]))
    connection = draw(_lists_with(b"upgrade", [b"keep-alive", b"close", b"TE"]))
    fields: list[Header] = [
        (b"host", draw(hosts)),
        *((b"upgrade", line) for line in upgrade),
        *((b"connection", line) for line in connection),
        (b"sec-websocket-key", draw(keys)),
        (b"sec-websocket-version", b"13"),
    ]
    if draw(st.booleans()):
        offered = draw(listed(draw(st.lists(tokens, min_size=1, max_size=3))))
        fields += [(b"sec-websocket-protocol", line) for line in offered]
    if draw(st.booleans()):
        offers = draw(listed(draw(st.lists(extensions(), min_size=1, max_size=3))))
        fields += [(b"sec-websocket-extensions", line) for line in offers]
    fields += draw(st.lists(_extras, max_size=2, unique_by=lambda field: field[0]))
    shuffled = draw(st.permutations(fields))
    padded = ((name, draw(spaces) + v + draw(spaces)) for name, v in shuffled)
    return Handshake(target=draw(targets), headers=tuple(padded))


_extras: SearchStrategy[Header] = st.one_of(
    st.tuples(st.just(b"origin"), origins),
    st.tuples(st.just(b"content-length"), st.sampled_from([b"0", b"00"])),
    st.tuples(st.just(b"cookie"), st.sampled_from([b"a=b; c=d", b"caf\xe9"])),
)

_SPOILERS = st.one_of(
    st.sampled_from([b" ", b",", b";", b'"', b"\\", b"=", b"\x0b", b"\xa0", b"\x85"]),
    st.integers(0, 255).filter(lambda c: c not in b"\r\n").map(lambda c: b"%c" % c),
)
_ODD_VALUES = [
    *(b"", b"13", b"013", b"8", b"13, 8", b"websocket", b"h2c", b"Upgrade", b"close"),
    *(b"k,k", b"a b", b"a/b", b'x;a="b c"', b"x;", b"gzip", b"5", b"user@h", b"null"),
]


@st.composite
def bends(draw: DrawFn) -> Bend:
    """Return one way to spoil a handshake: a byte, a value, a line, or more."""
    place, spoiler = draw(st.integers(0, 99)), draw(_SPOILERS)
    odd, where = draw(st.sampled_from(_ODD_VALUES)), draw(st.integers(0, 99))

    def altered(handshake: Handshake, change: Callable[[bytes], bytes]) -> Handshake:
        fields = list(handshake.headers)
        name, value = fields.pop(place % len(fields))
        return replace(handshake, headers=(*fields, (name, change(value))))

    def inserted(value: bytes) -> bytes:
        at = where % (len(value) + 1)
        return value[:at] + spoiler + value[at:]

    def deleted(value: bytes) -> bytes:
        at = where % (len(value) + 1)
        return value[:at] + value[at + 1 :]

    def named(handshake: Handshake) -> bytes:
        return handshake.headers[place % len(handshake.headers)][0]

    ways: list[Bend] = [
        lambda h: altered(h, inserted),
        lambda h: altered(h, deleted),
        lambda h: altered(h, lambda _: odd),
        lambda h: altered(h, bytes.swapcase),
        lambda h: h.plus(named(h), odd),
        lambda h: h.plus(*h.headers[place % len(h.headers)]),
        lambda h: h.without(named(h)) if len(h.headers) > 1 else h,
        lambda h: h.plus(b"transfer-encoding", odd),
        lambda h: h.asked(method=("POST", "HEAD", "get")[place % 3]),
        lambda h: h.asked(version="1.0"),
    ]
    return draw(st.sampled_from(ways))


@st.composite
def bent(draw: DrawFn, *, starts: SearchStrategy[Handshake] | None = None) -> Handshake:
    """Return a handshake with up to three violations, or none."""
    handshake = draw(st.one_of(st.just(VALID), valid()) if starts is None else starts)
    for bend in draw(st.lists(bends(), max_size=3)):
        handshake = bend(handshake)
    return handshake
