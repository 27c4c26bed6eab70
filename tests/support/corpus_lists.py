"""The corpus: Sec-WebSocket-Protocol, Sec-WebSocket-Extensions and Origin."""

from __future__ import annotations

from tests.support.corpus_case import lines, valued

_PROTOCOL = b"sec-websocket-protocol"
_EXTENSIONS = b"sec-websocket-extensions"
_DEFLATE = b"permessage-deflate"

SUBPROTOCOLS = (
    *valued(
        _PROTOCOL,
        "RFC 6455 section 4.2.1(8), RFC 9110 section 5.6.1: 1#token",
        "accepted",
        {
            "one": b"chat",
            "two": b"chat, superchat",
            "two without white space": b"chat,superchat",
            "white space around the comma": b"chat \t, \tsuperchat",
            "empty elements": b",, chat,, superchat,",
            "the same twice": b"chat, chat",
            "two that differ in case": b"chat, CHAT",
            "every character of a token": b"!#$%&'*+-.^_`|~09azAZ",
            "a name with a version": b"v12.stomp",
            "a name in reverse domain notation": b"com.example.chat",
            "a bearer token": b"base64url.bearer.authorization.k8s.io.c2VjcmV0",
            "a hundred": b", ".join(b"chat%d" % number for number in range(100)),
        },
    ),
    *lines(
        _PROTOCOL,
        "RFC 6455 section 11.3.4: MAY appear multiple times in a request",
        "accepted",
        {
            "two lines": (b"chat", b"superchat"),
            "two lines of lists": (b"a, b", b"c, d"),
            "three lines, one empty": (b"", b"chat", b"superchat"),
            "the same in two lines": (b"chat", b"chat"),
        },
    ),
    *valued(
        _PROTOCOL,
        "RFC 6455 section 4.1(10), RFC 9110 section 5.6.2: tokens, one at least",
        ("subprotocol_malformed",),
        {
            "an empty value": b"",
            "a comma": b",",
            "two commas": b" , , ",
            "a space inside": b"chat room",
            "a tab inside": b"chat\troom",
            "a good one and a space": b"chat, chat room",
            **{
                f"the separator {mark}": b"chat%sroom" % mark.encode()
                for mark in '()<>@;:\\"/[]?={}'
            },
            "a quoted name": b'"chat"',
            "a JSON list": b'["chat"]',
            "base64 with padding": b"YQ==",
            "a letter beyond ASCII": "café".encode(),
            "a NBSP before": b"\xa0chat",
            "a NBSP in UTF-8 after": b"chat\xc2\xa0",
            "the byte 0x80": b"chat\x80",
            "the byte 0xff": b"\xff",
        },
    ),
    *lines(
        _PROTOCOL,
        "RFC 6455 section 4.1(10)",
        ("subprotocol_malformed",),
        {
            "two empty lines": (b"", b""),
            "a valid line and a broken one": (b"chat", b"chat room"),
        },
    ),
)

