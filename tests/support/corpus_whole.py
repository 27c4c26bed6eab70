"""The corpus: order, case, policies, and several violations at once."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import TYPE_CHECKING

from tests.support.corpus_case import bent, raw
from tests.support.handshakes import VALID

if TYPE_CHECKING:
    from tests.support.handshakes import Handshake

#: Where the tests' application judges Origin, demands one, or speaks no plain HTTP.
GUARDED = b"/guarded"
DECLARED = b"/declared"
OURS = b"https://app.example"

_HOST, _UPGRADE, _CONNECTION, _KEY, _VERSION = VALID.headers
_PLAIN = replace(VALID, headers=(_HOST,))
_START = b"GET /ws HTTP/1.1\r\n"
_FIELDS = VALID.wire().removeprefix(_START)
_WIRE = VALID.wire()


def _named(spell: str) -> Handshake:
    fields = [
        (b"-".join(getattr(part, spell)() for part in name.split(b"-")), value)
        for name, value in VALID.headers
    ]
    return VALID.asked(headers=tuple(fields))


ORDER = (
    *bent(
        "RFC 6455 section 4.2.1: the order of the header fields is not important",
        "accepted",
        {
            f"the fields in the order {' '.join(map(str, order))}": VALID.asked(
                headers=tuple(VALID.headers[place] for place in order)
            )
            for order in [*permutations(range(5))][::12]
        },
    ),
    *bent(
        "RFC 9110 section 5.1: field names are case-insensitive",
        "accepted",
        {
            f"names in {spell} letters": _named(spell)
            for spell in ("upper", "title", "swapcase", "lower")
        },
    ),
    *raw(
        'RFC 9112 section 5: field-line = field-name ":" OWS field-value OWS',
        "accepted",
        {
            "no white space after the colons": _WIRE.replace(b": ", b":"),
            "tabs after the colons": _WIRE.replace(b": ", b":\t"),
            "much white space after the colons": _WIRE.replace(b": ", b": \t  \t "),
            "white space at the end of the lines": _START
            + _FIELDS.replace(b"\r\n", b" \t\r\n", 5),
        },
    ),
)

_ORIGIN = "RFC 6455 sections 4.2.2(4) and 10.2"
_GUARDED = VALID.asked(target=GUARDED)

POLICIES = (
    *bent(
        _ORIGIN,
        "accepted",
        {
            f"the allowed origin {value.decode()}": _GUARDED.plus(b"origin", value)
            for value in (OURS, b"HTTPS://APP.EXAMPLE", b"https://app.example:443")
        },
    ),
    *bent(
        _ORIGIN,
        ("origin_not_allowed",),
        {
            f"the origin {value!r}": _GUARDED.plus(b"origin", value)
            for value in (
                *(b"http://app.example", b"https://app.example:8443", b"null", b""),
                *(b"https://app.example.evil.example", b"https://evil-app.example"),
                *(b"https://app.example@evil.example", b"https://app.example/"),
                *(b"https://app.example https://evil.example", b"https://[::1"),
                *(b"https://app.example:99999", b"https://app.example\xff", b"*"),
            )
        },
    ),
    *bent(_ORIGIN, ("origin_missing",), {"no origin where one must be": _GUARDED}),
    *bent(
        "RFC 9110 section 15.5.22",
        ("not_a_handshake",),
        {
            "a plain GET on a declared path": _PLAIN.asked(target=DECLARED),
            "a plain HEAD on a declared path": _PLAIN.asked(
                target=DECLARED, method="HEAD"
            ),
            "an upgrade to h2c on a declared path": _PLAIN.asked(target=DECLARED)
            .plus(b"connection", b"Upgrade")
            .plus(b"upgrade", b"h2c"),
        },
    ),
    *bent(
        "RFC 6455 section 4.2.1",
        "accepted",
        {"a handshake on a declared path": VALID.asked(target=DECLARED)},
    ),
)

_EVERYTHING = VALID.asked(
    method="POST",
    version="1.0",
    headers=(
        (b"host", b"a b"),
        (b"upgrade", b"websocket/13"),
        (b"connection", b"close"),
        (b"sec-websocket-key", b"short"),
        (b"sec-websocket-version", b"8"),
        (b"sec-websocket-protocol", b"chat room"),
        (b"sec-websocket-extensions", b"foo;"),
        (b"origin", b"https://a.example"),
        (b"origin", b"https://b.example"),
        (b"content-length", b"5"),
        (b"cookie", b"a" * 9000),
    ),
    body=b"hello",
)

SEVERAL = (
    *bent(
        "RFC 6455 section 4.2.1: a proxy that drops the hop-by-hop fields",
        ("http_version_too_old", "upgrade_missing", "connection_not_upgrade"),
        {
            "what nginx makes of one by default": VALID.without(b"upgrade")
            .but(b"connection", b"close")
            .asked(version="1.0")
        },
    ),
    *bent(
        "RFC 6455 section 4.2.1(3)(4)",
        ("upgrade_missing", "connection_missing"),
        {"neither Upgrade nor Connection": VALID.without(b"upgrade", b"connection")},
    ),
    *bent(
        "RFC 6455 section 4.2.1(5)(6)",
        ("key_missing", "version_missing"),
        {
            "neither key nor version": VALID.without(
                b"sec-websocket-key", b"sec-websocket-version"
            )
        },
    ),
    *bent(
        "RFC 6455 section 4.2.1",
        (
            *("host_missing", "upgrade_missing", "connection_missing"),
            *("key_missing", "version_missing"),
        ),
        {
            "only a subprotocol": replace(VALID, headers=()).plus(
                b"sec-websocket-protocol", b"chat"
            ),
            "only an extension": replace(VALID, headers=()).plus(
                b"sec-websocket-extensions", b"foo"
            ),
        },
    ),
    *bent(
        "RFC 6455 section 4.2.1: everything, in the order of the catalogue",
        (
            *("method_not_get", "http_version_too_old", "host_malformed"),
            *("upgrade_not_websocket", "connection_not_upgrade", "key_malformed"),
            *("version_unsupported", "subprotocol_malformed", "extensions_malformed"),
            *("origin_duplicated", "body_unexpected", "headers_too_large"),
        ),
        {
            "every field broken": _EVERYTHING,
            "every field broken, the other way round": _EVERYTHING.asked(
                headers=_EVERYTHING.headers[::-1]
            ),
        },
    ),
    *bent(
        "RFC 6455 section 11.3",
        ("host_duplicated", "key_duplicated", "version_duplicated"),
        {"every line twice": VALID.asked(headers=VALID.headers * 2)},
    ),
    *bent(
        "RFC 6455 section 4.2.1(1)(5)",
        ("method_not_get", "key_malformed"),
        {
            "HEAD with a broken key": VALID.asked(method="HEAD").but(
                b"sec-websocket-key", b"short"
            )
        },
    ),
    *bent(
        "RFC 6455 sections 4.2.1 and 10.2: faults before policies",
        ("key_missing", "origin_not_allowed"),
        {
            "no key from a page that may not": _GUARDED.without(
                b"sec-websocket-key"
            ).plus(b"origin", b"https://evil.example")
        },
    ),
)

CASES = (*ORDER, *POLICIES, *SEVERAL)
