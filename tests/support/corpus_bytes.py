"""The corpus: odd bytes, in fields that are judged and in those that are not."""

from __future__ import annotations

from tests.support.corpus_case import bent, raw
from tests.support.handshakes import KEY, VALID

_START = b"GET /ws HTTP/1.1\r\n"
_WIRE = VALID.wire()
_FIELDS = _WIRE.removeprefix(_START)

OTHER_FIELDS = (
    *bent(
        "RFC 9110 section 5.5: obs-text, and HTAB, in a field value",
        "accepted",
        {
            "every byte from 0x80 in a cookie": VALID.plus(
                b"cookie", bytes(range(0x80, 0x100))
            ),
            "UTF-8 in User-Agent": VALID.plus(b"user-agent", "Größe/1.0 ✓".encode()),
            "a tab in another field": VALID.plus(b"x-note", b"a\tb"),
            "an empty field": VALID.plus(b"x-note", b""),
            "quotes and backslashes": VALID.plus(b"x-note", b'"a\\"b'),
            "every character of a token as a name": VALID.plus(
                b"x!#$%&'*+-.^_`|~09", b"1"
            ),
            "a field of the response": VALID.plus(b"sec-websocket-accept", b"x"),
            "a proxy's fields": VALID.plus(b"x-forwarded-host", b"a b, c").plus(
                b"forwarded", b'for="[::1]"'
            ),
        },
    ),
    *bent(
        "RFC 9110 section 5.5: CR, LF and NUL MUST be rejected, and others may be",
        ("head_malformed",),
        {
            f"the control character {code:#04x} in a cookie": VALID.plus(
                b"cookie", b"a%cb" % code
            )
            for code in (0x00, 0x01, 0x07, 0x08, 0x0B, 0x0C, 0x0D, 0x1B, 0x1F, 0x7F)
        },
    ),
    *bent(
        "RFC 9112 section 5.1, RFC 9110 section 5.1: field-name = token",
        ("head_malformed",),
        {
            "a space before a colon": VALID.plus(b"x-note ", b"1"),
            "a tab before a colon": VALID.plus(b"x-note\t", b"1"),
            "a space in a name": VALID.plus(b"x note", b"1"),
            "an empty name": VALID.plus(b"", b"1"),
            "a bracket in a name": VALID.plus(b"x[note]", b"1"),
            "a letter beyond ASCII in a name": VALID.plus("é".encode(), b"1"),
            "NUL in a name": VALID.plus(b"x\x00note", b"1"),
            "a space before the colon of Host": VALID.without(b"host").plus(
                b"host ", b"127.0.0.1"
            ),
        },
    ),
    *raw(
        "RFC 9112 sections 2.2 and 5.1",
        ("head_malformed",),
        {
            "a line without a colon": _WIRE[:-2] + b"nothing\r\n\r\n",
            "white space before the first field": _START + b" x-note: 1\r\n" + _FIELDS,
        },
    ),
    *bent(
        "RFC 9110 section 5.5, and the rule of the field itself",
        ("upgrade_not_websocket", "head_malformed"),
        {
            f"the control character {code:#04x} in Upgrade": VALID.but(
                b"upgrade", b"websocket%c" % code
            )
            for code in (0x00, 0x01, 0x0B, 0x1F, 0x7F)
        },
    ),
    *bent(
        "RFC 9110 section 5.5, and the rules of the fields themselves",
        ("host_malformed", "key_malformed", "version_unsupported", "head_malformed"),
        {
            f"the control character {code:#04x} in three fields": VALID.but(
                b"host", b"a%cb" % code
            )
            .but(b"sec-websocket-key", KEY + b"%c" % code + b"=")
            .but(b"sec-websocket-version", b"1%c3" % code)
            for code in (0x00, 0x02, 0x0C, 0x1C, 0x7F)
        },
    ),
)

CASES = OTHER_FIELDS
