"""Flaws: which mistake keeps a value from the form that it must have, and its fix.

A reason such as `host_malformed` stands for many mistakes. A flaw names the one that
was made, without a byte of the value, and the one change that is needed. Where none is
recognised, the fix of the reason stands.
"""

from __future__ import annotations

import re
from binascii import Error, a2b_base64
from typing import NamedTuple

from ws_handshake.core.authority import PORT_LIMIT, parse_origin, split_host
from ws_handshake.core.grammar import is_nonce

_WEBSOCKET = frozenset([b"ws://", b"wss://"])
_WEB = frozenset([b"http://", b"https://"])
_scheme = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*+://")
_user = re.compile(_scheme.pattern + rb"[^/@]*+@")
_hexadecimal = re.compile(rb"(?:[0-9A-Fa-f]{2}){16}")
_url_alphabet = re.compile(rb"[A-Za-z0-9_-]{22}={0,2}")
_port = re.compile(rb"[^:]*+:([0-9]++)")
# as in RFC 4291 section 2.2, with or without a port behind it
_bare_ipv6 = re.compile(rb"[0-9A-Fa-f:.]*+")
_KEY_BYTES = 16
# What is longer is no mistake of a person's, and costs time to look at.
_LONGEST = 1024


class Flaw(NamedTuple):
    """A mistake: `what` names it, `fix` is the one change to make."""

    what: str
    fix: str


# Of a request head (RFC 9112 sections 2.2, 3 and 5)
REQUEST_LINE = Flaw(
    "the request line",
    "Send a method, a target and HTTP/1.1, with one space between them.",
)
SPACE_IN_TARGET = Flaw(
    "a space in the request target",
    "Write spaces in the path and in the query as %20.",
)
TARGET_WITHOUT_SLASH = Flaw(
    "a request target that does not begin with a slash",
    "Begin the path with a slash: GET /ws HTTP/1.1, with the host in Host alone.",
)
FRAGMENT_IN_TARGET = Flaw(
    "a # in the request target",
    "Leave # and what follows it out of the URL.",
)
USER_IN_TARGET = Flaw(
    "user information in the request target",
    "Send credentials in the Authorization header, not in the URL.",
)
CONTROL_CHARACTER = Flaw(
    "a control character in a header value",
    "Take control characters, such as NUL or a line break, out of header values.",
)
CONTINUED_LINE = Flaw(
    "a continued header line",
    "Write each header in one line; no line may begin with white space.",
)
LINE_WITHOUT_COLON = Flaw(
    "a header line without a colon",
    "Write every header line as a name, a colon and a value.",
)
SPACE_BEFORE_COLON = Flaw(
    "a space before the colon of a header",
    "Put the colon right behind the header name.",
)
HEADER_NAME = Flaw(
    "a header name",
    "Use letters, digits and hyphens in header names, and no spaces.",
)
HEAD_UNFINISHED = Flaw(
    "header lines without an empty line at the end",
    "End the request head with an empty line: CRLF CRLF.",
)
PROXY_LINE = Flaw(
    "a PROXY protocol line before the request line",
    "Switch the PROXY protocol off in the load balancer (HAProxy: send-proxy), or put "
    "a proxy that reads it in front of this server.",
)
PROXY_HEADER = Flaw(
    "a PROXY protocol header before the request line",
    "Switch the PROXY protocol off in the load balancer (HAProxy: send-proxy-v2), or "
    "put a proxy that reads it in front of this server.",
)

# Of the method (RFC 9110 section 9.1)
METHOD_CASE = Flaw("GET in other letters", "Write GET in capital letters.")

# Of Host (RFC 9110 section 7.2, RFC 3986 section 3.2.2)
HOST_IS_URL = Flaw(
    "a URL", "Send only the host and the port of the URL, without its scheme."
)
HOST_WITH_PATH = Flaw("a path", "Send only the host and the port, without the path.")
HOST_WITH_USER = Flaw(
    "user information", "Send credentials in the Authorization header, not in Host."
)
HOST_WITHOUT_BRACKETS = Flaw(
    "an IPv6 address without brackets",
    "Put the IPv6 address in brackets, the port behind them: [fd00:10::1]:8081.",
)
HOST_PORT = Flaw("a port above 65535", "Send the port on which the server listens.")
HOST_SPACE = Flaw("white space", "Send the host and the port without white space.")
HOST_NOT_ASCII = Flaw(
    "letters that are not ASCII", "Send international names as A-labels (xn--...)."
)

# Of Sec-WebSocket-Key (RFC 6455 section 4.1(7))
KEY_IN_QUOTES = Flaw("in quotes", "Send the key without quotes.")
KEY_HEXADECIMAL = Flaw(
    "hexadecimal", "Encode the 16 random bytes in base64, not in hexadecimal."
)
KEY_URL_ALPHABET = Flaw(
    "in the URL alphabet of base64",
    "Encode the 16 random bytes in standard base64, with + and / and ending in ==.",
)
KEY_WITHOUT_PADDING = Flaw(
    "base64 without its padding", "Keep the == at the end of the base64."
)
KEY_EMPTY = Flaw("empty", "Send 16 random bytes in base64.")

