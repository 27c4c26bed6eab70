"""Flaws of the Sec-WebSocket fields: what keeps a value from its form, and its fix."""

from __future__ import annotations

import re
from binascii import Error, a2b_base64
from urllib.parse import unquote_to_bytes

from ws_handshake.core.flaws import LONGEST, Flaw, first_of
from ws_handshake.core.grammar import (
    OWS,
    elements,
    has_several_elements,
    is_nonce,
)

_KEY_BYTES, _KEY_LENGTH = 16, 24
_VERSION = b"13"
_QUOTES = b"\"'"
_hexadecimal = re.compile(rb"(?:0[xX])?(?:[0-9A-Fa-f]{2}[ :-]?){16}")
_uuid = re.compile(rb"\{?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?")
_url_alphabet = re.compile(rb"[A-Za-z0-9_-]{22}={0,2}")
_no_base64 = re.compile(rb"[^A-Za-z0-9+/=]")
# What programs and people write where a value was to be put.
_placeholder = re.compile(
    rb"<.*>|\$?\{.*\}|\$\(.*\)|\$\w+|%\w+%|\[object Object\]|undefined|null|None|nil"
)
_quoted_bytes = re.compile(rb"b(['\"]).*\1")

# Of Sec-WebSocket-Key (RFC 6455 section 4.1(7))
KEY_EMPTY = Flaw("empty", "Send 16 random bytes in base64.")
KEY_IN_QUOTES = Flaw("in quotes", "Send the key without quotes.")
KEY_OF_BYTES = Flaw(
    "the text of a Python bytes object",
    "Decode the base64 before it is sent: base64.b64encode(os.urandom(16)).decode().",
)
KEY_HEXADECIMAL = Flaw(
    "hexadecimal", "Encode the 16 random bytes in base64, not in hexadecimal."
)
KEY_UUID = Flaw("a UUID", "Encode 16 random bytes in base64, and send no UUID.")
KEY_OF_UUID = Flaw(
    "base64 of the text of a UUID", "Encode the 16 bytes of the UUID, not its text."
)
KEY_OF_HEXADECIMAL = Flaw(
    "base64 of hexadecimal text", "Encode the 16 bytes, not their hexadecimal text."
)
KEY_URL_ALPHABET = Flaw(
    "in the URL alphabet of base64",
    "Encode the 16 random bytes in standard base64, with + and / and ending in ==.",
)
KEY_WITHOUT_PADDING = Flaw(
    "base64 without its padding", "Keep the == at the end of the base64."
)
KEY_PERCENT_ENCODED = Flaw(
    "percent-encoded", "Send the key as it is: +, / and = are not percent-encoded."
)
KEY_WITH_MORE = Flaw(
    "a key with more behind it", "Send nothing behind the 24 characters of the key."
)
KEY_SPACE = Flaw("white space within the key", "Send the key without white space.")
KEY_PLACEHOLDER = Flaw(
    "a placeholder", "Put 16 random bytes in base64 in the place of the placeholder."
)
KEY_UNENCODED = Flaw(
    "not encoded", "Encode the 16 random bytes in base64, which are 24 characters."
)
KEY_ALPHABET = Flaw(
    "characters that are not in base64",
    "Encode 16 random bytes in base64: letters, digits, + and /, ending in ==.",
)

# Of Sec-WebSocket-Version (RFC 6455 section 4.1(9))
VERSION_EMPTY = Flaw("empty", "Send Sec-WebSocket-Version: 13.")
VERSION_IN_QUOTES = Flaw("in quotes", "Send 13 without quotes.")
VERSION_WITH_MORE = Flaw(
    "more than the number 13", "Send 13 alone: no letters, no point and no zero."
)
VERSION_LIST = Flaw("a list", "Send 13 alone, and no list of versions.")

# Of Sec-WebSocket-Protocol (RFC 6455 section 4.1(10))
PROTOCOL_EMPTY = Flaw("empty", "Name a subprotocol, or leave the header out.")
PROTOCOL_NOT_ASCII = Flaw(
    "letters that are not ASCII", "Write subprotocol names in ASCII letters."
)
PROTOCOL_IN_BRACKETS = Flaw(
    "brackets or braces",
    "Write the names alone, separated by commas: no JSON, no brackets, no braces.",
)
PROTOCOL_IN_QUOTES = Flaw("quotes", "Write the names without quotes.")
PROTOCOL_IS_URL = Flaw("a URL", "Send the name of the subprotocol, and no URL.")
PROTOCOL_SPACE = Flaw(
    "a space within a name",
    "Put a comma between two names, also between a word such as bearer and a token.",
)
PROTOCOL_SEMICOLON = Flaw("a semicolon", "Separate the names with commas.")
PROTOCOL_BASE64 = Flaw(
    "a slash or an equals sign",
    "Encode a token in base64url, without = at the end; no name may hold / or =.",
)
PROTOCOL_CHARACTER = Flaw(
    "a character that no name may have",
    "Use letters, digits, hyphens and points in names; encode a token in base64url.",
)

