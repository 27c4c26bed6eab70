"""The catalogue: Sec-WebSocket-Key and Sec-WebSocket-Version."""

from __future__ import annotations

from ws_handshake.cli.conformance.case import (
    KEY,
    VALID,
    VERSION,
    Template,
    accepted,
    either,
    rejected,
)

_SAMPLE = b"dGhlIHNhbXBsZSBub25jZQ=="
_OTHER = b"x3JJHMbDL1EzLkh9GBhXDw=="
_ADVERTISE = "RFC 6455 sections 4.2.2(4) and 4.4"


def _key(*values: bytes) -> Template:
    return VALID.but(KEY, *values)


def _version(*values: bytes) -> Template:
    return VALID.but(VERSION, *values)


KEYS = (
    *accepted(
        "RFC 6455 section 4.2.1(5): base64 of 16 bytes",
        {
            "key_zeros": ("The key is sixteen zeros.", _key(b"A" * 22 + b"==")),
            "key_signs": (
                "The key is full of plus and slash.",
                _key(b"a+b/c+d/e+f/g+h/i+j/kA=="),
            ),
        },
    ),
    *accepted(
        "RFC 6455 section 4.2.2(5)4: white space around the key is not part of it",
        {
            "key_spaces_around": (
                "There are spaces around the key.",
                _key(b"  {key}  "),
            ),
            "key_tabs_around": ("There are tabs around the key.", _key(b"\t{key}\t")),
        },
    ),
    *either(
        "RFC 4648 section 3.5: non-zero pad bits may be rejected",
        {
            "key_pad_bits": (
                "The key of RFC 6455 section 4.1(7), which has non-zero pad bits.",
                _key(b"AQIDBAUGBwgJCgsMDQ4PEC=="),
            )
        },
    ),
    *rejected("key_missing", {"key_missing": ("There is no key.", VALID.without(KEY))}),
    *rejected(
        "key_malformed",
        {
            "key_empty": ("The key is empty.", _key(b"")),
            "key_word": ("The key is a word.", _key(b"sample")),
            "key_15_bytes": ("The key is base64 of 15 bytes.", _key(b"A" * 20)),
            "key_17_bytes": ("The key is base64 of 17 bytes.", _key(b"A" * 23 + b"=")),
            "key_18_bytes": ("The key is base64 of 18 bytes.", _key(b"A" * 24)),
            "key_32_bytes": ("The key is base64 of 32 bytes.", _key(b"A" * 43 + b"=")),
            "key_no_padding": ("The key has no padding.", _key(_SAMPLE[:-2])),
            "key_more_padding": ("The key has too much padding.", _key(b"{key}=")),
            "key_only_padding": ("The key is only padding.", _key(b"=" * 24)),
            "key_padding_inside": (
                "The key has padding in the middle.",
                _key(b"dGhlIHNh==xlIG5vbmNlAA=="),
            ),
            "key_url_alphabet": (
                "The key is in the base64 alphabet for URLs.",
                _key(b"a-b_c-d_e-f_g-h_i-j_kA=="),
            ),
            "key_hexadecimal": (
                "The key is hexadecimal.",
                _key(b"0123456789abcdef" * 2),
            ),
            "key_dollar": ("The key has a dollar sign.", _key(b"$" + _SAMPLE[1:])),
            "key_space_inside": (
                "The key has a space inside.",
                _key(_SAMPLE[:12] + b" " + _SAMPLE[12:]),
            ),
            "key_comma_behind": ("A comma follows the key.", _key(b"{key},")),
            "key_word_behind": ("A word follows the key.", _key(b"{key} now")),
            "key_quoted": ("The key is quoted.", _key(b'"{key}"')),
            "key_nbsp_before": (
                "A no-break space precedes the key.",
                _key(b"\xa0{key}"),
            ),
            "key_nbsp_behind": (
                "A no-break space in UTF-8 follows the key.",
                _key(b"{key}\xc2\xa0"),
            ),
            "key_byte_ff": ("The key has the byte 0xff.", _key(b"\xff" + _SAMPLE[1:])),
            "key_fullwidth": (
                "The key is in fullwidth letters.",
                _key("\uff21".encode() * 22 + b"=="),
            ),
        },
    ),
    *rejected(
        "key_duplicated",
        {
            "key_twice": (
                "There are two keys, which are equal.",
                _key(b"{key}", b"{key}"),
            ),
            "key_twice_differing": (
                "There are two keys that differ.",
                _key(b"{key}", _OTHER),
            ),
            "key_and_an_empty_one": (
                "There are a key and an empty one.",
                _key(b"{key}", b""),
            ),
            "key_merged": (
                "Two keys are in one line, as proxies merge them.",
                _key(b"{key}, {key}"),
            ),
        },
    ),
)

