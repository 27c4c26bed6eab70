"""Flaws of Host and Origin: what keeps a value from its form, and its fix."""

from __future__ import annotations

import re

from ws_handshake.core.authority import (
    DEFAULT_PORTS,
    HOST_LIMIT,
    Origin,
    parse_origin,
    split_host,
)
from ws_handshake.core.flaws import LONGEST, SCHEME, Flaw, first_of

_WEBSOCKET = frozenset([b"ws://", b"wss://"])
_WEB = frozenset([b"http://", b"https://"])
# A scheme that was written, but not with "://" behind it.
_half_scheme = re.compile(rb"(?i:(?:http|ws)s?)(?::/?|//)(?!/)")
_port = re.compile(rb"(?:\[[^\]]*+\]|[^:\[]*+):([0-9]++)")
_no_port = re.compile(rb"(?:\[[^\]]*+\]|[^:\[]++):[^:]*+")
_ports = re.compile(rb"[^:\[]++(?::[0-9]*+){2,}")
# as in RFC 4291 section 2.2, with or without a port behind it
_bare_ipv6 = re.compile(rb"[0-9A-Fa-f:.]*+")
_brackets = re.compile(rb"[][]")
_path = re.compile(rb"[/?#\\]")
_comma = re.compile(rb"[ \t]*+,[ \t]*+")
_word = re.compile(rb"[A-Za-z0-9*_-]++")
_OPENING = frozenset([b"'", b'"', b"<", b"[", b"{", b"("])
# The pages of applications that have a web server of their own, on Windows and Android.
_OF_APPS = frozenset([b"tauri.localhost", b"wails.localhost"])

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
HOST_BRACKETS = Flaw(
    "brackets without an IPv6 address in them",
    "Put an IPv6 address, and nothing else, in brackets: [fd00:10::1]:8081.",
)
HOST_ZONE = Flaw(
    "an IPv6 address with a zone",
    "Leave the zone, such as %eth0, out: [fe80::1]:8081.",
)
HOST_LIST = Flaw("a list", "Send one host; let a proxy replace it, not add another.")
HOST_PORTS = Flaw("two ports", "Send the port once.")
HOST_PORT_NUMBER = Flaw(
    "a port that is no number", "Send the port as a number, or leave it out."
)
HOST_WITHOUT_NAME = Flaw("a port alone", "Send the host in front of the port.")
HOST_CHARACTER = Flaw(
    "a character that no host may have",
    "Send the host as it stands in the URL; put a value in place of a variable.",
)
HOST_PORT = Flaw("a port above 65535", "Send the port on which the server listens.")
HOST_SPACE = Flaw("white space", "Send the host and the port without white space.")
HOST_NOT_ASCII = Flaw(
    "letters that are not ASCII", "Send international names as A-labels (xn--...)."
)

