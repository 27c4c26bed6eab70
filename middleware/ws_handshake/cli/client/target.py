"""Target, where a handshake is sent: a WebSocket URL in its parts."""

from __future__ import annotations

import base64
import ipaddress
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from ws_handshake.cli.screen import shown
from ws_handshake.core.authority import DEFAULT_PORTS, is_host

if TYPE_CHECKING:
    from urllib.parse import SplitResult

# RFC 6455 section 3; people copy the other two from a browser.
_SCHEMES = {"ws": "ws", "wss": "wss", "http": "ws", "https": "wss"}
# RFC 3986 section 3.3, and what is percent-encoded already
_PATH = "/%:@!$&'()*+,;=-._~"
_QUERY = _PATH + "?"

#: What is shorter stands in a page by chance.
SHORTEST_SECRET = 8

_has_scheme = re.compile(r"(?i)[a-z][a-z0-9+.-]*://")
# "ws:/host" and "wss:host" lack a slash or two; "ws:8000" is a host and its port
_few_slashes = re.compile(r"(?i)(wss?|https?):(?!\d{1,5}(?:[/?#]|$))/?(?=[^/])")
_no_host = re.compile(
    r"(?i)(?:ftp|file|mailto):(?!\d)|(?:wss?|https?)(?::(?!\d)|[^\w:]?//)"
)
_port_alone = re.compile(r"\d{1,5}")
_slashes = re.compile(r"//+")
# Some shells hand quotes over, and mails have angle brackets.
_QUOTES = frozenset(["''", '""', "<>", "``"])

_MALFORMED = (
    "The URL is malformed; write it as in wss://example.com:8443/path, with "
    "brackets around an IPv6 address and a port from 1 to 65535."
)
_NO_URL = (
    "This is not a WebSocket URL; write it as in ws://127.0.0.1:8000/ws or "
    "wss://example.com/ws."
)
_TWO_SCHEMES = "The URL has two schemes; write one, as in wss://example.com/ws."
_UNIX = "A Unix socket cannot be reached; let the server listen on a port, too."
_BACKSLASH = "The URL has a backslash where a slash belongs."
_NO_BRACKETS = "The IPv6 address has no brackets; write it as in ws://[::1]:8000/ws."
_NO_PORT = "The port of the URL must be a number from 1 to 65535."


