"""Whether a rejection says what is wrong: the measure of `opaque`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ws_handshake.core.reasons import CATALOGUE

if TYPE_CHECKING:
    from ws_handshake.cli.client.response import Response
    from ws_handshake.core.request import RequestHead

#: What `opaque` means, for people.
DEFINITION = (
    "A rejection is opaque if it names neither the header at fault nor the fault. What "
    "is read is its reason phrase, the first 4 KiB of its body without tags, and every "
    "header whose name has `error` or `reason` in it; it is enough that a word for the "
    "fault begins there, in any case, or that the value at fault is repeated. A header "
    "or a status that is made for the fault speaks too: Allow, Sec-WebSocket-Version, "
    "405, 501 and 505. A status below 400 says that nothing is wrong, and is opaque."
)

#: The words, one of which is enough.
WORDS: dict[str, tuple[str, ...]] = {
    "method_not_get": ("method",),
    "http_version_too_old": ("http version", "http/1", "http/0"),
    "host": ("host", "authority"),
    "upgrade": ("upgrade",),
    "connection": ("connection",),
    "key": ("key",),
    "version": ("version",),
    "subprotocol": ("subprotocol", "sec-websocket-protocol"),
    "body_unexpected": ("content-length", "content length", "body", "transfer-enc"),
    "head_malformed": ("header", "space", "colon", "field", "invalid http", "malform"),
}

_STATUSES = {"method_not_get": {405, 501}, "http_version_too_old": {505}}
_SPEAKING = {"method_not_get": b"allow", "version": b"sec-websocket-version"}
_HEADERS = {reason.code: reason.header for reason in CATALOGUE}

_ERRORS = 400

# A shorter value may stand anywhere by chance.
_SHORTEST = 3

_tag = re.compile(rb"<[^>]*+>")


def names_kind(codes: tuple[str, ...], sent: RequestHead, response: Response) -> bool:
    """Return whether a rejection names one of the faults that were sent."""
    if response.status < _ERRORS:
        return False
    said = _said(response)
    return any(
        _speaks(_group(code), response)
        or _has_word(said, WORDS[_group(code)])
        or any(value in said for value in _values(code, sent))
        for code in codes
    )


def _said(response: Response) -> bytes:
    reported = [
        value
        for name, value in response.headers
        if b"error" in name.lower() or b"reason" in name.lower()
    ]
    body = _tag.sub(b" ", response.body)
    return b"\n".join([response.phrase, *reported, body]).lower()


def _group(code: str) -> str:
    """Return the entry for a code: `key` for `key_missing` and `key_malformed`."""
    return code if code in WORDS else code.partition("_")[0]


def _speaks(group: str, response: Response) -> bool:
    header = _SPEAKING.get(group)
    has_header = header is not None and bool(response.values(header))
    return has_header or response.status in _STATUSES.get(group, ())


def _has_word(said: bytes, words: tuple[str, ...]) -> bool:
    return any(re.search(rb"(?<![a-z])" + word.encode(), said) for word in words)


def _values(code: str, sent: RequestHead) -> list[bytes]:
    """Return what was sent of the header at fault, in lower case."""
    header = _HEADERS[code]
    values = sent.values(header.lower().encode()) if header else []
    return [value.lower() for value in values if len(value) >= _SHORTEST]
