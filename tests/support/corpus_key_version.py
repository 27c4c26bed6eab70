"""The corpus: Sec-WebSocket-Key and Sec-WebSocket-Version."""

from __future__ import annotations

from tests.support.corpus_case import Case, bent, lines, valued
from tests.support.handshakes import KEY, VALID

_VALID_KEYS = {
    "the sample of section 4.1, with pad bits": b"AQIDBAUGBwgJCgsMDQ4PEC==",
    "sixteen zeros": b"AAAAAAAAAAAAAAAAAAAAAA==",
    "sixteen times 255": b"/////////////////////w==",
    "every pad bit set": b"//////////////////////==",
    "plus and slash": b"a+b/c+d/e+f/g+h/i+j/kA==",
    "only digits": b"0123456789012345678901==",
}

KEY_CASES = (
    *(
        Case(
            f"sec-websocket-key: {name}",
            VALID.but(b"sec-websocket-key", key).wire(),
            "accepted",
            "RFC 6455 section 4.1(7), RFC 4648 section 3.5",
            key,
        )
        for name, key in _VALID_KEYS.items()
    ),
    *valued(
        b"sec-websocket-key",
        "RFC 6455 section 4.2.2(5)4: white space around a value is no part of it",
        "accepted",
        {
            "with spaces around": b"  " + KEY + b"  ",
            "with tabs around": b"\t" + KEY + b"\t",
        },
    ),
    *lines(
        b"sec-websocket-key", "RFC 6455 section 4.2.1(5)", ("key_missing",), {"no": ()}
    ),
    *valued(
        b"sec-websocket-key",
        "RFC 6455 section 4.2.1(5): base64 of 16 bytes; RFC 4648 section 4",
        ("key_malformed",),
        {
            "an empty value": b"",
            "a word": b"sample",
            "the key of a test client": b"testserver==",
            "a number": b"13",
            "no padding": KEY[:-2],
            "half the padding": KEY[:-1],
            "too much padding": KEY + b"=",
            "only padding": b"=" * 24,
            "padding in the middle": b"dGhlIHNh==xlIG5vbmNlAA==",
            "padding before": b"==" + KEY[:-2],
            "15 bytes": b"AAAAAAAAAAAAAAAAAAAA",
            "17 bytes": b"AAAAAAAAAAAAAAAAAAAAAAA=",
            "18 bytes": b"AAAAAAAAAAAAAAAAAAAAAAAA",
            "12 bytes": b"AAAAAAAAAAAAAAAA",
            "32 bytes": b"A" * 43 + b"=",
            "one letter": b"A",
            "24 letters": b"A" * 24,
            "23 letters and padding": b"A" * 23 + b"==",
            "21 letters and padding": b"A" * 21 + b"==",
            "the alphabet for URLs": b"a-b_c-d_e-f_g-h_i-j_kA==",
            "hexadecimal digits": b"00112233445566778899aabbccddeeff",
            "a UUID": b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11",
            "a space inside": b"dGhlIHNhbXBs ZSBub25jZQ==",
            "a tab inside": b"dGhlIHNhbXBs\tZSBub25jZQ==",
            "a space before the padding": KEY[:-2] + b" ==",
            "a comma after": KEY + b",",
            "a comma before": b"," + KEY,
            "a semicolon after": KEY + b";",
            "a word after": KEY + b" now",
            "quotes": b'"' + KEY + b'"',
            "angle brackets": b"<" + KEY + b">",
            "percent-encoding": KEY.replace(b"=", b"%3D"),
            "a NBSP before": b"\xa0" + KEY,
            "a NBSP in UTF-8 after": KEY + b"\xc2\xa0",
            "the byte 0x85 after": KEY + b"\x85",
            "the byte 0xff": b"\xff" + KEY[1:],
            "letters beyond ASCII": "é".encode() * 11 + b"==",
            "fullwidth letters": "\uff21".encode() * 22 + b"==",
            "an underscore": b"AAAAAAAAAAA_AAAAAAAAAA==",
            "a dot": b"AAAAAAAAAAA.AAAAAAAAAA==",
            "a dollar": b"AAAAAAAAAAA$AAAAAAAAAA==",
            "4000 letters": b"A" * 4000,
        },
    ),
    *lines(
        b"sec-websocket-key",
        "RFC 6455 section 11.3.1: MUST NOT appear more than once",
        ("key_duplicated",),
        {
            "the same twice": (KEY, KEY),
            "two that differ": (KEY, b"AQIDBAUGBwgJCgsMDQ4PEC=="),
            "one valid, one empty": (KEY, b""),
            "one empty, one valid": (b"", KEY),
            "three": (KEY, KEY, KEY),
            "two merged into a line": (KEY + b", " + KEY,),
            "two merged without white space": (KEY + b"," + KEY,),
            "two that are none": (b"a", b"b"),
        },
    ),
    *bent(
        "RFC 6455 section 4.2.1(5)(6): the draft hixie-76 had two other keys",
        ("key_missing", "version_missing"),
        {
            "the keys of hixie-76, and their eight bytes": VALID.without(
                b"sec-websocket-key", b"sec-websocket-version"
            )
            .plus(b"sec-websocket-key1", b"18x 6]8vM;54 *(5:  {   U1]8  z [  8")
            .plus(b"sec-websocket-key2", b"1_ tx7X d  <  nw  334J702) 7]o}` 0")
            .asked(body=b"Tm[K T2u")
        },
    ),
)