# Of Sec-WebSocket-Extensions (RFC 6455 section 9.1)
OFFER_EMPTY = Flaw("empty", "Name an extension, or leave the header out.")
OFFER_IN_QUOTES = Flaw("quotes", "Write names and values without quotes.")
OFFER_WITH_SPACE = Flaw(
    "white space within a name",
    "Write extension names without spaces, parameters behind semicolons.",
)
OFFER_UNFINISHED = Flaw(
    "a semicolon or equals sign with nothing behind it",
    "Write a parameter behind each semicolon, and a value behind each equals sign.",
)
OFFER_CHARACTER = Flaw(
    "a character that no name may have",
    "Use letters, digits, hyphens and underscores in names and values.",
)
_outside_offer = re.compile(rb"[^\t !#$%&'*+\-.^_`|~0-9A-Za-z,;=]")


def of_key(value: bytes) -> Flaw | None:
    """Return what is wrong with a key that is none, as far as it is recognised."""
    if len(value) > LONGEST:
        return None
    bare = value.strip(_QUOTES)
    is_url = b"-" in value or b"_" in value
    return first_of(
        (KEY_EMPTY, not value),
        (KEY_OF_BYTES, _quoted_bytes.fullmatch(value)),
        (KEY_IN_QUOTES, value != bare and is_nonce(bare)),
        (KEY_UUID, _uuid.fullmatch(value)),
        (KEY_HEXADECIMAL, _hexadecimal.fullmatch(value)),
        (KEY_URL_ALPHABET, is_url and _url_alphabet.fullmatch(value)),
        (KEY_WITHOUT_PADDING, _url_alphabet.fullmatch(value)),
        (KEY_PERCENT_ENCODED, is_nonce(unquote_to_bytes(value))),
        (KEY_WITH_MORE, is_nonce(value[:_KEY_LENGTH])),
        (KEY_SPACE, is_nonce(value.translate(None, OWS))),
        (KEY_PLACEHOLDER, _placeholder.fullmatch(value)),
    ) or (_of_alphabet(value) if _no_base64.search(value) else _of_length(value))


def _of_alphabet(value: bytes) -> Flaw:
    return KEY_UNENCODED if len(value) == _KEY_BYTES else KEY_ALPHABET


def _of_length(value: bytes) -> Flaw | None:
    try:
        encoded = a2b_base64(value, strict_mode=True)
    except Error:
        return None
    noun = "byte" if len(encoded) == 1 else "bytes"
    return first_of(
        (KEY_OF_UUID, _uuid.fullmatch(encoded)),
        (KEY_OF_HEXADECIMAL, _hexadecimal.fullmatch(encoded)),
    ) or Flaw(
        f"base64 of {len(encoded):,} {noun}",
        f"Encode {_KEY_BYTES} random bytes in base64, which are 24 characters.",
    )


def of_version(value: bytes) -> Flaw | None:
    """Return what is wrong with a version that is not 13, but was meant to be."""
    if len(value) > LONGEST:
        return None
    several = has_several_elements(value) and len(set(elements(value))) > 1
    return first_of(
        (VERSION_EMPTY, not value),
        (VERSION_LIST, several),
        (VERSION_IN_QUOTES, value.strip(_QUOTES) == _VERSION),
        (VERSION_WITH_MORE, b"," not in value and _VERSION in value),
    )


def of_protocols(value: bytes) -> Flaw | None:
    """Return what is wrong with a list of subprotocols that is none."""
    if len(value) > LONGEST:
        return None
    names = elements(value)
    return first_of(
        (PROTOCOL_EMPTY, not names),
        (PROTOCOL_NOT_ASCII, not value.isascii()),
        (PROTOCOL_IN_BRACKETS, value[:1] in {b"[", b"{", b"("}),
        (PROTOCOL_IN_QUOTES, b'"' in value),
        (PROTOCOL_IS_URL, b"://" in value),
        (PROTOCOL_SPACE, any(b" " in name or b"\t" in name for name in names)),
        (PROTOCOL_SEMICOLON, b";" in value),
        (PROTOCOL_BASE64, b"/" in value or b"=" in value),
        (PROTOCOL_CHARACTER, value),
    )


def of_extensions(value: bytes) -> Flaw | None:
    """Return what is wrong with a list of extensions, as far as it is recognised."""
    if not value.strip(b" \t,"):
        return OFFER_EMPTY
    if len(value) > LONGEST:
        return None
    parts = [part.strip(b" \t") for part in re.split(rb"[,;=]", value)]
    return first_of(
        (OFFER_IN_QUOTES, b'"' in value),
        (OFFER_UNFINISHED, b"" in parts),
        (OFFER_WITH_SPACE, any(b" " in part or b"\t" in part for part in parts)),
        (OFFER_CHARACTER, _outside_offer.search(value)),
    )
