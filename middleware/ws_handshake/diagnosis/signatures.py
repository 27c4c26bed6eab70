"""Diagnosis: the one cause behind several violations, and its fix.

Each signature is a function that knows one cause. It looks at the violations first and
at the marks of proxies and clients second, so that a mark alone never blames anyone.
Only rejections pay for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ws_handshake.core import reasons
from ws_handshake.core.request import CONNECTION, UPGRADE, VERSION
from ws_handshake.diagnosis import causes
from ws_handshake.diagnosis.cause import Certainty
from ws_handshake.diagnosis.clients import client_of
from ws_handshake.diagnosis.hops import (
    PROXY_MARKS,
    came_over_http2,
    came_over_tls,
    is_behind_a_proxy,
    proxy_of,
)
from ws_handshake.diagnosis.miswritten import (
    MISWRITTEN,
    NUMBERED,
    TWICE,
    blanked,
    duplicated,
    has_numbered_keys,
    incomplete,
    miswrote,
    relayed,
    was_a_handshake,
)
from ws_handshake.diagnosis.same_origin import same_origin
from ws_handshake.diagnosis.stripped_upgrade import LOST, stripped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ws_handshake.core.policy import Policy
    from ws_handshake.core.reasons import Reason
    from ws_handshake.core.request import RequestHead
    from ws_handshake.diagnosis.cause import Cause

    Reasons = frozenset[Reason]
    Marks = frozenset[bytes]
    Signature = Callable[[RequestHead, Reasons, Policy], Iterator[Cause]]

# Where two causes look alike on the wire both are named; a third would be guessing.
_MOST = 2

_KEY = frozenset([reasons.KEY_MISSING, reasons.KEY_MALFORMED, reasons.KEY_DUPLICATED])
_BY_BRIDGES = frozenset([reasons.KEY_MISSING, reasons.VERSION_MISSING])
_BRIDGED = "A proxy turned an HTTP/2 WebSocket into HTTP/1.1 and lost a part of it."
# The drafts on the way to RFC 6455, hybi-00 to hybi-16.
_DRAFTS = frozenset(str(number).encode("ascii") for number in range(13))


def diagnose(request: RequestHead, found: Reasons, policy: Policy) -> tuple[Cause, ...]:
    """Return what is behind the reasons found: no cause, one, or two that look alike.

    The likelier stands first. Without a signature no one is blamed.
    """
    names = {name for name, _ in request.headers}
    named = [
        cause
        for signature, reasons_of, marks in SIGNATURES
        if not reasons_of.isdisjoint(found)
        and (marks is None or not marks.isdisjoint(names))
        for cause in signature(request, found, policy)
    ]
    named.sort(key=lambda cause: -cause.certainty)
    return tuple(named[:_MOST])


def http2(request: RequestHead, _found: Reasons, _policy: Policy) -> Iterator[Cause]:
    """The server saw the HTTP/2 itself."""
    yield causes.HTTP2_CLIENT.as_certain_as(
        Certainty.CERTAIN, fix=client_of(request).http1_only
    )


def http10(_request: RequestHead, found: Reasons, _policy: Policy) -> Iterator[Cause]:
    """Upgrade and Connection arrived, but over HTTP/1.0: no client does that."""
    if found == {reasons.HTTP_VERSION_TOO_OLD}:
        yield causes.PROXY_SPEAKS_HTTP10.as_certain_as(Certainty.VERY_LIKELY)


def plain_http(
    request: RequestHead, _found: Reasons, _policy: Policy
) -> Iterator[Cause]:
    """No handshake at all: it depends on who asks."""
    kind = client_of(request).kind
    navigates = b"navigate" in request.tokens(b"sec-fetch-mode")
    if kind == "health check":
        yield causes.HEALTH_CHECK.as_certain_as(Certainty.VERY_LIKELY)
    elif navigates or (kind == "browser" and b"text/html" in request.tokens(b"accept")):
        yield causes.BROWSER_TAB.as_certain_as(Certainty.VERY_LIKELY)
    elif kind in {"tool", "library"}:
        yield causes.PLAIN_HTTP_CLIENT.as_certain_as(Certainty.VERY_LIKELY)


def not_upgraded(
    request: RequestHead, _found: Reasons, _policy: Policy
) -> Iterator[Cause]:
    """A valid handshake that the server delivered as plain HTTP."""
    if request.is_http2():
        yield causes.CONNECT_NOT_BRIDGED
        return
    upgrade, connection = request.values(UPGRADE), request.values(CONNECTION)
    several = len(upgrade) > 1 or len(connection) > 1 or b"," in b"".join(upgrade)
    if several:
        yield causes.SERVER_READS_ONE_LINE.as_certain_as(Certainty.LIKELY)
    yield causes.NO_WEBSOCKET_SUPPORT.as_certain_as(
        Certainty.POSSIBLE if several else Certainty.VERY_LIKELY
    )


def bridge(request: RequestHead, found: Reasons, _policy: Policy) -> Iterator[Cause]:
    """Key, version or both are missing behind a proxy, and nothing else is wrong.

    It came as HTTP/2, which has no key; or the proxy forwards what its policy lists.
    """
    if not (found <= _BY_BRIDGES and is_behind_a_proxy(request)):
        return
    proxy = proxy_of(request)
    drops = proxy is not None and proxy.drops_key_by_default
    if proxy and drops and reasons.KEY_MISSING in found and was_a_handshake(request):
        yield causes.BRIDGE_LOST_KEY.as_certain_as(
            Certainty.LIKELY,
            detail=f"{proxy.name} left Sec-WebSocket-Key out. It forwards the headers "
            "that its policy lists.",
            fix=proxy.fix,
            config=proxy.config,
        )
        return
    tls = came_over_tls(request)
    browser = client_of(request).kind == "browser"
    # a client that forgot them looks the same, but browsers forget none
    if found == {reasons.KEY_MISSING}:
        named, sure, lost = True, browser, ""
    elif found == {reasons.VERSION_MISSING}:
        named, sure, lost = browser, False, "Only Sec-WebSocket-Version is missing."
    else:
        named, sure = was_a_handshake(request), True
        lost = "Key and version are missing; the rest is a handshake's."
    if named and tls is not False:
        sure = sure or bool(tls) or came_over_http2(request)
        yield causes.BRIDGE_LOST_KEY.as_certain_as(
            Certainty.LIKELY if sure else Certainty.POSSIBLE,
            detail=f"{_BRIDGED} {lost}" if lost else None,
        )


def hixie(_request: RequestHead, _found: Reasons, _policy: Policy) -> Iterator[Cause]:
    """hixie-76 sent two numbered keys, and no other."""
    yield causes.OLD_DRAFT


def hybi(request: RequestHead, found: Reasons, _policy: Policy) -> Iterator[Cause]:
    """The hybi drafts sent their own number."""
    known = found & _KEY and has_numbered_keys(request)
    if b"".join(request.values(VERSION)) in _DRAFTS and not known:
        yield causes.OLD_DRAFT


def cookies(request: RequestHead, _found: Reasons, _policy: Policy) -> Iterator[Cause]:
    """Most of the bytes are cookies."""
    of_cookies = sum(map(len, request.values(b"cookie")))
    if of_cookies * 2 > sum(len(name) + len(value) for name, value in request.headers):
        yield causes.OVERSIZED_COOKIES.as_certain_as(Certainty.VERY_LIKELY)


#: The signatures, each with the reasons of which it takes one at least, and the fields
#: of which it takes one, if it needs any; of two causes that are equally sure the
#: earlier is named first.
SIGNATURES: tuple[tuple[Signature, Reasons, Marks | None], ...] = (
    (http2, frozenset([reasons.HTTP1_HANDSHAKE_OVER_HTTP2]), None),
    (stripped, LOST, None),
    (http10, frozenset([reasons.HTTP_VERSION_TOO_OLD]), None),
    (miswrote, MISWRITTEN, None),
    (duplicated, frozenset(TWICE), None),
    (relayed, frozenset([reasons.KEY_DUPLICATED]), None),
    (blanked, frozenset([reasons.EXTENSIONS_MALFORMED]), None),
    (hixie, _KEY, NUMBERED),
    (hybi, frozenset([reasons.VERSION_UNSUPPORTED]), None),
    (incomplete, frozenset([reasons.VERSION_MISSING, reasons.KEY_MISSING]), None),
    (bridge, _BY_BRIDGES, PROXY_MARKS),
    (same_origin, frozenset([reasons.ORIGIN_NOT_ALLOWED]), None),
    (cookies, frozenset([reasons.HEADERS_TOO_LARGE]), None),
    (plain_http, frozenset([reasons.NOT_A_HANDSHAKE]), None),
    (not_upgraded, frozenset([reasons.SERVER_DID_NOT_UPGRADE]), None),
)