# Of Origin (RFC 6454 section 6.1)
ORIGIN_SLASH = Flaw(
    "a slash at the end", "Send scheme, host and port, without a slash at the end."
)
ORIGIN_PATH = Flaw("a path", "Send scheme, host and port, without a path.")
ORIGIN_SCHEME = Flaw(
    "no scheme", "Send the scheme, too: https://example.com, not example.com."
)
ORIGIN_EMPTY = Flaw("empty", "Send the page's origin, or leave Origin out.")
ORIGIN_COLON = Flaw(
    "a scheme without ://", "Write :// behind the scheme: https://example.com."
)
ORIGIN_WORD = Flaw(
    "a word and no origin", "Leave Origin out of a client that is no web page."
)
ORIGIN_IN_QUOTES = Flaw(
    "quotes or brackets", "Send the origin without quotes and brackets."
)
ORIGIN_SPACE = Flaw("white space", "Send one origin, without white space.")
ORIGIN_USER = Flaw("user information", "Send scheme, host and port, without a user.")
ORIGIN_QUERY = Flaw(
    "a query or a fragment", "Send scheme, host and port, and nothing behind them."
)
ORIGIN_OURS = Flaw(
    "this server's own",
    "Have the operator add 'same-origin' to allowed_origins.",
)
ORIGIN_OTHER_PORT = Flaw(
    "of this host at another port",
    "Have the operator add this origin, with its port, to allowed_origins.",
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

# What is wrong with the host of an origin, as it is said of the origin.
_OF_AUTHORITY: dict[Flaw | None, Flaw] = {
    HOST_WITH_USER: ORIGIN_USER,
    HOST_SPACE: ORIGIN_SPACE,
    **{f: f for f in (HOST_WITHOUT_BRACKETS, HOST_NOT_ASCII, HOST_PORT_NUMBER)},
}


def of_host(value: bytes) -> Flaw | None:
    """Return what is wrong with a Host that is none, as far as it is recognised."""
    if len(value) > LONGEST:
        return None
    port, colons, name = _port.fullmatch(value), value.count(b":"), value[:1]
    ports = _ports.fullmatch(value)
    several = b"," in value and all(map(split_host, _comma.split(value)))
    return first_of(
        (HOST_IS_URL, SCHEME.match(value) or _half_scheme.match(value)),
        (HOST_WITH_USER, b"@" in value),
        (HOST_WITH_PATH, _path.search(value)),
        (HOST_LIST, several),
        (HOST_SPACE, b" " in value or b"\t" in value),
        (HOST_NOT_ASCII, not value.isascii()),
        (HOST_ZONE, colons > 1 and b"%" in value),
        (HOST_PORTS, ports and (b"." in ports[0] or not _bare_ipv6.fullmatch(value))),
        (HOST_WITHOUT_BRACKETS, colons > 1 and _bare_ipv6.fullmatch(value)),
        (HOST_PORT, port and split_host(value[: port.start(1)])),
        (HOST_WITHOUT_NAME, port and name == b":"),
        (HOST_BRACKETS, _brackets.search(value) and not _is_closed(value)),
        (HOST_PORT_NUMBER, not port and _no_port.fullmatch(value)),
        (HOST_CHARACTER, len(value) <= HOST_LIMIT),
    )


def _is_closed(value: bytes) -> bool:
    """Return whether an IPv6 address stands in brackets, and a port behind them."""
    address, _, port = value.partition(b"]")
    return port[:1] == b":" and split_host(address + b"]") is not None


def of_origin(value: bytes, host: bytes, *, same_origin: bool) -> Flaw | None:
    """Return what keeps a value from being a page's origin, or an allowed one.

    None if it is a page's, or unlike one. A WebSocket URL and `file://` are origins by
    their form. `host` is the server's, `same_origin` that its own pages may connect.
    """
    if len(value) > LONGEST:
        return None
    scheme = SCHEME.match(value)
    if scheme is None:
        return _of_no_origin(value)
    authority, end, rest = _split(value[scheme.end() :])
    if scheme[0].lower() not in _WEB:
        named = ORIGIN_IS_WEBSOCKET_URL if scheme[0].lower() in _WEBSOCKET else None
        return named or (ORIGIN_PATH if rest else ORIGIN_OF_APP)
    origin = parse_origin(scheme[0] + authority)
    if origin is None:
        return _of_authority(authority)
    return first_of(
        (ORIGIN_QUERY, end in {b"?", b"#"}),
        (ORIGIN_PATH, rest),
        (ORIGIN_SLASH, end),
        (ORIGIN_OF_APP, origin.host in _OF_APPS),
    ) or _of_own_page(origin, split_host(host), same_origin=same_origin)


def _of_own_page(
    page: Origin, ours: tuple[bytes, int | None] | None, *, same_origin: bool
) -> Flaw | None:
    """Return what is said of a page that came from the server's own host."""
    if ours is None or page.host != ours[0].removesuffix(b"."):
        return None
    port = DEFAULT_PORTS[page.scheme] if ours[1] is None else ours[1]
    if page.port != port:
        return ORIGIN_OTHER_PORT
    return None if same_origin else ORIGIN_OURS


def _split(text: bytes) -> tuple[bytes, bytes, bytes]:
    """Return an authority, what ends it, and what is behind that."""
    end = _path.search(text)
    return text.partition(end[0]) if end else (text, b"", b"")


def _of_no_origin(value: bytes) -> Flaw | None:
    is_host = split_host(value.removesuffix(b"/")) is not None
    looks_like_one = b"." in value or b":" in value or value == b"localhost"
    return first_of(
        (ORIGIN_EMPTY, not value),
        (ORIGIN_NULL, value == b"null"),
        (ORIGIN_IN_QUOTES, value[:1] in _OPENING),
        (ORIGIN_COLON, _half_scheme.match(value) or value.startswith(b"//")),
        (ORIGIN_SCHEME, is_host and looks_like_one),
        (ORIGIN_WORD, _word.fullmatch(value)),
    )


def _of_authority(authority: bytes) -> Flaw | None:
    """Return what is wrong with the host and the port of an origin."""
    return _OF_AUTHORITY.get(of_host(authority))
