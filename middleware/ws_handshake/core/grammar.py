"""The grammar of the handshake's header fields, on bytes and in linear time.

Repetitions are possessive (`*+`, `++`), so no input makes a pattern try twice.
Only SP and HTAB are white space, and letters fold in ASCII only: bytes patterns
and `bytes.lower` know nothing of NBSP, VT or the KELVIN SIGN.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import NamedTuple

# RFC 9110 section 5.6.3: OWS = *( SP / HTAB )
OWS = b" \t"
_OWS_TO_COMMA = bytes.maketrans(OWS, b",,")

# RFC 9110 section 5.6.2: token = 1*tchar
_TCHAR = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]"
_TOKEN = _TCHAR + rb"++"

# RFC 9110 section 5.6.1: empty list elements are ignored; one at least is no empty one
_LIST = rb"[ \t,]*+(?:%s[ \t]*+(?:,[ \t,]*+|\Z))++"

# RFC 9110 section 7.8: protocol = protocol-name ["/" protocol-version]
_PROTOCOL = _TOKEN + rb"(?:/" + _TOKEN + rb")?+"

# RFC 6455 section 9.1: the value of a quoted-string, unescaped, MUST be a token
_QUOTED = rb'"(?!")' + _TCHAR + rb"*+(?:\\" + _TOKEN + rb')*+"'
_VALUE = rb"=[ \t]*+(?:" + _TOKEN + rb"|" + _QUOTED + rb")[ \t]*+"
_PARAMETER = _TOKEN + rb"[ \t]*+(?:" + _VALUE + rb"|)"
_EXTENSION = _TOKEN + rb"[ \t]*+(?:;[ \t]*+" + _PARAMETER + rb")*+"

_token_list = re.compile(_LIST % _TOKEN)
_protocol_list = re.compile(_LIST % _PROTOCOL)
_extension_list = re.compile(_LIST % _EXTENSION)
_extension = re.compile(_EXTENSION)
_parameter = re.compile(_PARAMETER)

# RFC 4648 section 4: 16 bytes are 22 characters and two of padding. The sample of
# RFC 6455 section 4.1(7) has non-zero pad bits, so they are valid.
_nonce = re.compile(rb"[A-Za-z0-9+/]{22}==")

# RFC 9110 section 5.5: field values hold no control character but HTAB
_FIELD_VCHAR = bytes([0x09, *range(0x20, 0x7F), *range(0x80, 0x100)])


class Extension(NamedTuple):
    """An extension that the client offers: its name and its parameters."""

    name: str
    parameters: tuple[tuple[str, str | None], ...]


def is_token_list(value: bytes) -> bool:
    """Return whether `value` is `1#token` (RFC 9110 section 5.6.1)."""
    return _token_list.fullmatch(value) is not None


def is_protocol_list(value: bytes) -> bool:
    """Return whether `value` is `1#protocol`, as in Upgrade (RFC 9110 section 7.8)."""
    return _protocol_list.fullmatch(value) is not None


def is_extension_list(value: bytes) -> bool:
    """Return whether `value` is an `extension-list` (RFC 6455 section 9.1)."""
    return _extension_list.fullmatch(value) is not None


def is_nonce(value: bytes) -> bool:
    """Return whether `value` is base64 of 16 bytes (RFC 6455 section 4.1(7))."""
    return _nonce.fullmatch(value) is not None


def is_field_value(value: bytes) -> bool:
    """Return whether `value` has no control character (RFC 9110 section 5.5)."""
    return not value.translate(None, _FIELD_VCHAR)


def elements(value: bytes) -> list[bytes]:
    """Return the non-empty elements of a comma-separated list, without white space."""
    return [part for part in (raw.strip(OWS) for raw in value.split(b",")) if part]


def has_element(value: bytes, name: bytes) -> bool:
    """Return whether a valid list has the element `name`, in letters of any case.

    White space stands only beside commas there, so that it can be taken for one.
    """
    return b",%s," % name in b",%s," % value.lower().translate(_OWS_TO_COMMA)


def has_several_elements(value: bytes) -> bool:
    """Return whether a comma stands between two elements of `value`."""
    return b"," in value.strip(b" \t,")


def parse_extensions(value: bytes, most: int | None = None) -> tuple[Extension, ...]:
    """Return the offers of an `extension-list`, with quoted values unescaped.

    With `most`, so many at most: each takes time, and a line has room for thousands.
    """
    found = islice(_extension.finditer(value), most)
    return tuple(_parse_extension(match[0]) for match in found)


def _parse_extension(item: bytes) -> Extension:
    name, *parameters = (match[0] for match in _parameter.finditer(item))
    return Extension(name.strip(OWS).decode("ascii"), tuple(map(_pair, parameters)))


def _pair(parameter: bytes) -> tuple[str, str | None]:
    name, equals, value = parameter.partition(b"=")
    plain = value.strip(OWS).strip(b'"').replace(b"\\", b"").decode("ascii")
    return name.strip(OWS).decode("ascii"), plain if equals else None
