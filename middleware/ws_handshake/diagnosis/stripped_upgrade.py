"""The signature of lost hop-by-hop fields: who took Upgrade and Connection out.

A proxy does, unless it is configured to forward them (RFC 9110 section 7.6.1); and the HTTP/2
of a client, which has neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ws_handshake.core import reasons
from ws_handshake.core.request import CONNECTION
from ws_handshake.diagnosis import causes
from ws_handshake.diagnosis.causes import (
    FORWARDING,
    FORWARDING_UPGRADE,
    Certainty,
)
from ws_handshake.diagnosis.fingerprint import (
    came_over_http2,
    came_over_tls,
    client_of,
    is_behind_a_proxy,
    is_mapped_by_nginx,
    proxy_of,
    was_seen_whole,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ws_handshake.core.policy import Policy
    from ws_handshake.core.reasons import Reason
    from ws_handshake.core.request import RequestHead
    from ws_handshake.diagnosis.causes import Cause

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
# These forward both unless they are reported not to, and drop both where one is missing.
_FORWARD_BY_DEFAULT = frozenset(["Caddy", "Envoy", "Traefik"])
# Who says to be one of these sends whole handshakes.
_WHOLE = frozenset(["browser", "websocket"])
# What a proxy writes into Connection in the place of what it took out.
_PROXYS_OWN: tuple[list[bytes], ...] = ([], [b"close"], [b"keep-alive"])


def stripped(request: RequestHead, found: Reasons, _policy: Policy) -> Iterator[Cause]:
    """Key and version arrived, which are end-to-end; Upgrade or Connection did not."""
    lost = found & LOST
    options = request.tokens(CONNECTION)
    if (
        found & _END_TO_END
        or (lost & _LOST_CONNECTION and options not in _PROXYS_OWN)
        or request.method != "GET"
        or request.is_http2()
    ):
        return
    kind, product = client_of(request)
    proxy = proxy_of(request) or _guessed(request, lost, options)
    whole = kind in _WHOLE or was_seen_whole(request)
    if kind == "tool" and not (is_behind_a_proxy(request) or proxy == "nginx"):
        yield causes.HAND_MADE_HANDSHAKE.as_certain_as(Certainty.LIKELY)
        yield _stripped_by(proxy, request, lost, Certainty.POSSIBLE)
        return
    over_http2 = _over_http2_before(request, lost, proxy, kind)
    if over_http2 is not None:
        rather = over_http2 is Certainty.LIKELY
        stripped_too = Certainty.POSSIBLE if rather else Certainty.LIKELY
        yield causes.http1_only(product).as_certain_as(over_http2)
        yield _stripped_by(proxy, request, lost, stripped_too)
    elif proxy in _FORWARD_BY_DEFAULT and not whole:
        yield causes.HAND_MADE_HANDSHAKE.as_certain_as(Certainty.LIKELY)
        yield _stripped_by(proxy, request, lost, Certainty.POSSIBLE)
    else:
        sure = whole or request.http_version == "1.0"
        certainty = Certainty.VERY_LIKELY if sure else Certainty.LIKELY
        yield _stripped_by(proxy, request, lost, certainty)


def _guessed(request: RequestHead, lost: Reasons, options: list[bytes]) -> str:
    """Name a proxy by what it left of the fields, where only one leaves them so."""
    if is_mapped_by_nginx(request) or (
        request.http_version == "1.0" and options == [b"close"]
    ):
        return "nginx"
    both = reasons.UPGRADE_MISSING in lost and reasons.CONNECTION_NOT_UPGRADE in lost
    return "Apache" if both and options == [b"keep-alive"] else ""


def _over_http2_before(
    request: RequestHead, lost: Reasons, proxy: str, kind: str
) -> Certainty | None:
    """Say how sure it is that a proxy ended a client's HTTP/2; None where it did not.

    RFC 9113 section 8.2.2: over HTTP/2 both fields are gone, as if a proxy had stripped
    them. Browsers and WebSocket libraries open WebSockets over HTTP/1.1, or by Extended
    CONNECT; other clients make this mistake, and some of them pose as browsers.
    """
    mapped, tls = is_mapped_by_nginx(request), came_over_tls(request)
    own_default = proxy == "nginx" and not mapped  # it strips whoever asks
    if own_default or tls is False or was_seen_whole(request) or kind == "websocket":
        return None
    if not (reasons.UPGRADE_MISSING in lost and lost & _LOST_CONNECTION):
        return None
    if kind == "browser":
        return Certainty.POSSIBLE if mapped else None
    forwards = proxy in _FORWARD_BY_DEFAULT or kind == "library"
    sure = came_over_http2(request) or mapped or (tls and forwards)
    return Certainty.LIKELY if sure else Certainty.POSSIBLE


def _stripped_by(
    proxy: str, request: RequestHead, lost: Reasons, certainty: Certainty
) -> Cause:
    names = [
        name
        for name, gone in (
            ("Upgrade", reasons.UPGRADE_MISSING in lost),
            ("Connection", bool(lost & _LOST_CONNECTION)),
        )
        if gone
    ]
    old = " over HTTP/1.0" if request.http_version == "1.0" else ""
    fix = FORWARDING.get(proxy, FORWARDING[""])
    if names == ["Upgrade"] and not proxy:
        fix = FORWARDING_UPGRADE
    forwards = proxy in _FORWARD_BY_DEFAULT or is_mapped_by_nginx(request)
    who = proxy or "a proxy"
    if forwards and not was_seen_whole(request):
        who += ", or a proxy in front of it,"
    return causes.PROXY_STRIPPED_UPGRADE.as_certain_as(
        certainty,
        detail=(
            f"Sec-WebSocket-Key arrived without {' and '.join(names)}{old}: "
            f"{who} took {'them' if len(names) > 1 else 'it'} out."
        ),
        fix=fix,
    )
