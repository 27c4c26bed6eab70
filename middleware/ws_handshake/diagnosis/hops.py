"""What the hops before this server have left in a request: marks, and notes of theirs.

No value leaves this module: only which proxy it names, and yes or no.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING

from ws_handshake.core.grammar import elements
from ws_handshake.core.request import CONNECTION, HOST, KEY, UPGRADE
from ws_handshake.diagnosis.platforms import PLATFORMS
from ws_handshake.diagnosis.proxies import PROXIES, proxies_in_via, rank

if TYPE_CHECKING:
    from ws_handshake.core.request import RequestHead
    from ws_handshake.diagnosis.proxy import Proxy

_PROTO, _FOR = b"x-forwarded-proto", b"x-forwarded-for"
# An address of a private network: RFC 1918, RFC 4193.
_private = re.compile(
    rb"10\.|192\.168\.|172\.(?:1[6-9]|2[0-9]|3[01])\.|f[cd][0-9a-f]+:"
)

# The likeliest first; of those that are as likely the one at the edge, as they stand.
_RANKED = sorted(PROXIES.values(), key=rank)
_PLACES = {proxy.name: place for place, proxy in enumerate(_RANKED)}
# By each name the groups that it is part of.
_GROUPS: dict[bytes, list[tuple[frozenset[bytes], Proxy]]] = {}
for _proxy in _RANKED:
    for _fields in _proxy.request_fields:
        for _name in _fields:
            _GROUPS.setdefault(_name, []).append((frozenset(_fields), _proxy))
_BY_GO = tuple(
    (frozenset(proxy.go_fields), proxy) for proxy in PROXIES.values() if proxy.go_fields
)
# A proxy that we know leaves one of these, if it leaves a mark at all ...
_MARKS = frozenset([b"via"]).union(_GROUPS, *(fields for fields, _ in _BY_GO))
# ... and any other one of these.
_FORWARDED = frozenset([b"via", b"forwarded", _FOR, _PROTO, b"x-real-ip"])
# ... of which these say for whom it was forwarded; services do not write X-Real-IP.
_REAL_IP = b"x-real-ip"
_SERVICES = frozenset(proxy.name for proxy in PLATFORMS)
_NOTED = (_FORWARDED - {b"via"}) | {b"x-forwarded-host", b"x-forwarded-port"}
#: Fields of which a proxy leaves one at least, if it leaves anything.
PROXY_MARKS = _MARKS | _FORWARDED


def proxy_of(request: RequestHead) -> Proxy | None:
    """Return the proxy that left its mark, if one did; of several the likeliest."""
    names = [name for name, _ in request.headers]
    known = _MARKS.intersection(names)
    if not known:
        return None
    groups = [
        group for name in known for group in _GROUPS.get(name, ()) if group[0] <= known
    ]
    # a field that is a part of a larger mark, too, is that proxy's
    marked = [
        proxy
        for fields, proxy in groups
        if not any(len(fields) < len(other) and fields & other for other, _ in groups)
        and not (proxy.behind_the_clients and _stand_first(names, fields))
    ]
    if b"via" in known:
        marked += proxies_in_via(b",".join(request.values(b"via")))
    if marked:
        return min(marked, key=lambda proxy: _PLACES[proxy.name])
    for fields, proxy in _BY_GO:
        if fields <= known and _is_gos_order(names):
            return proxy
    return None


def _stand_first(names: list[bytes], fields: frozenset[bytes]) -> bool:
    """Return whether these stand before what the client sent."""
    return KEY in names and any(name in fields for name in names[: names.index(KEY)])


def _is_gos_order(names: list[bytes]) -> bool:
    """Return whether Go wrote these: Host, User-Agent, and the rest sorted by name.

    User-Agent may be missing; Accept-Encoding is last where Go adds it itself. What
    has nothing but a proxy's own fields proves no order.
    """
    first = 2 if names[1] == b"user-agent" else 1
    last = -1 if names[-1] == b"accept-encoding" else None
    others = names[first:last]
    if names[0] != HOST or others[0].startswith(b"x-forwarded-"):
        return False
    return others == sorted(others)


def is_behind_a_proxy(request: RequestHead) -> bool:
    """Return whether any proxy left a mark, known or not."""
    names = [name for name, _ in request.headers]
    if PROXY_MARKS.isdisjoint(names):
        return False
    return not _FORWARDED.isdisjoint(names) or proxy_of(request) is not None


def is_followed(request: RequestHead, service: Proxy) -> bool:
    """Return whether another proxy stands behind this service, which forwards both."""
    if service.strips_by_default or service.carries_none:
        return False
    return service.name in _SERVICES and bool(request.values(_REAL_IP))


def stands_on_the_clients_side(request: RequestHead) -> bool:
    """Return whether what shows points to a forward proxy, or to a firewall.

    A reverse proxy notes whom it forwards for, closes its connections, or writes
    Connection first, as nginx does; a forward proxy writes Via, and notes at most who
    asked in its own network. Over TLS neither can change a byte.
    """
    names = [name for name, _ in request.headers]
    noted = not _NOTED.isdisjoint(names) and not noted_its_own_network(request)
    if noted or request.scheme in {"https", "wss"}:
        return False
    if b"via" in names:
        return not came_over_http2(request)
    kept = request.tokens(CONNECTION) == [b"keep-alive"] and names[0] != CONNECTION
    return b"proxy-connection" in names or kept


def noted_its_own_network(request: RequestHead) -> bool:
    """Return whether a proxy noted a client of a private network, and nothing else.

    Beside Via that is what a forward proxy does; a server's notes more.
    """
    names = {name for name, _ in request.headers}
    if b"via" not in names or names & _NOTED != {_FOR}:
        return False
    return _private.match(b"".join(request.values(_FOR))) is not None


def is_mapped_by_nginx(request: RequestHead) -> bool:
    """Return whether nginx forwards Upgrade, and there was none to forward.

    nginx writes what its operator set before what it makes itself, and that before what
    the client sent: `close` before Host, and nothing of the handshake before it, is
    what the map of its documentation gives then. Another order proves nothing.
    """
    names = [name for name, _ in request.headers]
    if UPGRADE in names or request.tokens(CONNECTION) != [b"close"]:
        return False
    place = names.index(CONNECTION)
    return KEY not in names[:place] and HOST in names[place:]


def was_seen_whole(request: RequestHead) -> bool:
    """Return whether a proxy was asked for a WebSocket: Traefik notes ws or wss."""
    return not {b"ws", b"wss"}.isdisjoint(request.tokens(_PROTO))


def came_from_elsewhere(request: RequestHead) -> bool:
    """Return whether a proxy noted a client that is not on this machine."""
    noted = request.tokens(_FOR) or request.tokens(b"x-real-ip")
    try:
        return not ip_address(noted[0].decode("ascii")).is_loopback
    except (IndexError, ValueError):
        return False


def came_over_http2(request: RequestHead) -> bool:
    """Return whether a hop was HTTP/2, by Via, or by the User-Agent of Go's client."""
    hops = elements(b",".join(request.values(b"via")))
    agent = b"".join(request.values(b"user-agent"))
    return agent.startswith(b"Go-http-client/2") or any(h[:1] == b"2" for h in hops)


def came_over_tls(request: RequestHead) -> bool | None:
    """Return whether the client came to a proxy over TLS; None if no proxy noted it."""
    schemes = request.tokens(_PROTO)
    return any(s in {b"https", b"wss"} for s in schemes) if schemes else None
