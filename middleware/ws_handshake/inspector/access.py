"""Who may see the inspector: a browser on this machine, on the inspector's own page."""

from __future__ import annotations

from contextlib import suppress
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING

from ws_handshake.core.authority import split_host
from ws_handshake.core.grammar import OWS
from ws_handshake.core.request import HOST, ORIGIN
from ws_handshake.diagnosis.hops import PROXY_MARKS

if TYPE_CHECKING:
    from ws_handshake.asgi.scope import Scope
    from ws_handshake.inspector.options import Options

_LOCALHOST = b"localhost"
_OLD = frozenset(["0.9", "1.0"])

_ELSEWHERE = (
    "The inspector responds to clients on its own machine only, and this one is not "
    "known to be there{}. Open it on that machine, at http://127.0.0.1 or "
    "http://localhost and the port of the server. If everyone who can reach the server "
    "may see its handshakes: Inspector(expose_to_network=True)."
)
_PROXY = ": a proxy has forwarded the request"
_NAME = (
    "The inspector does not respond under this name: any site can give its own name "
    "to this machine (DNS rebinding). Open it as localhost or by its IP address, or "
    'allow the name: Inspector(allowed_hosts=["the.name"]).'
)
_PAGE = "Only the inspector's own page may ask for this."


def objection(scope: Scope, options: Options) -> str | None:
    """Return why a client may not see the inspector, in sentences; None if it may."""
    headers: list[tuple[bytes, bytes]] = list(scope["headers"])
    if not options.expose_to_network:
        if not _is_loopback(scope.get("client")):
            return _ELSEWHERE.format("")
        if _is_forwarded(scope, headers):
            return _ELSEWHERE.format(_PROXY)
    hosts = _values(headers, HOST)
    if len(hosts) != 1 or not _is_safe(hosts[0], options.allowed_hosts):
        return _NAME
    return None if _is_own_page(headers, hosts[0]) else _PAGE


def _is_loopback(client: object) -> bool:
    """Return whether the server says that the other end is on this machine.

    It says nothing of a UNIX socket, and test clients have names of their own.
    """
    host = client[0] if isinstance(client, list | tuple) and client else None
    with suppress(ValueError):
        address = ip_address(host if isinstance(host, str) else "")
        mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
        return (mapped or address).is_loopback
    return False


def _is_forwarded(scope: Scope, headers: list[tuple[bytes, bytes]]) -> bool:
    """Return whether a proxy left a mark: one on this machine has its address.

    nginx before 1.29.7 leaves none but HTTP/1.0, which no browser speaks.
    """
    names = (name.lower() for name, _ in headers)
    return scope.get("http_version") in _OLD or not PROXY_MARKS.isdisjoint(names)


def _is_safe(value: bytes, allowed: frozenset[bytes]) -> bool:
    """Return whether a Host cannot be the name of somebody else's site.

    An address is no name, and `localhost` is this machine in every browser.
    """
    found = split_host(value)
    if found is None:
        return False
    host = found[0].removesuffix(b".")
    if host == _LOCALHOST or host.endswith(b"." + _LOCALHOST) or host in allowed:
        return True
    with suppress(ValueError):
        return bool(ip_address(host.strip(b"[]").decode("ascii")))
    return False


def _is_own_page(headers: list[tuple[bytes, bytes]], host: bytes) -> bool:
    """Return whether no page from elsewhere asks; people may follow a link from it."""
    origins = _values(headers, ORIGIN)
    if origins and [o.partition(b"://")[2] for o in origins] != [host]:
        return False
    site = _values(headers, b"sec-fetch-site")
    follows_a_link = _values(headers, b"sec-fetch-mode") == [b"navigate"]
    return follows_a_link or site in ([], [b"none"], [b"same-origin"])


def _values(headers: list[tuple[bytes, bytes]], name: bytes) -> list[bytes]:
    return [value.strip(OWS) for key, value in headers if key.lower() == name]
