"""The corpus: bodies, bytes after the head, sizes, and what is no handshake."""

from __future__ import annotations

from tests.support.corpus_case import bent, valued
from tests.support.handshakes import KEY, VALID

_FRAME = b"\x81\x85\x00\x00\x00\x00hello"
_NEXT = b"GET /private HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
_COOKIE = len(b"cookie: \r\n")
_LINES = len(VALID.headers)
_CHUNKED = VALID.plus(b"transfer-encoding", b"chunked")
_PLAIN = VALID.without(
    b"upgrade", b"connection", b"sec-websocket-key", b"sec-websocket-version"
)

BODIES = (
    *valued(
        b"content-length",
        "RFC 9110 sections 8.6 and 9.3.1: no content",
        "accepted",
        {"zero": b"0", "zeros": b"000"},
    ),
    *bent(
        "RFC 9110 section 9.3.1: content in a GET request has no meaning",
        ("body_unexpected",),
        {
            "a body of five bytes": VALID.plus(b"content-length", b"5").asked(
                body=b"hello"
            ),
            "a body that does not come": VALID.plus(b"content-length", b"5"),
            "a body of a frame": VALID.plus(b"content-length", b"11").asked(
                body=_FRAME
            ),
            "a body that is expected to be asked for": VALID.plus(
                b"content-length", b"5"
            ).plus(b"expect", b"100-continue"),
            "a chunked body": _CHUNKED.asked(body=b"5\r\nhello\r\n0\r\n\r\n"),
            "a chunked body of nothing": _CHUNKED.asked(body=b"0\r\n\r\n"),
            "a chunked body that does not come": _CHUNKED,
            "a chunked body that is none": _CHUNKED.asked(body=b"hello\r\n\r\n"),
            "a chunked body of frames": _CHUNKED.asked(body=_FRAME),
            "a chunked body, then another request": _CHUNKED.asked(
                body=b"0\r\n\r\n" + _NEXT
            ),
        },
    ),
    *valued(
        b"transfer-encoding",
        "RFC 9112 section 6.1: a coding announces a body, known or not",
        ("body_unexpected",),
        {
            "chunked in capitals": b"CHUNKED",
            "two codings": b"gzip, chunked",
            "one without chunks": b"gzip",
            "chunked twice": b"chunked, chunked",
            "identity": b"identity",
            "an unknown one": b"xchunked",
            "an empty value": b"",
        },
    ),
    *bent(
        "RFC 9112 section 6.1: both may be an attempt to smuggle a request",
        ("body_unexpected",),
        {
            "a length and a coding": _CHUNKED.plus(b"content-length", b"5").asked(
                body=b"0\r\n\r\n"
            ),
            "no length and a coding": _CHUNKED.plus(b"content-length", b"0"),
        },
    ),
    *valued(
        b"content-length",
        "RFC 9112 section 6.3: a length that is none is an error",
        ("body_unexpected",),
        {
            "a word": b"five",
            "a minus before": b"-1",
            "a plus before": b"+5",
            "a minus before zero": b"-0",
            "hexadecimal": b"0x5",
            "a fraction": b"5.0",
            "two that differ": b"5, 6",
            "a space inside": b"0 0",
            "an empty value": b"",
            "forty digits": b"9" * 40,
        },
    ),
    *bent(
        "RFC 9110 section 8.6: two that differ are an error",
        ("body_unexpected",),
        {
            "two lengths in two lines": VALID.plus(b"content-length", b"5").plus(
                b"content-length", b"6"
            )
        },
    ),
)

BEHIND = (
    *bent(
        "RFC 6455 section 4.1: the client MUST wait, and the server need not mind",
        "accepted",
        {
            "a frame after a valid head": VALID.asked(body=_FRAME),
            "a request after a valid head": VALID.asked(body=_NEXT),
            "garbage after a valid head": VALID.asked(body=b"\x00\xff" * 50),
            "an expectation": VALID.plus(b"expect", b"100-continue"),
        },
    ),
    *bent(
        "RFC 6455 section 4.2.1: the server MUST stop processing",
        ("key_missing",),
        {
            "a frame after a rejected head": VALID.without(b"sec-websocket-key").asked(
                body=_FRAME
            ),
            "a request after a rejected head": VALID.without(
                b"sec-websocket-key"
            ).asked(body=_NEXT),
            "garbage after a rejected head": VALID.without(b"sec-websocket-key").asked(
                body=b"\x00\xff" * 50
            ),
            "a lone line end after a rejected head": VALID.without(
                b"sec-websocket-key"
            ).asked(body=b"\r\n"),
        },
    ),
    *bent(
        "RFC 6455 section 4.2.1(4): the server MUST stop processing",
        ("connection_missing",),
        {
            "a frame after a head without Connection": VALID.without(
                b"connection"
            ).asked(body=_FRAME),
            "a request after a head without Connection": VALID.without(
                b"connection"
            ).asked(body=_NEXT),
            "garbage after a head without Connection": VALID.without(
                b"connection"
            ).asked(body=b"\x00\xff" * 50),
            "a request, then garbage, after one": VALID.without(b"connection").asked(
                body=_NEXT + b"\x00\xff" * 50
            ),
        },
    ),
)