@dataclass(frozen=True, slots=True)
class Target:
    """A WebSocket URL: `host` in ASCII, without brackets; `path` percent-encoded.

    `credentials` are the user information as Basic authentication; like the query, they
    are sent and never shown. `given_scheme` is that of the URL, if it was another one,
    and empty if there was none.
    """

    scheme: str
    host: str
    port: int
    path: str
    query: str = field(default="", repr=False)
    credentials: str | None = field(default=None, repr=False)
    given_scheme: str | None = None

    @property
    def secure(self) -> bool:
        """True for wss."""
        return self.scheme == "wss"

    @property
    def authority(self) -> str:
        """The value of Host: a default port is left out (RFC 6455 section 4.1(4))."""
        name = self.host.partition("%")[0]  # a zone means nothing to the server
        host = f"[{name}]" if ":" in name else name
        is_default = DEFAULT_PORTS[self.scheme.encode()] == self.port
        return host if is_default else f"{host}:{self.port}"

    @property
    def resource(self) -> str:
        """The request target: path and query."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def secrets(self) -> list[str]:
        """What is sent and never shown, as a page may repeat it."""
        values = [value for _, value in parse_qsl(self.query)]
        values += [part.partition("=")[2] for part in self.query.split("&")]
        long = [value for value in values if len(value) >= SHORTEST_SECRET]
        query = [f"?{self.query}"] if self.query else []
        return [*query, *long, *filter(None, [self.credentials])]

    @property
    def doubled_slash(self) -> bool:
        """True if two slashes follow each other in the path."""
        return "//" in self.path

    @property
    def with_one_slash(self) -> Target:
        """The same with one slash wherever there are several."""
        return replace(self, path=_slashes.sub("/", self.path))

    @property
    def shown_path(self) -> str:
        """The path as it may be shown: without the query, which may hold a secret."""
        return shown(f"{self.path}?..." if self.query else self.path)

    @property
    def shown(self) -> str:
        """The URL as it may be shown."""
        return f"{self.scheme}://{shown(self.authority)}{self.shown_path}"


def parse_target(url: str) -> Target:
    """Parse a WebSocket URL; ValueError, which repeats nothing of it, if it is none.

    A scheme may be left out, and so may the name of this machine: `:8000/ws`.
    """
    text = _few_slashes.sub(r"\1://", _bare(url), count=1)
    if _port_alone.fullmatch(text):
        text = f":{text}"
    found = _has_scheme.match(text)
    if found and _has_scheme.match(text, found.end()):
        raise ValueError(_TWO_SCHEMES)
    if found and "unix" in found[0].lower():
        raise ValueError(_UNIX)
    if not text or (not found and _no_host.match(text)):
        raise ValueError(_NO_URL)
    parts, host, port = _split(text if found else _with_scheme(text))
    scheme = _SCHEMES.get(parts.scheme) if found else _guessed(host, port)
    if scheme is None or not host:
        raise ValueError(_NO_URL)
    given = parts.scheme if found else ""
    return Target(
        scheme=scheme,
        host=_ascii_host(host),
        port=port or DEFAULT_PORTS[scheme.encode()],
        path=quote(parts.path, safe=_PATH) or "/",
        query=quote(parts.query, safe=_QUERY),
        credentials=_credentials(parts),
        given_scheme=None if given == scheme else given,
    )


def _bare(url: str) -> str:
    text = url.strip()
    quoted = len(text) > 1 and text[0] + text[-1] in _QUOTES
    return text[1:-1].strip() if quoted else text


def _split(url: str) -> tuple[SplitResult, str, int | None]:
    """Return a URL in its parts, its host and its port."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        raise ValueError(_MALFORMED) from None
    where = parts.netloc.rpartition("@")[2]
    if "\\" in where:
        raise ValueError(_BACKSLASH)
    if where.count(":") > 1 and "[" not in where:
        raise ValueError(_NO_BRACKETS)
    try:
        port = parts.port
    except ValueError:
        raise ValueError(_NO_PORT) from None
    if port == 0:
        raise ValueError(_NO_PORT)
    return parts, host, port


def _with_scheme(text: str) -> str:
    rest = text.removeprefix("//")
    return f"ws://localhost{rest}" if rest.startswith(":") else f"ws://{rest}"


def _guessed(host: str, port: int | None) -> str:
    """Return the scheme: wss on port 443 or without a port, as browsers do.

    A server on this machine, at an address or on another port hardly ever has TLS.
    """
    plain = host == "localhost" or is_address(host) or port not in {None, 443}
    return "ws" if plain and port != DEFAULT_PORTS[b"wss"] else "wss"


def is_address(host: str) -> bool:
    """Return whether a host is an IP address and no name."""
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False


def _ascii_host(host: str) -> str:
    """Return a host in ASCII; ValueError if it cannot be encoded without doubt.

    Python has IDNA 2003, which turns some names into others.
    """
    if ":" in host:
        return host.replace("%25", "%")  # RFC 6874: the zone of an address
    try:
        encoded = host.encode("idna")
        same = host.isascii() or encoded.decode("idna") == host
    except UnicodeError:
        encoded, same = b"", False
    if not same or not is_host(encoded):
        raise ValueError(
            "The host of the URL cannot be encoded; write it in A-labels "
            "(xn--...), without spaces."
        )
    return encoded.decode("ascii")


def _credentials(parts: SplitResult) -> str | None:
    if parts.username is None and parts.password is None:
        return None
    pair = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
    return "Basic " + base64.b64encode(pair.encode()).decode("ascii")
