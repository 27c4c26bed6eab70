"""The corpus: methods, HTTP versions, targets and Host."""

from __future__ import annotations

from tests.support.corpus_case import bent, lines, raw, valued
from tests.support.handshakes import VALID

_FIELDS = VALID.wire().partition(b"\r\n")[2]
_LABEL = b"a" * 63 + b"."

METHODS = bent(
    "RFC 6455 section 4.2.1(1), RFC 9110 section 9.1: GET, in capitals",
    ("method_not_get",),
    {
        f"the method {method}": VALID.asked(method=method)
        for method in (
            *("POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "QUERY"),
            *("CONNECT", "PROPFIND", "get", "Get", "GETS", "BREW", "G+T", "'"),
        )
    },
)

VERSIONS = (
    *bent(
        "RFC 6455 section 4.2.1(1), RFC 9110 section 7.8",
        ("http_version_too_old",),
        {
            "HTTP/1.0": VALID.asked(version="1.0"),
            "HTTP/0.9 with fields": VALID.asked(version="0.9"),
            "HTTP/1.0 that would be kept alive": VALID.asked(version="1.0").but(
                b"connection", b"keep-alive, Upgrade"
            ),
        },
    ),
    *bent(
        "RFC 6455 section 4.2.1(1)(2): Host whatever the version",
        ("http_version_too_old", "host_missing"),
        {"HTTP/1.0 without Host": VALID.asked(version="1.0").without(b"host")},
    ),
    *bent(
        "RFC 8441 section 4: over HTTP/2 it is another handshake",
        ("http1_handshake_over_http2",),
        {
            "a request line that says HTTP/2.0": VALID.asked(version="2.0"),
            "a request line that says HTTP/3.0": VALID.asked(version="3.0"),
            "a request line that says HTTP/2.0, then another request": VALID.asked(
                version="2.0", body=VALID.wire()
            ),
        },
    ),
    *raw(
        "RFC 9112 section 2.3: HTTP-version",
        ("head_malformed",),
        {
            "the version in small letters": b"GET /ws http/1.1\r\n" + _FIELDS,
            "a version of two digits": b"GET /ws HTTP/1.10\r\n" + _FIELDS,
            "a version without a dot": b"GET /ws HTTP/11\r\n" + _FIELDS,
            "a version of two dots": b"GET /ws HTTP/1.1.1\r\n" + _FIELDS,
            "a space after the version": b"GET /ws HTTP/1.1 \r\n" + _FIELDS,
            "another protocol's version": b"GET /ws WS/1.1\r\n" + _FIELDS,
        },
    ),
)

TARGETS = (
    *bent(
        "RFC 9112 section 3.2.2: absolute-form MUST be accepted",
        "accepted",
        {
            "an absolute http target": VALID.asked(target=b"http://127.0.0.1/ws"),
            "an absolute https target": VALID.asked(target=b"https://127.0.0.1/ws?a"),
            "an absolute target in capitals": VALID.asked(target=b"HTTP://HOST.EX/ws"),
            "an absolute target without path": VALID.asked(target=b"http://host.ex"),
            "an absolute target, only a query": VALID.asked(target=b"http://host.ex?a"),
            "an absolute target with a port": VALID.asked(target=b"http://[::1]:80/ws"),
            "an absolute ws target": VALID.asked(target=b"ws://127.0.0.1/ws"),
        },
    ),
    *bent(
        "RFC 6455 section 3, RFC 9112 section 3.2.1",
        "accepted",
        {
            "the root": VALID.asked(target=b"/"),
            "a query": VALID.asked(target=b"/ws?room=1&x=%20"),
            "a path in percent-encoding": VALID.asked(target=b"/%77s/%C3%A9"),
            "two slashes": VALID.asked(target=b"//ws"),
            "an empty query": VALID.asked(target=b"/ws?"),
            "a question mark in the query": VALID.asked(target=b"/ws?a?b"),
        },
    ),
    *bent(
        "RFC 6455 section 3: no fragment; RFC 9112 section 3.2: four forms",
        ("head_malformed",),
        {
            "a fragment": VALID.asked(target=b"/ws#part"),
            "a fragment in an absolute target": VALID.asked(target=b"http://h.ex/#a"),
            "the asterisk, which is for OPTIONS": VALID.asked(target=b"*"),
            "a target without a slash": VALID.asked(target=b"ws"),
            "an authority, which is for CONNECT": VALID.asked(target=b"host.ex:80"),
            "a target of two words": VALID.asked(target=b"/ws /ws"),
            "a target with a letter beyond ASCII": VALID.asked(target=b"/\xc3\xa9"),
            "a target with a control character": VALID.asked(target=b"/w\x01s"),
            "no target": VALID.asked(target=b""),
            "an absolute target of another scheme": VALID.asked(target=b"ftp://h.ex/"),
            "an absolute target without host": VALID.asked(target=b"http:///ws"),
            "an absolute target with an open bracket": VALID.asked(
                target=b"http://[::1/ws"
            ),
            "an absolute target with a port too high": VALID.asked(
                target=b"http://h.ex:99999/ws"
            ),
            "an absolute target with user information": VALID.asked(
                target=b"http://user@h.ex/ws"
            ),
        },
    ),
)

HOSTS = (
    *valued(
        b"host",
        "RFC 9110 section 7.2, RFC 3986 section 3.2.2",
        "accepted",
        {
            "a name": b"example.com",
            "a name with a port": b"example.com:8080",
            "a name with an empty port": b"example.com:",
            "a port with zeros before it": b"example.com:00080",
            "the last port": b"example.com:65535",
            "a name in capitals": b"EXAMPLE.com",
            "a trailing dot": b"example.com.",
            "an underscore": b"chat_server",
            "an IPv6 address": b"[::1]",
            "an IPv6 address with a port": b"[2001:db8::1]:8080",
            "an IPv4-mapped IPv6 address": b"[::ffff:192.0.2.1]",
            "an address of the future": b"[v1.fe80::a+en1]",
            "percent-encoding": b"ex%61mple.com",
            "an A-label": b"xn--mnchen-3ya.example",
            "an A-label that IDNA 2003 does not know": b"xn--fa-hia.example",
            "an A-label that decodes to nothing": b"xn--a.xn--0.example",
            "a label of 64 characters": b"a" * 64,
            "255 bytes": (_LABEL * 4)[:255],
            "two dots": b"a..b",
            "sub-delims": b"a!$&'()*+,;=b",
        },
    ),
    *lines(
        b"host",
        "RFC 6455 section 4.2.1(2), RFC 9112 section 3.2",
        ("host_missing",),
        {"none": (), "an empty one": (b"",), "one of white space": (b" \t ",)},
    ),
    *valued(
        b"host",
        "RFC 9110 section 7.2, RFC 3986 section 3.2.2",
        ("host_malformed",),
        {
            "a path": b"example.com/ws",
            "a query": b"example.com?a",
            "a fragment": b"example.com#a",
            "user information": b"user@example.com",
            "a scheme": b"http://example.com",
            "a port of letters": b"example.com:http",
            "a port with a sign": b"example.com:-1",
            "a port too high": b"example.com:65536",
            "two ports": b"example.com:80:80",
            "a port alone": b":8080",
            "two names": b"example.com example.org",
            "an IPv6 address without brackets": b"::1",
            "an open bracket": b"[::1",
            "an IPv6 address with a letter too many": b"[::g]",
            "an IPv6 address of nine groups": b"[1:2:3:4:5:6:7:8:9]",
            "something after the bracket": b"[::1]a",
            "an IPv4 address in brackets": b"[127.0.0.1]",
            "a name in UTF-8": "münchen.example".encode(),
            "a name in ISO 8859-1": b"m\xfcnchen.example",
            "the fullwidth full stop": "a\uff0eb".encode(),
            "half a percent-encoding": b"ex%6.com",
            "a backslash": b"a\\b",
            "angle brackets": b"<a>",
            "a quoted name": b'"example.com"',
            "256 bytes": (_LABEL * 5)[:256],
            "4000 bytes": b"a" * 4000,
            "2000 dots": b"." * 2000,
            "1000 letters beyond ASCII": b"\xe9" * 1000,
        },
    ),
    *lines(
        b"host",
        "RFC 9112 section 3.2: more than one Host",
        ("host_duplicated",),
        {
            "the same twice": (b"example.com", b"example.com"),
            "two that differ": (b"example.com", b"example.org"),
            "one valid, one empty": (b"example.com", b""),
            "three": (b"a", b"b", b"c"),
        },
    ),
)

CASES = (*METHODS, *VERSIONS, *TARGETS, *HOSTS)
