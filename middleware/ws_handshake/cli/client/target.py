"""Target, where a handshake is sent: a WebSocket URL in its parts."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from ws_handshake.cli.screen import shown
from ws_handshake.core.grammar import DEFAULT_PORTS, is_host

if TYPE_CHECKING:
    from urllib.parse import SplitResult

# RFC 6455 section 3; people copy the other two from a browser.
_SCHEMES = {"ws": "ws", "wss": "wss", "http": "ws", "https": "wss"}
# RFC 3986 section 3.3, and what is percent-encoded already
_PATH = "/%:@!$&'()*+,;=-._~"
_QUERY = _PATH + "?"


@dataclass(frozen=True, slots=True)
class Target:
    """A WebSocket URL: `host` in ASCII, without brackets; `path` percent-encoded.

    `credentials` are the user information as Basic authentication; like the query, they
    are sent and never shown. `given_scheme` is that of the URL, if it was another one.
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
    def shown_path(self) -> str:
        """The path as it may be shown: without the query, which may hold a secret."""
        return shown(f"{self.path}?..." if self.query else self.path)

    @property
    def shown(self) -> str:
        """The URL as it may be shown."""
        return f"{self.scheme}://{shown(self.authority)}{self.shown_path}"


def parse_target(url: str) -> Target:
    """Parse a WebSocket URL; ValueError, which repeats nothing of it, if it is none."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError(
            "The URL is malformed; write it as in wss://example.com:8443/path, with "
            "brackets around an IPv6 address and a port from 1 to 65535."
        ) from None
    scheme = _SCHEMES.get(parts.scheme)
    if scheme is None or not host:
        raise ValueError(
            "This is not a WebSocket URL; write it as in ws://127.0.0.1:8000/ws or "
            "wss://example.com/ws."
        )
    if port == 0:
        raise ValueError("The URL has port 0; write one from 1 to 65535.")
    return Target(
        scheme=scheme,
        host=_ascii_host(host),
        port=port or DEFAULT_PORTS[scheme.encode()],
        path=quote(parts.path, safe=_PATH) or "/",
        query=quote(parts.query, safe=_QUERY),
        credentials=_credentials(parts),
        given_scheme=None if parts.scheme == scheme else parts.scheme,
    )


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