# Of Sec-WebSocket-Extensions (RFC 6455 section 9.1)
OFFER_WITH_SPACE = Flaw(
    "white space within a name",
    "Write extension names without spaces, parameters behind semicolons.",
)
OFFER_UNFINISHED = Flaw(
    "a semicolon or equals sign with nothing behind it",
    "Write a parameter behind each semicolon, and a value behind each equals sign.",
)
OFFER_EMPTY = Flaw("empty", "Name an extension, or leave the header out.")

# Of Origin (RFC 6454 section 6.1)
ORIGIN_SLASH = Flaw(
    "a slash at the end", "Send scheme, host and port, without a slash at the end."
)
ORIGIN_PATH = Flaw("a path", "Send scheme, host and port, without a path.")
ORIGIN_SCHEME = Flaw(
    "no scheme", "Send the scheme, too: https://example.com, not example.com."
)
ORIGIN_NULL = Flaw(
    "no origin at all",
    "Serve the page over http or https, and not from a file or a sandboxed frame.",
)
ORIGIN_OF_APP = Flaw(
    "that of an application or a file, and of no web page",
    "Have the operator allow this one by name in allowed_origins, or leave Origin out "
    "of the client.",
)
ORIGIN_IS_WEBSOCKET_URL = Flaw(
    "a WebSocket URL",
    "Send the page's origin (http or https), or leave Origin out; or have the operator "
    "allow this one by name.",
)


def of_header_line(name: bytes, colon: bytes) -> Flaw:
    """Return what is wrong with a header line whose name is none."""
    if not colon:
        return LINE_WITHOUT_COLON
    return SPACE_BEFORE_COLON if name[-1:] in {b" ", b"\t"} else HEADER_NAME


def of_target(target: bytes) -> Flaw:
    """Return what is wrong with a request target that names no resource."""
    if b"#" in target:
        return FRAGMENT_IN_TARGET
    return USER_IN_TARGET if _user.match(target) else TARGET_WITHOUT_SLASH


def of_host(value: bytes) -> Flaw | None:
    """Return what is wrong with a Host that is none, as far as it is recognised."""
    if len(value) > _LONGEST:
        return None
    port = _port.fullmatch(value)
    found = {
        HOST_IS_URL: _scheme.match(value),
        HOST_WITH_USER: b"@" in value,
        HOST_WITH_PATH: b"/" in value,
        HOST_SPACE: b" " in value or b"\t" in value,
        HOST_NOT_ASCII: not value.isascii(),
        HOST_WITHOUT_BRACKETS: value.count(b":") > 1 and _bare_ipv6.fullmatch(value),
        HOST_PORT: port and len(port[1]) >= len(str(PORT_LIMIT)),
    }
    return next((flaw for flaw, there in found.items() if there), None)


def of_key(value: bytes) -> Flaw | None:
    """Return what is wrong with a key that is none, as far as it is recognised."""
    bare = value.strip(b"\"'")
    is_url = b"-" in value or b"_" in value
    found = {
        KEY_EMPTY: not value,
        KEY_IN_QUOTES: value != bare and is_nonce(bare),
        KEY_HEXADECIMAL: _hexadecimal.fullmatch(value),
        KEY_URL_ALPHABET: is_url and _url_alphabet.fullmatch(value),
        KEY_WITHOUT_PADDING: _url_alphabet.fullmatch(value),
    }
    named = next((flaw for flaw, there in found.items() if there), None)
    return named or (_of_length(value) if len(value) <= _LONGEST else None)


def _of_length(value: bytes) -> Flaw | None:
    try:
        length = len(a2b_base64(value, strict_mode=True))
    except Error:
        return None
    noun = "byte" if length == 1 else "bytes"
    return Flaw(
        f"base64 of {length:,} {noun}",
        f"Encode {_KEY_BYTES} random bytes in base64, which are 24 characters.",
    )


def of_extensions(value: bytes) -> Flaw | None:
    """Return what is wrong with a list of extensions, as far as it is recognised."""
    if not value.strip(b" \t,"):
        return OFFER_EMPTY
    if len(value) > _LONGEST:
        return None
    parts = [part.strip(b" \t") for part in re.split(rb"[,;=]", value)]
    if b"" in parts:
        return OFFER_UNFINISHED
    if any(b" " in part or b"\t" in part for part in parts if part[:1] != b'"'):
        return OFFER_WITH_SPACE
    return None


def of_origin(value: bytes) -> Flaw | None:
    """Return what keeps a value from being a page's origin; None if it is one.

    Or if it is unlike one. A WebSocket URL and `file://` are origins by their form.
    """
    if len(value) > _LONGEST:
        return None
    if value == b"null":
        return ORIGIN_NULL
    scheme = _scheme.match(value)
    if scheme is None:
        is_host = split_host(value.removesuffix(b"/")) is not None
        return ORIGIN_SCHEME if is_host else None
    if scheme[0].lower() not in _WEB:
        its_own = scheme[0].lower() in _WEBSOCKET
        return ORIGIN_IS_WEBSOCKET_URL if its_own else ORIGIN_OF_APP
    authority, slash, path = value[scheme.end() :].partition(b"/")
    if not slash or parse_origin(scheme[0] + authority) is None:
        return None
    return ORIGIN_PATH if path else ORIGIN_SLASH