VERSIONS = (
    *accepted(
        "RFC 9112 section 5.1: white space around a value is not part of it",
        {
            "version_spaces": ("There are spaces around it.", _version(b"  13  ")),
            "version_tabs": ("There are tabs around it.", _version(b"\t13\t")),
        },
    ),
    *either(
        "RFC 6455 section 4.4: a server may speak more versions than 13",
        {
            "version_8": ("The version is 8, a draft's.", _version(b"8")),
            "version_7": ("The version is 7, a draft's.", _version(b"7")),
        },
    ),
    *rejected(
        "version_missing",
        {"version_missing": ("There is no version.", VALID.without(VERSION))},
    ),
    *rejected(
        "version_unsupported",
        {
            f"version_{number}": (f"The version is {number}.", _version(b"%d" % number))
            for number in (0, 12, 14, 255)
        },
        rfc=_ADVERTISE,
        needs="Sec-WebSocket-Version",
    ),
    *rejected(
        "version_unsupported",
        {
            "version_empty": ("The version is empty.", _version(b"")),
            "version_256": ("The version is 256.", _version(b"256")),
            "version_zero_before": ("The version is `013`.", _version(b"013")),
            "version_plus": ("The version is `+13`.", _version(b"+13")),
            "version_fraction": ("The version is `13.0`.", _version(b"13.0")),
            "version_hexadecimal": ("The version is `0xd`.", _version(b"0xd")),
            "version_exponent": ("The version is `1.3e1`.", _version(b"1.3e1")),
            "version_underscore": ("The version is `1_3`.", _version(b"1_3")),
            "version_space": ("The version is `1 3`.", _version(b"1 3")),
            "version_comma": ("The version is `13,`.", _version(b"13,")),
            "version_quoted": ("The version is quoted.", _version(b'"13"')),
            "version_fullwidth": (
                "The version is in fullwidth digits.",
                _version("\uff11\uff13".encode()),
            ),
            "version_arabic": (
                "The version is in Arabic-Indic digits.",
                _version("\u0661\u0663".encode()),
            ),
            "version_nbsp": (
                "A no-break space follows the version.",
                _version(b"13\xa0"),
            ),
        },
        rfc="RFC 6455 sections 4.2.1(6) and 4.3",
    ),
    *rejected(
        "version_duplicated",
        {
            "version_twice": (
                "There are two versions, both 13.",
                _version(b"13", b"13"),
            ),
            "version_13_then_8": (
                "There are two versions, 13 and 8.",
                _version(b"13", b"8"),
            ),
            "version_8_then_13": (
                "There are two versions, 8 and 13.",
                _version(b"8", b"13"),
            ),
            "version_list": ("The version is `13, 8`.", _version(b"13, 8")),
            "version_list_last": ("The version is `8, 13`.", _version(b"8, 13")),
        },
    ),
)

CASES = (
    *KEYS,
    *VERSIONS,
    *rejected(
        "key_missing version_missing",
        {
            "hixie_76": (
                "The two keys of the draft hixie-76, and their eight bytes.",
                VALID.without(KEY, VERSION)
                .plus(b"Sec-WebSocket-Key1", b"18x 6]8vM;54 *(5:  {   U1]8  z [  8")
                .plus(b"Sec-WebSocket-Key2", b"1_ tx7X d  <  nw  334J702) 7]o}` 0")
                .carrying(b"Tm[K T2u"),
            )
        },
    ),
)