VERSION_CASES = (
    *valued(
        b"sec-websocket-version",
        "RFC 6455 section 4.2.1(6), RFC 9110 section 5.5: white space around it",
        "accepted",
        {"with spaces around": b"  13  ", "with tabs around": b"\t13\t"},
    ),
    *lines(
        b"sec-websocket-version",
        "RFC 6455 section 4.2.1(6)",
        ("version_missing",),
        {"none": ()},
    ),
    *valued(
        b"sec-websocket-version",
        "RFC 6455 sections 4.2.1(6) and 4.3: exactly 13, without zeros before it",
        ("version_unsupported",),
        {
            "an empty value": b"",
            **{
                f"{number}": number.encode()
                for number in ("0", "1", "3", "4", "7", "8", "9", "12", "14", "25")
            },
            "130": b"130",
            "255": b"255",
            "256": b"256",
            "a huge number": b"9" * 400,
            "a zero before": b"013",
            "a plus before": b"+13",
            "a minus before": b"-13",
            "a fraction": b"13.0",
            "a bare dot": b"13.",
            "hexadecimal": b"0xd",
            "an exponent": b"1.3e1",
            "an underscore": b"1_3",
            "a space inside": b"1 3",
            "two numbers": b"13 8",
            "two with a semicolon": b"13; 8",
            "a comma after": b"13,",
            "a comma before": b",13",
            "a letter before": b"v13",
            "the name of the draft": b"hybi-17",
            "quotes": b'"13"',
            "a word": b"thirteen",
            "a star": b"*",
            "fullwidth digits": "\uff11\uff13".encode(),
            "Arabic digits": "\u0661\u0663".encode(),
            "a superscript": "1³".encode("latin-1"),
            "a NBSP after": b"13\xa0",
            "a NBSP in UTF-8 before": b"\xc2\xa013",
            "the byte 0x85 after": b"13\x85",
        },
    ),
    *lines(
        b"sec-websocket-version",
        "RFC 6455 section 11.3.5: MUST NOT appear more than once",
        ("version_duplicated",),
        {
            "13 twice": (b"13", b"13"),
            "13, then 8": (b"13", b"8"),
            "8, then 13": (b"8", b"13"),
            "13 and an empty one": (b"13", b""),
            "three": (b"13", b"8", b"7"),
            "13 twice in a line": (b"13, 13",),
            "13 before others in a line": (b"13, 8, 7",),
            "13 after others in a line": (b"7,8,13",),
            "two others in a line": (b"7, 8",),
        },
    ),
)

CASES = (*KEY_CASES, *VERSION_CASES)
