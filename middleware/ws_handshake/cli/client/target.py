"""Target, where a handshake is sent: a WebSocket URL, taken apart."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from ws_handshake.cli.screen import shown
from ws_handshake.core.grammar import DEFAULT_PORTS, is_host

if TYPE_CHECKING:
    from urllib.parse import SplitResult

# RFC 6455 section 3; people copy the other two out of a browser.
_SCHEMES = {"ws": "ws", "wss": "wss", "http": "ws", "https": "wss"}
# RFC 3986 section 3.3, and what is percent-encoded already
_PATH = "/%:@!$&'()*+,;=-._~"
_QUERY = _PATH + "?"


@dataclass(frozen=True, slots=True)
class Target:
    """A WebSocket URL: `host` in ASCII, without brackets; `path` as it is requested.

    `credentials` are what stood before the host, as Basic authentication: like the
    query, they are sent and never shown. `read_as` says that the scheme was mapped.
    """

    scheme: str
    host: str
    port: int
    path: str
    query: str = field(default="", repr=False)
    credentials: str | None = field(default=None, repr=False)
    read_as: str | None = None

    @property
    def secure(self) -> bool:
        """Return whether TLS comes first."""
        return self.scheme == "wss"

    @property
    def authority(self) -> str:
        """The value of Host: a default port is left out (RFC 6455 section 4.1(4))."""
        name = self.host.partition("%")[0]  # a zone is of this machine only
        host = f"[{name}]" if ":" in name else name
        is_default = DEFAULT_PORTS[self.scheme.encode()] == self.port
        return host if is_default else f"{host}:{self.port}"

    @property
    def resource(self) -> str:
        """The request target: path and query."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def shown_path(self) -> str:
        """The path for a person: a query may hold a token, so it is not shown."""
        return shown(f"{self.path}?..." if self.query else self.path)

    @property
    def shown(self) -> str:
        """The whole URL for a person."""
        return f"{self.scheme}://{shown(self.authority)}{self.shown_path}"


def parse_target(url: str) -> Target:
    """Take a URL apart; ValueError, which repeats nothing of it, if it is none."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError(
            "The URL does not parse; write it as in wss://example.com:8443/path, with "
            "brackets around an IPv6 address and a port from 1 to 65535."
        ) from None
    scheme = _SCHEMES.get(parts.scheme)
    if scheme is None or not host:
        raise ValueError(
            "This is no WebSocket URL; write it as in ws://127.0.0.1:8000/ws or "
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
        read_as=None if parts.scheme == scheme else parts.scheme,
    )


def _ascii_host(host: str) -> str:
    """Return a host in ASCII; a name that cannot be encoded without doubt is asked for.

    IDNA 2003, which is what Python has, writes another name for some.
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
            "The URL's host is no name that we can encode; write it as A-labels "
            "(xn--...), without spaces."
        )
    return encoded.decode("ascii")


def _credentials(parts: SplitResult) -> str | None:
    if parts.username is None and parts.password is None:
        return None
    pair = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
    return "Basic " + base64.b64encode(pair.encode()).decode("ascii")
