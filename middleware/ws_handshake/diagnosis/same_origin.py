"""The signatures of a page of this server whose Origin and Host differ on arrival.

With `same-origin` a browser's own page is rejected if something between changed the
scheme, the port or the name by which it was asked for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ws_handshake.core.authority import parse_origin
from ws_handshake.core.request import HOST, ORIGIN
from ws_handshake.diagnosis import causes
from ws_handshake.diagnosis.cause import Certainty
from ws_handshake.diagnosis.hops import came_from_elsewhere, is_behind_a_proxy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ws_handshake.core.authority import Origin
    from ws_handshake.core.policy import Policy
    from ws_handshake.core.reasons import Reason
    from ws_handshake.core.request import RequestHead
    from ws_handshake.diagnosis.cause import Cause

_PLAIN = frozenset(["ws", "http"])
# An application's own page (tauri://localhost) has no server that a proxy could hide.
_WEB = frozenset([b"http", b"https"])
_LOOPBACK = frozenset([b"localhost", b"127.0.0.1", b"[::1]"])
# A name or an address that no page of the public web has: that of a service behind a
# proxy (RFC 1918, RFC 4193, RFC 6762, RFC 8375, and Kubernetes' own).
_internal = re.compile(
    rb"[^.:\[]++|10\.[0-9.]+|192\.168\.[0-9.]+|172\.(?:1[6-9]|2[0-9]|3[01])\.[0-9.]+"
    rb"|\[f[cd][0-9a-f:]+\]|.+\.(?:internal|local|svc|home\.arpa)"
)
_DEVELOPED = (
    "A page of a development server connects here: directly, or through a proxy, such "
    "as Vite's, that puts its target into Host. Origin is a server of its own machine."
)


def same_origin(
    request: RequestHead, _found: frozenset[Reason], policy: Policy
) -> Iterator[Cause]:
    """Only scheme, port or name differ, or both are this machine."""
    page = parse_origin(b"".join(request.values(ORIGIN)))
    if not policy.same_origin or page is None or page.scheme not in _WEB:
        return
    host = b"".join(request.values(HOST))
    asked = _of(page, b"".join(request.values(b"x-forwarded-host")))
    ours = _of(page, host)
    if ours is None:
        return
    if asked == page != ours:
        yield causes.PROXY_REWROTE_HOST.as_certain_as(Certainty.VERY_LIKELY)
    elif ours == page:
        # RFC 6454 section 4: then the scheme alone is another one
        if page.scheme == b"https":
            yield causes.PROXY_HID_HTTPS.as_certain_as(Certainty.VERY_LIKELY)
    elif page.host in _LOOPBACK:
        yield causes.DEVELOPMENT_PROXY.as_certain_as(
            Certainty.LIKELY, detail=None if ours.host in _LOOPBACK else _DEVELOPED
        )
    elif _is_rewritten(request, page, ours):
        yield causes.PROXY_REWROTE_HOST.as_certain_as(Certainty.LIKELY)
    elif page.host == ours.host and b":" not in host.rpartition(b"]")[2]:
        sure = is_behind_a_proxy(request)
        yield causes.PROXY_DROPPED_PORT.as_certain_as(
            Certainty.VERY_LIKELY if sure else Certainty.LIKELY
        )


def _is_rewritten(request: RequestHead, page: Origin, ours: Origin) -> bool:
    """Return whether Host has the name of a server behind a proxy, and no page's.

    Another machine's: a page over https reached us without TLS, which no browser
    allows. This machine's: a proxy noted a client elsewhere.
    """
    if _internal.fullmatch(page.host):
        return False
    if ours.host in _LOOPBACK:
        return came_from_elsewhere(request)
    ended_tls = page.scheme == b"https" and request.scheme in _PLAIN
    return ended_tls and _internal.fullmatch(ours.host) is not None


def _of(page: Origin, host: bytes) -> Origin | None:
    """Return the origin that a page of this scheme has at `host`."""
    return parse_origin(page.scheme + b"://" + host)