EXTENSIONS = (
    *valued(
        _EXTENSIONS,
        "RFC 6455 section 9.1: an extension-list",
        "accepted",
        {
            "compression": _DEFLATE,
            "as Chrome sends it": b"permessage-deflate; client_max_window_bits",
            "with window sizes": b"permessage-deflate; server_max_window_bits=10; "
            b"client_max_window_bits=15",
            "with a choice": b"permessage-deflate; server_max_window_bits=10, "
            b"permessage-deflate",
            "without context": b"permessage-deflate;server_no_context_takeover;"
            b"client_no_context_takeover",
            "white space around the equals sign": b"permessage-deflate; "
            b"server_max_window_bits = 10",
            "a quoted value": b'permessage-deflate; server_max_window_bits="10"',
            "a quoted value with an escape": b'foo; bar="b\\az"',
            "white space around everything": b" foo ;\tbar\t=\tbaz ; x , quux ",
            "an unknown one": b"x-webkit-deflate-frame",
            "unknown parameters": b"foo; bar; baz=1; baz=2",
            "empty elements": b",, permessage-deflate,,foo,",
            "the same unknown one twice": b"foo, foo; a",
            "every character of a token": b"!#$%&'*+-.^_`|~09azAZ; a=!#$%&'*+-.^_`|~",
        },
    ),
    *lines(
        _EXTENSIONS,
        "RFC 6455 section 11.3.2: MAY appear multiple times in a request",
        "accepted",
        {
            "two lines": (b"foo", _DEFLATE),
            "two lines of lists": (b"foo, bar; a=1", b"permessage-deflate, baz"),
            "compression in both lines": (_DEFLATE, _DEFLATE),
            "an empty line beside": (b"", _DEFLATE),
        },
    ),
    *valued(
        _EXTENSIONS,
        "RFC 7692 sections 5 and 7.1: an offer that does not fit is declined",
        "accepted",
        {
            "a window of letters": b"permessage-deflate; server_max_window_bits=foo",
            "a window too small": b"permessage-deflate; server_max_window_bits=7",
            "a window too large": b"permessage-deflate; client_max_window_bits=16",
            "a window with a zero": b"permessage-deflate; client_max_window_bits=08",
            "the smallest window": b"permessage-deflate; server_max_window_bits=8",
            "a window without a size": b"permessage-deflate; server_max_window_bits",
            "a quoted window of letters": b"permessage-deflate; "
            b'client_max_window_bits="foo"',
            "a window that is huge": b"permessage-deflate; client_max_window_bits="
            + b"9" * 5000,
            "a window of digits of others": b"permessage-deflate; "
            b"client_max_window_bits=1_0",
            "a flag with a value": b"permessage-deflate; client_no_context_takeover=1",
            "a flag twice": b"permessage-deflate; client_no_context_takeover; "
            b"client_no_context_takeover",
            "a window twice": b"permessage-deflate; client_max_window_bits=9; "
            b"client_max_window_bits=10",
            "an unknown parameter": b"permessage-deflate; level=9",
            "a parameter that starts like one": b"permessage-deflate; "
            b"server_max_window_bits_x=y",
            "a name that starts like it": b"permessage-deflate2; "
            b"server_max_window_bits=foo",
            "another case": b"PerMessage-Deflate; server_max_window_bits=foo",
            "a bad offer before a good one": b"permessage-deflate; a=b, "
            b"permessage-deflate",
        },
    ),
    *valued(
        _EXTENSIONS,
        "RFC 6455 section 9.1: what does not parse MUST fail the connection",
        ("extensions_malformed",),
        {
            "an empty value": b"",
            "a comma": b",",
            "a semicolon": b";",
            "a semicolon after": b"foo;",
            "a semicolon before": b"; bar",
            "two semicolons": b"foo; ; bar",
            "no name": b"foo, ; bar",
            "no parameter name": b"foo; =1",
            "no value": b"foo; bar=",
            "two equals signs": b"foo; bar==1",
            "two values": b"foo; bar=1=2",
            "two words": b"foo bar",
            "two words as a parameter": b"foo; bar baz",
            "two words as a value": b"foo; bar=1 2",
            "a value without parameter": b"foo=1",
            "an open quote": b'foo; bar="1',
            "a quote that opens late": b'foo; bar=1"',
            "an empty quoted value": b'foo; bar=""',
            "a quoted value of two words": b'foo; bar="1 2"',
            "a quoted value with a comma": b'foo; bar="1,2"',
            "a quoted value with a semicolon": b'foo; bar="1;2"',
            "something after a quoted value": b'foo; bar="1"2',
            "an escape at the end": b'foo; bar="1\\"',
            "a quoted name": b'"foo"',
            "a quoted parameter": b'foo; "bar"',
            "a version": b"foo/1",
            "a colon": b"foo: bar",
            "parentheses": b"foo (bar)",
            "a list in brackets": b"[permessage-deflate]",
            "compression, and what does not parse": b"permessage-deflate, foo bar",
            "compression with an open quote": b"permessage-deflate; "
            b'client_max_window_bits="15',
            "a letter beyond ASCII": "café".encode(),
            "a NBSP after the semicolon": b"foo;\xa0bar",
            "a NBSP in UTF-8 after": b"permessage-deflate\xc2\xa0",
            "the byte 0xff in a value": b"foo; bar=\xff",
            "four thousand quotes": b'foo; a="' + b'\\"' * 2000,
            "four thousand semicolons": b"foo" + b";" * 4000,
        },
    ),
)

_REJECTS = ("origin_duplicated",)

ORIGINS = (
    *valued(
        b"origin",
        "RFC 6455 section 4.2.1(7): optional; no policy, so any will do",
        "accepted",
        {
            "a page": b"https://example.com",
            "a page on a port": b"http://localhost:3000",
            "an opaque one": b"null",
            "an extension's": b"chrome-extension://abcdefgh",
            "several hops": b"https://example.com https://example.org",
            "no origin at all": b"anything",
            "an empty one": b"",
            "letters beyond ASCII": "https://münchen.example".encode(),
        },
    ),
    *lines(
        b"origin",
        "RFC 6454 section 7.3: MUST NOT include more than one",
        _REJECTS,
        {
            "the same twice": (b"https://example.com", b"https://example.com"),
            "two that differ": (b"https://example.com", b"https://example.org"),
            "one and an empty one": (b"https://example.com", b""),
            "two merged into a line": (b"https://example.com, https://example.org",),
        },
    ),
)

CASES = (*SUBPROTOCOLS, *EXTENSIONS, *ORIGINS)
