"""The signature of lost hop-by-hop fields: who took Upgrade and Connection out.

A proxy did, unless it is configured to forward them (RFC 9110 section 7.6.1); or the
client sent its handshake over HTTP/2, which has neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ws_handshake.core import reasons
from ws_handshake.core.request import CONNECTION
from ws_handshake.diagnosis.cause import Certainty
from ws_handshake.diagnosis.causes import (
    HAND_MADE_HANDSHAKE,
    HTTP2_CLIENT,
    INCOMPLETE_CLIENT,
    NGINX_HTTP,
    NGINX_LOCATION,
    PROXY_STRIPPED_UPGRADE,
)
from ws_handshake.diagnosis.clients import client_of
from ws_handshake.diagnosis.hops import (
    came_over_http2,
    came_over_tls,
    is_behind_a_proxy,
    is_followed,
    is_mapped_by_nginx,
    noted_its_own_network,
    proxy_of,
    stands_on_the_clients_side,
    was_seen_whole,
)
from ws_handshake.diagnosis.proxies import (
    DELETING_UPGRADE,
    ON_CLIENT_SIDE,
    PROXIES,
    UNKNOWN_PROXY,
    UNSEEN,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ws_handshake.core.policy import Policy
    from ws_handshake.core.reasons import Reason
    from ws_handshake.core.request import RequestHead
    from ws_handshake.diagnosis.cause import Cause
    from ws_handshake.diagnosis.clients import Client
    from ws_handshake.diagnosis.proxy import Proxy

    Reasons = frozenset[Reason]

_LOST_CONNECTION = frozenset(
    [reasons.CONNECTION_MISSING, reasons.CONNECTION_NOT_UPGRADE]
)
#: The reasons of which there is one at least.
LOST = _LOST_CONNECTION | {reasons.UPGRADE_MISSING}

# Key and version are end-to-end: where they are broken too it was no proxy.
_END_TO_END = frozenset(
    [
        *(reasons.KEY_MISSING, reasons.KEY_MALFORMED, reasons.KEY_DUPLICATED),
        *(reasons.VERSION_MISSING, reasons.VERSION_UNSUPPORTED),
        *(reasons.VERSION_DUPLICATED, reasons.UPGRADE_NOT_WEBSOCKET),
    ]
)
# Kinds of clients that send whole handshakes.
_WHOLE = frozenset(["browser", "websocket"])
# What a proxy writes into Connection in place of what it took out ...
_PROXYS_OWN = frozenset([b"close", b"keep-alive"])
# ... and what it is configured to write there whatever the client sent.
_ALWAYS = [b"upgrade"]
# Of TLS a forward proxy sees nothing, unless it is made to.
_READS_TLS = ", which reads TLS in the client's network or stands before this server,"
_LET_THROUGH = (
    "Let it forward Upgrade and Connection (Squid, from 5 on: "
    "http_upgrade_request_protocols websocket allow all), or leave this host out of "
    "its TLS inspection."
)
_NOT_A_SERVERS = "without the headers that a server's proxy adds"
_OWN_NETWORK = "with a client of a private network in X-Forwarded-For"
_BEHIND = (
    "; or let the proxy behind it forward both, in nginx: proxy_set_header Upgrade "
    "$http_upgrade; proxy_set_header Connection upgrade;"
)


def stripped(request: RequestHead, found: Reasons, _policy: Policy) -> Iterator[Cause]:
    """Key and version arrived, which are end-to-end; Upgrade or Connection did not."""
    lost = found & LOST
    options = request.tokens(CONNECTION)
    client = client_of(request)
    if (
        found & _END_TO_END
        or (lost & _LOST_CONNECTION and not _PROXYS_OWN.issuperset(options))
        or request.method != "GET"
        or request.is_http2()
    ):
        return
    proxy = _who(request, lost, options)
    whole = client.kind in _WHOLE or was_seen_whole(request)
    if client.kind == "tool" and not _came_through(proxy, request):
        yield HAND_MADE_HANDSHAKE.as_certain_as(Certainty.LIKELY)
        yield _by(proxy, request, lost, Certainty.POSSIBLE)
        return
    over_http2 = _over_http2_before(request, lost, proxy, client)
    if over_http2 is not None:
        rather = over_http2 is Certainty.LIKELY
        stripped_too = Certainty.POSSIBLE if rather else Certainty.LIKELY
        yield HTTP2_CLIENT.as_certain_as(over_http2, fix=client.http1_only)
        yield _by(proxy, request, lost, stripped_too)
    elif proxy.forwards_both_or_none and not (whole or is_followed(request, proxy)):
        yield HAND_MADE_HANDSHAKE.as_certain_as(Certainty.LIKELY)
        yield _by(proxy, request, lost, Certainty.POSSIBLE)
    elif proxy is UNSEEN and not whole and reasons.UPGRADE_MISSING not in lost:
        # what removes one of the two alone is rare, and so is a mark of it
        likely, possible = Certainty.LIKELY, Certainty.POSSIBLE
        forgotten, removed = (possible, likely) if options else (likely, possible)
        yield INCOMPLETE_CLIENT.as_certain_as(forgotten)
        yield _by(proxy, request, lost, removed)
    else:
        sure = whole or request.http_version == "1.0"
        named = sure and proxy is not ON_CLIENT_SIDE
        certainty = Certainty.VERY_LIKELY if named else Certainty.LIKELY
        yield _by(proxy, request, lost, certainty)


def _who(request: RequestHead, lost: Reasons, options: list[bytes]) -> Proxy:
    """Return who it was, as far as that shows.

    That HTTP/1.0 with `close` is nginx was measured: no other proxy speaks it. Then it
    stands behind all those that left a mark, and removes both by default.
    """
    named = proxy_of(request)
    if request.http_version == "1.0" and options == [b"close"]:
        another = named.on_client_side if named else request.values(b"via")
        if not another:
            return PROXIES["nginx"]
    return named or _unnamed(request, lost)


def _unnamed(request: RequestHead, lost: Reasons) -> Proxy:
    """Return who it was as far as that shows without a proxy's own mark."""
    if is_mapped_by_nginx(request):
        return PROXIES["nginx"]
    both = lost & _LOST_CONNECTION and reasons.UPGRADE_MISSING in lost
    if both and stands_on_the_clients_side(request):
        return ON_CLIENT_SIDE
    if not lost & _LOST_CONNECTION:
        return DELETING_UPGRADE
    return UNKNOWN_PROXY if is_behind_a_proxy(request) else UNSEEN


