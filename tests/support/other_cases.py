"""Handshakes for servers other than ours, and what is wrong with each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.support.handshakes import KEY, VALID

if TYPE_CHECKING:
    from tests.support.handshakes import Handshake

HOST = b"host"
UPGRADE = b"upgrade"
CONNECTION = b"connection"
SEC_KEY = b"sec-websocket-key"
VERSION = b"sec-websocket-version"
PROTOCOL = b"sec-websocket-protocol"
EXTENSIONS = b"sec-websocket-extensions"
ORIGIN = b"origin"


@dataclass(frozen=True)
class Case:
    """A request, and the codes that it earns where everything is seen.

    `attempt` is False for a plain request, which goes to the application.
    """

    name: str
    handshake: Handshake
    codes: tuple[str, ...] = ()
    attempt: bool = True
    line_end: bytes = b"\r\n"

    @property
    def valid(self) -> bool:
        """Whether it is a handshake that must be accepted."""
        return self.attempt and not self.codes

    @property
    def mark(self) -> str:
        """The name by which the log knows it."""
        return f"HTTP/{self.handshake.version} {self.name}"

    def wire(self, marker: tuple[bytes, bytes]) -> bytes:
        """Return its bytes, with a marker line to find it by in the log."""
        return self.handshake.plus(*marker).wire().replace(b"\r\n", self.line_end)


_VALID = (
    Case("the RFC's sample", VALID),
    Case("Upgrade: WebSocket", VALID.but(UPGRADE, b"WebSocket")),
    Case("Upgrade: h2c, websocket", VALID.but(UPGRADE, b"h2c, websocket")),
    Case("Upgrade: websocket, foo", VALID.but(UPGRADE, b"websocket, foo")),
    Case("Upgrade in two lines", VALID.plus(UPGRADE, b"websocket")),
    Case(
        "Connection: keep-alive, Upgrade",
        VALID.but(CONNECTION, b"keep-alive, Upgrade"),
    ),
    Case("Connection in two lines", VALID.plus(CONNECTION, b"keep-alive")),
    Case("Key with non-zero pad bits", VALID.but(SEC_KEY, KEY[:-3] + b"R==")),
    Case("Origin", VALID.plus(ORIGIN, b"https://example.com")),
    Case("one subprotocol", VALID.plus(PROTOCOL, b"chat")),
    Case("a subprotocol twice", VALID.plus(PROTOCOL, b"chat, chat")),
    Case("two subprotocol lines", VALID.plus(PROTOCOL, b"a").plus(PROTOCOL, b"b")),
    Case("an extension", VALID.plus(EXTENSIONS, b"permessage-deflate")),
    Case(
        "an extension with a parameter that no one knows",
        VALID.plus(EXTENSIONS, b"permessage-deflate; foo=1"),
    ),
    Case("Sec-WebSocket-Accept sent along", VALID.plus(b"sec-websocket-accept", b"x")),
    Case("a Latin-1 byte in another field", VALID.plus(b"x-note", b"caf\xe9")),
    Case("Content-Length: 0", VALID.plus(b"content-length", b"0")),
    Case("an absolute-form target", VALID.asked(target=b"http://127.0.0.1/ws?room=1")),
    Case("a query", VALID.asked(target=b"/ws?room=1")),
)

_REQUEST_LINE = (
    Case("method POST", VALID.asked(method="POST"), ("method_not_get",)),
    Case("method HEAD", VALID.asked(method="HEAD"), ("method_not_get",)),
    Case("method get", VALID.asked(method="get"), ("method_not_get",)),
    Case("HTTP/1.0", VALID.asked(version="1.0"), ("http_version_too_old",)),
    Case(
        "HTTP/1.0 through a proxy that drops Upgrade",
        VALID.asked(version="1.0").without(UPGRADE).but(CONNECTION, b"close"),
        ("http_version_too_old", "upgrade_missing", "connection_not_upgrade"),
    ),
    Case(
        "a target that is not ASCII",
        VALID.asked(target=b"/caf\xe9"),
        ("head_malformed",),
    ),
)

_HOST = (
    Case("Host missing", VALID.without(HOST), ("host_missing",)),
    Case("Host empty", VALID.but(HOST, b""), ("host_missing",)),
    Case("Host twice", VALID.plus(HOST, b"127.0.0.1"), ("host_duplicated",)),
    Case("Host: a/b", VALID.but(HOST, b"a/b"), ("host_malformed",)),
)

_UPGRADE = (
    Case("Upgrade missing", VALID.without(UPGRADE), ("upgrade_missing",)),
    Case("Upgrade: h2c", VALID.but(UPGRADE, b"h2c"), ("upgrade_not_websocket",)),
    Case(
        "Upgrade: websocket/13",
        VALID.but(UPGRADE, b"websocket/13"),
        ("upgrade_not_websocket",),
    ),
    Case("Connection missing", VALID.without(CONNECTION), ("connection_missing",)),
    Case(
        "Connection: keep-alive",
        VALID.but(CONNECTION, b"keep-alive"),
        ("connection_not_upgrade",),
    ),
    Case(
        "Connection: close",
        VALID.but(CONNECTION, b"close"),
        ("connection_not_upgrade",),
    ),
    Case(
        "Connection: upgrade2",
        VALID.but(CONNECTION, b"upgrade2"),
        ("connection_not_upgrade",),
    ),
    Case(
        "Upgrade and Connection missing",
        VALID.without(UPGRADE, CONNECTION),
        ("upgrade_missing", "connection_missing"),
    ),
)

_KEY = (
    Case("Key missing", VALID.without(SEC_KEY), ("key_missing",)),
    Case("Key empty", VALID.but(SEC_KEY, b""), ("key_malformed",)),
    Case(
        "Key of 15 bytes",
        VALID.but(SEC_KEY, b"AAECAwQFBgcICQoLDA0O"),
        ("key_malformed",),
    ),
    Case(
        "Key of 17 bytes",
        VALID.but(SEC_KEY, b"AAECAwQFBgcICQoLDA0ODxA="),
        ("key_malformed",),
    ),
    Case("Key without padding", VALID.but(SEC_KEY, KEY[:-2]), ("key_malformed",)),
    Case(
        "Key in the URL-safe alphabet",
        VALID.but(SEC_KEY, b"--__--__--__--__--__-w=="),
        ("key_malformed",),
    ),
    Case("Key: not base64", VALID.but(SEC_KEY, b"!" * 24), ("key_malformed",)),
    Case("Key with a tail", VALID.but(SEC_KEY, KEY + b"x"), ("key_malformed",)),
    Case("Key twice", VALID.plus(SEC_KEY, KEY), ("key_duplicated",)),
)

_VERSION = (
    Case("Version missing", VALID.without(VERSION), ("version_missing",)),
    Case("Version empty", VALID.but(VERSION, b""), ("version_unsupported",)),
    Case("Version: 8", VALID.but(VERSION, b"8"), ("version_unsupported",)),
    Case("Version: 013", VALID.but(VERSION, b"013"), ("version_unsupported",)),
    Case("Version: 13, 8", VALID.but(VERSION, b"13, 8"), ("version_duplicated",)),
    Case("Version twice", VALID.plus(VERSION, b"13"), ("version_duplicated",)),
)

_LISTS = (
    Case(
        "a subprotocol with a space",
        VALID.plus(PROTOCOL, b"chat room"),
        ("subprotocol_malformed",),
    ),
    Case("subprotocols empty", VALID.plus(PROTOCOL, b""), ("subprotocol_malformed",)),
    Case("subprotocols: ,,", VALID.plus(PROTOCOL, b",,"), ("subprotocol_malformed",)),
    Case(
        "an extension without a name",
        VALID.plus(EXTENSIONS, b"; client_max_window_bits"),
        ("extensions_malformed",),
    ),
    Case("extensions empty", VALID.plus(EXTENSIONS, b""), ("extensions_malformed",)),
    Case(
        "Origin twice",
        VALID.plus(ORIGIN, b"https://a.example").plus(ORIGIN, b"https://b.example"),
        ("origin_duplicated",),
    ),
)

_FRAMING = (
    Case(
        "a body of 5 bytes",
        VALID.plus(b"content-length", b"5").asked(body=b"hello"),
        ("body_unexpected",),
    ),
    Case(
        "a chunked body",
        VALID.plus(b"transfer-encoding", b"chunked").asked(body=b"0\r\n\r\n"),
        ("body_unexpected",),
    ),
    Case(
        "a header of 20 KiB",
        VALID.plus(b"cookie", b"a" * 20_480),
        ("headers_too_large",),
    ),
    Case(
        "200 header lines",
        VALID.asked(
            headers=(*VALID.headers, *((b"x-%d" % n, b"1") for n in range(195)))
        ),
        ("headers_too_large",),
    ),
    Case(
        "a continued header line",
        VALID.plus(b"x-note", b"a\r\n b"),
        ("head_malformed",),
    ),
    Case("NUL in a header", VALID.plus(b"x-note", b"a\0b"), ("head_malformed",)),
    Case("a space in a header name", VALID.plus(b"x note", b"a"), ("head_malformed",)),
    Case(
        "a space before the colon",
        VALID.plus(b"x-note ", b"a"),
        ("head_malformed",),
    ),
    Case("lines that end in LF", VALID, ("head_malformed",), line_end=b"\n"),
)

_PLAIN = VALID.without(UPGRADE, CONNECTION, SEC_KEY, VERSION)

_NO_ATTEMPT = (
    Case("a plain request", _PLAIN, attempt=False),
    Case(
        "Connection: upgrade alone", _PLAIN.but(CONNECTION, b"upgrade"), attempt=False
    ),
)

#: All of them, in the order of the page.
CASES: tuple[Case, ...] = (
    *_VALID,
    *_REQUEST_LINE,
    *_HOST,
    *_UPGRADE,
    *_KEY,
    *_VERSION,
    *_LISTS,
    *_FRAMING,
    *_NO_ATTEMPT,
)
