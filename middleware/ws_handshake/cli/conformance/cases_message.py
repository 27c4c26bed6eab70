"""The catalogue: the form of the message, its body and its size."""

from __future__ import annotations

from ws_handshake.cli.conformance.case import (
    CONNECTION,
    HOST,
    KEY,
    UPGRADE,
    VALID,
    VERSION,
    Template,
    accepted,
    either,
    rejected,
)

_WIRE = VALID.wire()
_FRAME = b"\x81\x85\x00\x00\x00\x00hello"
_LENGTH = b"Content-Length"
_CODING = b"Transfer-Encoding"


def _and(name: bytes, *values: bytes) -> Template:
    return VALID.plus(name, *values)


def _named(case: str) -> bytes:
    """Return a valid handshake with other letters in the names of its fields."""
    wire = _WIRE
    for name in (HOST, UPGRADE, CONNECTION, KEY, VERSION):
        wire = wire.replace(name + b":", getattr(name, case)() + b":")
    return wire


FORMS = accepted(
    "RFC 9112 section 5, RFC 9110 section 5.1: names in any case, in any order",
    {
        "names_small": ("The names are in lower case.", _named("lower")),
        "names_capitals": ("The names are in upper case.", _named("upper")),
        "order_reversed": (
            "The fields are in the reverse order.",
            Template(fields=VALID.fields[::-1]),
        ),
        "no_space": (
            "There is no white space after the colons.",
            _WIRE.replace(b": ", b":"),
        ),
        "tab_for_space": (
            "There are tabs after the colons.",
            _WIRE.replace(b": ", b":\t"),
        ),
    },
)

OTHER_FIELDS = accepted(
    "RFC 9110 section 5.5: what a field's value may hold",
    {
        "field_empty": ("Another field is empty.", _and(b"X-Note", b"")),
        "field_signs": (
            "Another field has quotes and backslashes.",
            _and(b"X-Note", b'"a\\"b'),
        ),
        "field_utf8": (
            "Another field has letters beyond ASCII.",
            _and(b"X-Note", "Größe ✓".encode()),
        ),
        "field_name_signs": (
            "Another field's name has every sign that a token may have.",
            _and(b"X!#$%&'*+-.^_`|~09", b"1"),
        ),
        "body_of_no_length": ("Content-Length is 0.", _and(_LENGTH, b"0")),
    },
)

MALFORMED = (
    *rejected(
        "head_malformed",
        {
            "space_before_colon": (
                "There is a space before a colon.",
                _and(b"X-Note ", b"1"),
            ),
            "tab_before_colon": (
                "There is a tab before a colon.",
                _and(b"X-Note\t", b"1"),
            ),
        },
        rfc="RFC 9112 section 5.1",
    ),
    *either(
        "RFC 9112 section 2.2: what is not HTTP SHOULD get 400",
        {
            "line_without_colon": (
                "A line has no colon.",
                _WIRE.replace(b"\r\n", b"\r\nnothing\r\n", 1),
            ),
            "name_with_bracket": ("A name has brackets.", _and(b"X[note]", b"1")),
        },
    ),
    *either(
        "RFC 9110 section 5.5: MUST be rejected or replaced by spaces",
        {
            "byte_00": ("Another field has a NUL.", _and(b"X-Note", b"a\0b")),
            "byte_0d": ("Another field has a bare CR.", _and(b"X-Note", b"a\rb")),
        },
    ),
    *either(
        "RFC 9110 section 5.5: may be rejected or kept",
        {
            "byte_01": ("Another field has the byte 1.", _and(b"X-Note", b"a\x01b")),
            "byte_7f": ("Another field has the byte 127.", _and(b"X-Note", b"a\x7fb")),
        },
    ),
    *either(
        "RFC 9112 section 5.2: MUST be rejected or unfolded",
        {"folded": ("Another field is folded.", _and(b"X-Note", b"a\r\n b"))},
    ),
    *either(
        "RFC 9112 section 2.2: a single LF may be read as the end of a line",
        {"bare_lf": ("Lines end with LF alone.", _WIRE.replace(b"\r\n", b"\n"))},
    ),
    *either(
        "RFC 9112 section 2.2: SHOULD ignore one",
        {"empty_line_before": ("An empty line comes first.", b"\r\n" + _WIRE)},
    ),
)

BODIES = (
    *either(
        "RFC 9110 section 9.3.1: content in a GET request may be rejected",
        {
            "body_of_five_bytes": (
                "There is a body of five bytes.",
                _and(_LENGTH, b"5").carrying(b"hello"),
            ),
            "body_chunked": (
                "There is a chunked body.",
                _and(_CODING, b"chunked").carrying(b"5\r\nhello\r\n0\r\n\r\n"),
            ),
            "body_chunked_empty": (
                "There is an empty chunked body.",
                _and(_CODING, b"chunked").carrying(b"0\r\n\r\n"),
            ),
        },
    ),
    *rejected(
        "body_unexpected",
        {
            "length_of_letters": ("Content-Length is `five`.", _and(_LENGTH, b"five")),
            "length_with_sign": ("Content-Length is `-5`.", _and(_LENGTH, b"-5")),
            "lengths_differing": (
                "There are two Content-Lengths that differ.",
                _and(_LENGTH, b"5", b"6").carrying(b"hello!"),
            ),
        },
        rfc="RFC 9112 section 6.3",
    ),
    *either(
        "RFC 6455 section 4.1: the client MUST wait for the response",
        {
            "frame_behind": (
                "A frame is sent before the response to a valid handshake.",
                VALID.carrying(_FRAME),
            )
        },
    ),
    *rejected(
        "key_missing",
        {
            "frame_behind_rejected": (
                "There is no key, and a frame is sent at once.",
                VALID.without(KEY).carrying(_FRAME),
            )
        },
    ),
)

SIZES = either(
    "RFC 9110 section 5.4: what is too large MUST get a response, with 4xx",
    {
        "line_of_9_kb": ("A line has 9,000 bytes.", _and(b"X-Note", b"a" * 9000)),
        "line_of_20_kib": ("A line has 20 KiB.", _and(b"X-Note", b"a" * 20_480)),
        "line_of_70_kib": ("A line has 70 KiB.", _and(b"X-Note", b"a" * 71_680)),
        "lines_of_130": ("There are 130 more lines.", _and(b"X-Note", *[b"1"] * 130)),
    },
)

SEVERAL = rejected(
    "host_duplicated key_duplicated version_duplicated",
    {
        "every_line_twice": (
            "Every line is repeated.",
            Template(fields=VALID.fields * 2),
        )
    },
)

CASES = (*FORMS, *OTHER_FIELDS, *MALFORMED, *BODIES, *SIZES, *SEVERAL)
