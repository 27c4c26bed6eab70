"""The same over HTTP/2: Extended CONNECT (RFC 8441), and HTTP/1.1's way over it."""

from __future__ import annotations

from tests.support.handshakes import KEY, VALID
from tests.support.other_cases import (
    CONNECTION,
    EXTENSIONS,
    HOST,
    ORIGIN,
    PROTOCOL,
    SEC_KEY,
    UPGRADE,
    VERSION,
    Case,
)

#: An opening handshake as RFC 8441 section 5 has it: no Upgrade, Connection or Key.
CONNECT = VALID.without(UPGRADE, CONNECTION, SEC_KEY).asked(
    method="CONNECT", version="2"
)

_GET = CONNECT.asked(method="GET")

HTTP2_CASES: tuple[Case, ...] = (
    Case("Extended CONNECT", CONNECT),
    Case("Extended CONNECT with a subprotocol", CONNECT.plus(PROTOCOL, b"chat")),
    Case(
        "Extended CONNECT with an extension",
        CONNECT.plus(EXTENSIONS, b"permessage-deflate"),
    ),
    Case("Extended CONNECT with Origin", CONNECT.plus(ORIGIN, b"https://example.com")),
    Case("Extended CONNECT with a Key", CONNECT.plus(SEC_KEY, KEY)),
    Case(
        "Extended CONNECT, Version missing",
        CONNECT.without(VERSION),
        ("version_missing",),
    ),
    Case(
        "Extended CONNECT, Version: 8",
        CONNECT.but(VERSION, b"8"),
        ("version_unsupported",),
    ),
    Case(
        "Extended CONNECT, Version twice",
        CONNECT.plus(VERSION, b"13"),
        ("version_duplicated",),
    ),
    Case(
        "Extended CONNECT, a subprotocol with a space",
        CONNECT.plus(PROTOCOL, b"chat room"),
        ("subprotocol_malformed",),
    ),
    Case(
        "Extended CONNECT, an extension without a name",
        CONNECT.plus(EXTENSIONS, b"; client_max_window_bits"),
        ("extensions_malformed",),
    ),
    Case(
        "Extended CONNECT, Origin twice",
        CONNECT.plus(ORIGIN, b"https://a.example").plus(ORIGIN, b"https://b.example"),
        ("origin_duplicated",),
    ),
    Case(
        "Extended CONNECT, :authority a/b",
        CONNECT.but(HOST, b"a/b"),
        ("host_malformed",),
    ),
    Case(
        "GET with Key and Version",
        _GET.plus(SEC_KEY, KEY),
        ("http1_handshake_over_http2",),
    ),
    Case(
        "GET with Key, Upgrade and Connection",
        VALID.asked(version="2"),
        ("http1_handshake_over_http2",),
    ),
    Case(
        "GET with a Key of 15 bytes",
        _GET.plus(SEC_KEY, b"AAECAwQFBgcICQoLDA0O"),
        ("http1_handshake_over_http2",),
    ),
    Case(
        "GET with a Key and no Version",
        _GET.without(VERSION).plus(SEC_KEY, KEY),
        ("version_missing", "http1_handshake_over_http2"),
    ),
    Case("a GET without a Key", _GET, attempt=False),
    Case("a plain GET", _GET.without(VERSION), attempt=False),
)
