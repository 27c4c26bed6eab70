"""Heads that are made to be expensive, and policies to judge them by."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from tests.support.handshakes import VALID
from ws_handshake import Policy
from ws_handshake.core.policy import Limits

if TYPE_CHECKING:
    from collections.abc import Callable

    from ws_handshake import RequestHead

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
    """A field whose value is one unit over and over, after a valid start."""

    name: bytes
    start: bytes
    unit: bytes

    def head(self, size: int) -> RequestHead:
        """Return a head of this many bytes."""
        value = self.start + self.unit * (size // len(self.unit))
        return VALID.but(self.name, value[:size]).head()


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
    """Return a head of this many bytes, in lines that are all the same."""
    number = size // (len(name) + len(value) + 4)
    return VALID.head(headers=[*VALID.headers, *[(name, value)] * number])


HEADS: dict[str, Callable[[int], RequestHead]] = {
    **{name: family.head for name, family in FAMILIES.items()},
    "many short lines": partial(many_lines, name=b"a", value=b""),
    "many lines of Host": partial(many_lines, name=b"host", value=b"a"),
    "many lines of Upgrade": partial(many_lines, name=b"Upgrade", value=b"a"),
    "many lines of extensions": partial(many_lines, name=EXTENSIONS, value=b"x;a=b"),
}
