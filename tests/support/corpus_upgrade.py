"""The corpus: Upgrade, Connection, and other upgrades than ours."""

from __future__ import annotations

from tests.support.corpus_case import bent, lines, valued
from tests.support.handshakes import VALID

_KELVIN = "websoc\N{KELVIN SIGN}et".encode()
_PLAIN = VALID.without(
    b"upgrade", b"connection", b"sec-websocket-key", b"sec-websocket-version"
)

UPGRADE = (
    *valued(
        b"upgrade",
        "RFC 6455 section 4.2.1(3): in any case; RFC 9110 section 7.8: a list",
        "accepted",
        {
            "in small letters": b"websocket",
            "as in the registry": b"WebSocket",
            "in capitals": b"WEBSOCKET",
            "after another": b"h2c, websocket",
            "before another": b"websocket, h2c",
            "among versions": b"HTTP/2.0, TLS/1.0,websocket, IRC/6.9",
            "twice in a list": b"websocket, websocket",
            "with an empty element before it": b", websocket",
            "with empty elements after it": b"websocket,, ,",
            "with spaces and tabs": b"\t websocket \t",
            "with tabs around the comma": b"h2c\t,\twebsocket",
        },
    ),
    *lines(
        b"upgrade",
        "RFC 9110 section 5.3: several lines are one list",
        "accepted",
        {
            "twice": (b"websocket", b"websocket"),
            "in the first of two lines": (b"websocket", b"h2c"),
            "in the second of two lines": (b"h2c", b"websocket"),
            "beside an empty line": (b"", b"websocket"),
        },
    ),
    *lines(b"upgrade", "RFC 6455 section 4.2.1(3)", ("upgrade_missing",), {"none": ()}),
    *valued(
        b"upgrade",
        "RFC 6455 section 4.2.1(3), RFC 9110 section 7.8",
        ("upgrade_not_websocket",),
        {
            "an empty value": b"",
            "only commas": b" , ,",
            "another protocol": b"h2c",
            "with a version": b"websocket/13",
            "with an empty version": b"websocket/",
            "with a digit": b"websocket2",
            "with a letter missing": b"websocke",
            "in two words": b"web socket",
            "with another word": b"websocket now",
            "quoted": b'"websocket"',
            "with a parameter": b"websocket;q=1",
            "separated by a semicolon": b"h2c; websocket",
            "in a list that is none": b"websocket, (h2c)",
            "with a KELVIN SIGN": _KELVIN,
            "with a NBSP after": b"websocket\xa0",
            "with a NBSP in UTF-8 before": b"\xc2\xa0websocket",
            "with a zero width space": "web\u200bsocket".encode(),
            "with a dotless i": "websocket, \u0131".encode(),
            "with the byte 0x85 before": b"\x85websocket",
            "with the byte 0xff": b"websocket\xff",
            "as a URL": b"ws://127.0.0.1/ws",
        },
    ),
)

CONNECTION = (
    *valued(
        b"connection",
        "RFC 6455 section 4.2.1(4), RFC 9110 section 7.6.1: a list, in any case",
        "accepted",
        {
            "in small letters": b"upgrade",
            "in capitals": b"UPGRADE",
            "as Firefox sends it": b"keep-alive, Upgrade",
            "before another": b"Upgrade, keep-alive",
            "without white space": b"keep-alive,Upgrade",
            "with a tab": b"keep-alive,\tUpgrade",
            "with white space before the comma": b"keep-alive , Upgrade ",
            "with empty elements": b",, Upgrade,",
            "twice in a list": b"Upgrade, upgrade",
            "beside close": b"close, Upgrade",
            "beside the settings of h2c": b"Upgrade, HTTP2-Settings",
            "among odd tokens": b"x!#$%&'*+-.^_`|~9, Upgrade",
        },
    ),
    *lines(
        b"connection",
        "RFC 9110 section 5.3: several lines are one list",
        "accepted",
        {
            "in the first of two lines": (b"Upgrade", b"keep-alive"),
            "in the second of two lines": (b"keep-alive", b"Upgrade"),
            "in the second of three lines": (b"te", b"Upgrade", b"keep-alive"),
            "beside an empty line": (b"Upgrade", b""),
        },
    ),
    *lines(
        b"connection",
        "RFC 6455 section 4.2.1(4)",
        ("connection_missing",),
        {"none": ()},
    ),
    *valued(
        b"connection",
        "RFC 6455 section 4.2.1(4), RFC 9110 section 7.6.1",
        ("connection_not_upgrade",),
        {
            "an empty value": b"",
            "only a comma": b",",
            "keep-alive": b"keep-alive",
            "close, as nginx sends it": b"close",
            "the protocol's name": b"websocket",
            "the start of the token": b"up",
            "the token and a digit": b"upgrade2",
            "two words": b"keep-alive Upgrade",
            "a semicolon between": b"keep-alive; Upgrade",
            "a value": b"Upgrade=1",
            "quoted": b'"Upgrade"',
            "with a hyphen": b"up-grade",
            "in a list that is none": b"Upgrade, a b",
            "with a NBSP before": b"keep-alive,\xa0Upgrade",
            "with a NBSP in UTF-8 after": b"Upgrade\xc2\xa0",
            "with the byte 0xff in another element": b"Upgrade, \xff",
        },
    ),
)

_H2C = (
    _PLAIN.plus(b"connection", b"Upgrade, HTTP2-Settings")
    .plus(b"upgrade", b"h2c")
    .plus(b"http2-settings", b"AAMAAABkAARAAAAAAAIAAAAA")
)
_DEVICE = _PLAIN.plus(b"connection", b"Upgrade")

OTHER_UPGRADES = (
    *bent(
        "RFC 9110 section 7.8: a server MAY ignore Upgrade, and h2c is the app's",
        "app",
        {
            "an upgrade to h2c": _H2C,
            "an upgrade to h2c with POST": _H2C.asked(method="POST"),
            "an upgrade to TLS": _DEVICE.plus(b"upgrade", b"TLS/1.0, HTTP/1.1"),
            "an upgrade to almost ours": _DEVICE.plus(b"upgrade", b"websocket2"),
            "an upgrade to a version of ours": _DEVICE.plus(b"upgrade", b"websocket/1"),
            "an upgrade over HTTP/1.0": _H2C.asked(version="1.0"),
            "the Connection of an upgrade, alone": _DEVICE,
            "the Upgrade of h2c, alone": _PLAIN.plus(b"upgrade", b"h2c"),
            "an empty Upgrade": _DEVICE.plus(b"upgrade", b""),
        },
    ),
    *bent(
        "RFC 6455 section 4.2.1(3)",
        ("upgrade_not_websocket",),
        {"h2c with our fields": VALID.but(b"upgrade", b"h2c")},
    ),
    *bent(
        "RFC 6455 section 4.2.1(4)(5)(6)",
        ("connection_missing", "key_missing", "version_missing"),
        {"ours with nothing else": _PLAIN.plus(b"upgrade", b"websocket")},
    ),
)

CASES = (*UPGRADE, *CONNECTION, *OTHER_UPGRADES)