def _came_through(proxy: Proxy, request: RequestHead) -> bool:
    """Return whether a proxy was there: tools send keep-alive, but not HTTP/1.0."""
    return proxy.http10_by_default or is_behind_a_proxy(request)


def _over_http2_before(
    request: RequestHead, lost: Reasons, proxy: Proxy, client: Client
) -> Certainty | None:
    """Return how sure it is that a proxy ended a client's HTTP/2; None if it did not.

    RFC 9113 section 8.2.2: over HTTP/2 both fields are gone, as if a proxy had stripped
    them. Browsers and WebSocket libraries open WebSockets over HTTP/1.1, or by Extended
    CONNECT; other clients make this mistake, and some of them pose as browsers. Through
    a forward proxy HTTP/2 goes within TLS, where it changes nothing.
    """
    mapped, tls = is_mapped_by_nginx(request), came_over_tls(request)
    own_default = proxy.http10_by_default and not mapped  # it strips every client's
    over_http1 = was_seen_whole(request) or client.kind == "websocket"
    if own_default or tls is False or over_http1 or proxy.on_client_side:
        return None
    always = request.tokens(CONNECTION) == _ALWAYS and is_behind_a_proxy(request)
    if not (reasons.UPGRADE_MISSING in lost and (lost & _LOST_CONNECTION or always)):
        return None
    if client.kind == "browser":
        return Certainty.POSSIBLE if mapped else None
    writes_it = always and client.kind == "tool"  # which would have sent Upgrade, too
    forwards = proxy.forwards_both_or_none or writes_it or client.kind == "library"
    sure = came_over_http2(request) or mapped or (tls and forwards)
    return Certainty.LIKELY if sure else Certainty.POSSIBLE


def _by(
    proxy: Proxy, request: RequestHead, lost: Reasons, certainty: Certainty
) -> Cause:
    """Return the cause with the name of this proxy, its fix and its lines."""
    no_upgrade = reasons.UPGRADE_MISSING in lost
    no_connection = bool(lost & _LOST_CONNECTION)
    forwards = proxy.forwards_both_or_none or is_mapped_by_nginx(request)
    who, fix, config = proxy.name, proxy.fix, proxy.config
    if is_followed(request, proxy):
        who += ", or a proxy behind it,"
        fix = fix.removesuffix(".") + _BEHIND
        config = (*config, NGINX_HTTP, NGINX_LOCATION)
    elif proxy.on_client_side and proxy is not ON_CLIENT_SIDE:
        if came_over_tls(request) or request.scheme in {"https", "wss"}:
            who, fix = who + _READS_TLS, _LET_THROUGH
        else:
            who += ", a forward proxy on the client's side,"
    elif forwards and not was_seen_whole(request):
        who += ", or a proxy in front of it,"
    if no_upgrade and no_connection:
        what, them = "the Upgrade and Connection headers", "them"
    else:
        what, them = f"the {'Upgrade' if no_upgrade else 'Connection'} header", "it"
    old = ", and over HTTP/1.0" if request.http_version == "1.0" else ""
    if proxy is ON_CLIENT_SIDE:
        own = noted_its_own_network(request)
        old += f", and {_OWN_NETWORK if own else _NOT_A_SERVERS}"
    return PROXY_STRIPPED_UPGRADE.as_certain_as(
        certainty,
        detail=f"{who} removed {what}. Sec-WebSocket-Key arrived without {them}{old}.",
        fix=fix,
        config=config,
    )