def _filled(line_bytes: int) -> bytes:
    return b"a" * (line_bytes - _COOKIE)


SIZES = (
    *bent(
        "RFC 6585 section 5: the limits are ours, and these are within",
        "accepted",
        {
            "a line of 8192 bytes": VALID.plus(b"cookie", _filled(8192)),
            "a request line of 8192 bytes": VALID.asked(
                target=b"/" + b"a" * (8192 - len("GET / HTTP/1.1\r\n"))
            ),
            "a field name of 4000 bytes": VALID.plus(b"x" * 4000, b"1"),
            "128 lines": VALID.asked(
                headers=(*VALID.headers, *[(b"x-line", b"1")] * (128 - _LINES))
            ),
            "two lines of 6000 bytes": VALID.plus(b"cookie", _filled(6000)).plus(
                b"x-token", _filled(6000)
            ),
        },
    ),
    *bent(
        "RFC 6585 section 5: Request Header Fields Too Large",
        ("headers_too_large",),
        {
            "a line of 8193 bytes": VALID.plus(b"cookie", _filled(8193)),
            "a line of 20 KiB": VALID.plus(b"cookie", _filled(20_480)),
            "a line of 70 KiB": VALID.plus(b"cookie", _filled(71_680)),
            "a line of 200 KiB": VALID.plus(b"cookie", _filled(204_800)),
            "a request line of 8193 bytes": VALID.asked(
                target=b"/" + b"a" * (8193 - len("GET / HTTP/1.1\r\n"))
            ),
            "129 lines": VALID.asked(
                headers=(*VALID.headers, *[(b"x-line", b"1")] * (129 - _LINES))
            ),
            "600 lines": VALID.asked(
                headers=(*VALID.headers, *[(b"x-line", b"1")] * 600)
            ),
            "a field name of 9000 bytes": VALID.plus(b"x" * 9000, b"1"),
            "subprotocols of 10000 bytes": VALID.plus(
                b"sec-websocket-protocol", b",".join([b"chat"] * 2000)
            ),
            "subprotocols of 10000 bytes in two lines": VALID.plus(
                b"sec-websocket-protocol", b",".join([b"chat"] * 1000)
            ).plus(b"sec-websocket-protocol", b",".join([b"chat"] * 1000)),
            "extensions of 10000 bytes": VALID.plus(
                b"sec-websocket-extensions", b"foo" + b"; a=b" * 2000
            ),
            "a Connection of 10000 bytes": VALID.but(
                b"connection", b"Upgrade" + b", keep-alive" * 900
            ),
            "an Upgrade of commas": VALID.but(b"upgrade", b"websocket" + b"," * 9000),
        },
    ),
    *bent(
        "RFC 6455 section 4.2.1(5), RFC 6585 section 5",
        ("key_malformed", "headers_too_large"),
        {"a key of 9000 bytes": VALID.but(b"sec-websocket-key", b"A" * 9000)},
    ),
    *bent(
        "RFC 9110 section 7.2, RFC 6585 section 5",
        ("host_malformed", "headers_too_large"),
        {"a Host of 9000 bytes": VALID.but(b"host", b"a" * 9000)},
    ),
)

PLAIN = (
    *bent(
        "RFC 9110: not a handshake, so it is the application's",
        "app",
        {
            "a plain GET": _PLAIN,
            "a plain GET over HTTP/1.0": _PLAIN.asked(version="1.0"),
            "a plain HEAD": _PLAIN.asked(method="HEAD"),
            "a plain POST": _PLAIN.asked(method="POST", body=b"hello").plus(
                b"content-length", b"5"
            ),
            "a chunked POST": _PLAIN.asked(
                method="POST", body=b"5\r\nhello\r\n0\r\n\r\n"
            ).plus(b"transfer-encoding", b"chunked"),
            "a plain GET that is kept alive": _PLAIN.plus(b"connection", b"keep-alive"),
            "a plain GET with a field of ours that only responses have": _PLAIN.plus(
                b"sec-websocket-accept", b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
            ),
            "a plain GET with a field that looks like ours": _PLAIN.plus(
                b"x-sec-websocket-key", KEY
            ),
            "a plain GET with a long cookie": _PLAIN.plus(b"cookie", _filled(12_000)),
            "a plain GET with an odd Host": _PLAIN.but(b"host", b"a/b"),
            "a plain GET with two origins": _PLAIN.plus(b"origin", b"a").plus(
                b"origin", b"b"
            ),
        },
    ),
)

CASES = (*BODIES, *BEHIND, *SIZES, *PLAIN)
