"""The body of a response as UTF-8: unpacked, and decoded from another charset."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

from ws_handshake.cli.text import shown

if TYPE_CHECKING:
    from ws_handshake.cli.client.response import Response

# zlib: a header of gzip or of zlib, whichever is there; "deflate" may have none
_ANY_HEADER, _NO_HEADER = 47, -15
_ZLIB = 0x78

_charset = re.compile(
    rb"(?i)charset=\"?((?:iso-8859|windows-125|utf-16|gb|big5|shift_jis|euc-|koi8)"
    rb"[0-9a-z_-]{0,12})"
)


def unpacked(response: Response, limit: int) -> Response:
    """Return the response with at most `limit` bytes of its body as UTF-8.

    A body that cannot be unpacked says how it is packed.
    """
    body = _unpacked(response.tokens(b"content-encoding"), response.body, limit)
    found = _charset.search(b"".join(response.values(b"content-type")[:1]))
    return response.with_body(_as_utf8(found, body))


def _unpacked(encodings: list[bytes], body: bytes, limit: int) -> bytes:
    for encoding in reversed(encodings):
        if encoding == b"identity":
            continue
        if encoding not in {b"gzip", b"x-gzip", b"deflate"}:
            return f"(packed as {shown(encoding, 20)})".encode()
        raw = encoding == b"deflate" and body[:1] != bytes([_ZLIB])
        try:
            unpacking = zlib.decompressobj(_NO_HEADER if raw else _ANY_HEADER)
            body = unpacking.decompress(body, limit)
        except zlib.error:
            return b"(packed, and damaged)"
    return body


def _as_utf8(charset: re.Match[bytes] | None, body: bytes) -> bytes:
    if charset is None:
        return body
    try:
        return body.decode(charset[1].decode("ascii"), "replace").encode()
    except LookupError:
        return body
