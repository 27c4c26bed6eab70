"""The body of a response as text."""

from __future__ import annotations

import gzip
import zlib

import pytest

from ws_handshake.cli.client.response import Response
from ws_handshake.cli.client.unpacked import unpacked

TEXT = b"Not here. " * 9
GZIPPED = gzip.compress(TEXT, mtime=0)  # all processes have the same cases
RAW = zlib.compressobj(wbits=-15)
DEFLATED = RAW.compress(TEXT) + RAW.flush()

PACKED = [
    (b"", TEXT, TEXT),
    (b"identity", TEXT, TEXT),
    (b"gzip", GZIPPED, TEXT),
    (b"x-gzip", GZIPPED[:-8], TEXT),
    (b"deflate", zlib.compress(TEXT), TEXT),
    (b"deflate", DEFLATED, TEXT),
    (b"deflate, gzip", gzip.compress(zlib.compress(TEXT), mtime=0), TEXT),
    (b"gzip", TEXT, b"(packed, and damaged)"),
    (b"br", b"x", b"(packed as br)"),
    (b"\x1b[31m", b"x", b"(packed as \\x1b[31m)"),
]


@pytest.mark.parametrize(("encoding", "packed", "text"), PACKED)
def test_a_body_is_unpacked(encoding: bytes, packed: bytes, text: bytes) -> None:
    headers = ((b"Content-Encoding", encoding),) if encoding else ()

    assert unpacked(Response("1.1", 404, b"", headers, packed), 200).body == text


def test_no_more_is_unpacked_than_is_looked_at() -> None:
    headers = ((b"Content-Encoding", b"gzip"),)
    bomb = Response("1.1", 404, b"", headers, gzip.compress(bytes(10_000_000)))

    assert unpacked(bomb, 200).body == bytes(200)


CHARSETS = [
    (b"text/html; charset=iso-8859-1", "r\u00e9fus".encode("latin-1"), "r\u00e9fus"),
    (b'text/html; charset="utf-16"', "no".encode("utf-16"), "no"),
    (b"text/html; charset=utf-8", "r\u00e9fus".encode(), "r\u00e9fus"),
    (b"text/html; charset=gb2312", b"\xff", "\ufffd"),
    (b"text/html; charset=iso-8859-99", b"no", "no"),
    (b"text/html; charset=rot13", b"no", "no"),
]


@pytest.mark.parametrize(("media_type", "body", "text"), CHARSETS)
def test_another_charset_is_read(media_type: bytes, body: bytes, text: str) -> None:
    response = Response("1.1", 404, b"", ((b"Content-Type", media_type),), body)

    assert unpacked(response, 200).body.decode() == text
