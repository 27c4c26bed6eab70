"""The signatures of what was written wrongly: by hand, by a client, or on the way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ws_handshake.core import reasons
from ws_handshake.core.grammar import elements, is_nonce
from ws_handshake.core.request import (
    CONNECTION,
    EXTENSIONS,
    HOST,
    KEY,
    ORIGIN,
    PROTOCOL,
    UPGRADE,
    VERSION,
)
from ws_handshake.diagnosis import causes
from ws_handshake.diagnosis.cause import Certainty
from ws_handshake.diagnosis.clients import client_of, is_tool
from ws_handshake.diagnosis.hops import is_behind_a_proxy, proxy_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ws_handshake.core.policy import Policy
    from ws_handshake.core.reasons import Reason
    from ws_handshake.core.request import RequestHead
    from ws_handshake.diagnosis.cause import Cause

    Reasons = frozenset[Reason]

#: What a proxy may have written in place of the client's values.
MISWRITTEN = frozenset([reasons.UPGRADE_NOT_WEBSOCKET, reasons.CONNECTION_NOT_UPGRADE])
#: Which field it is that stands there more than once.
TWICE = {
    reasons.KEY_DUPLICATED: KEY,
    reasons.VERSION_DUPLICATED: VERSION,
    reasons.HOST_DUPLICATED: HOST,
    reasons.ORIGIN_DUPLICATED: ORIGIN,
}
# All that hixie-75 sent: no key, no version, and no User-Agent either.
_OF_HIXIE_75 = frozenset(
    [HOST, UPGRADE, CONNECTION, ORIGIN, b"cookie", b"websocket-protocol"]
)
#: What hixie-76 sent in place of a key.
NUMBERED = frozenset([b"sec-websocket-key1"])

_OF_HANDSHAKES = frozenset([EXTENSIONS, PROTOCOL])
_NEITHER = frozenset([reasons.KEY_MISSING, reasons.VERSION_MISSING])
_OF_WHO_TYPES = _NEITHER | {reasons.KEY_MALFORMED}
_LOST = frozenset(
    [
        *(reasons.UPGRADE_MISSING, reasons.CONNECTION_MISSING),
        reasons.CONNECTION_NOT_UPGRADE,
    ]
)
# Values of Connection, which a proxy has written into Upgrade.
_OF_CONNECTION = (b"upgrade", b"keep-alive", b"close")
# What a configuration has around a value, and what stands for one that is not there.
_PUNCTUATION = b"\"'`\\; "
_NOTHING = (b"", b"-", b"(null)", b"null")
_NO_VALUE = "nothing into Upgrade, in place of the client's value"
# The name of a variable, which no proxy has filled in: nginx, Apache, Caddy, HAProxy.
_variable = re.compile(rb"\$\{?[a-z_]+\}?|%\{[^}]*\}[a-z]?|\{[^}]*\}|%\[[^\]]*\]")
# Spaces within a name, where there was a word; a client that errs writes one.
_blank = re.compile(rb"[A-Za-z0-9-] {3,}[A-Za-z0-9-]")
_polling = re.compile(rb"[?&]transport=polling(?:&|\Z)")


def miswrote(request: RequestHead, found: Reasons, _policy: Policy) -> Iterator[Cause]:
    """All else is right, and the wrong value is one that a configuration has."""
    if not found <= MISWRITTEN | {reasons.HTTP_VERSION_TOO_OLD}:
        return
    kind, behind = client_of(request).kind, is_behind_a_proxy(request)
    sure = kind in {"browser", "websocket"} or behind
    upgrade = b",".join(request.values(UPGRADE)).lower()
    connection = b",".join(request.values(CONNECTION)).lower()
    what = _miswritten(upgrade, connection, a_proxys=sure)
    if not what or (kind == "tool" and not behind):
        return  # what a tool sends was typed so
    unseen = what == _NO_VALUE and not behind  # as a filter on the way does it
    yield causes.PROXY_MISWROTE_UPGRADE.as_certain_as(
        Certainty.VERY_LIKELY if sure else Certainty.LIKELY,
        detail=f"A proxy{' or firewall' if unseen else ''} wrote {what}.",
        fix=causes.EXTENSION_BLANKED.fix if unseen else None,
        config=() if unseen else None,
    )


def _miswritten(upgrade: bytes, connection: bytes, *, a_proxys: bool) -> str:
    """Return what a configuration wrote into these fields, if it was one.

    A client, too, may write nothing, or quotes.
    """
    within = upgrade.strip(_PUNCTUATION), connection.strip(_PUNCTUATION)
    if any(map(_variable.fullmatch, within)):
        return "the name of a variable into Upgrade or Connection, not its value"
    if upgrade in _OF_CONNECTION:
        return "into Upgrade what belongs into Connection"
    if upgrade == connection == b"websocket":
        return "into Connection what belongs into Upgrade"
    if a_proxys and upgrade in _NOTHING:
        return _NO_VALUE
    if a_proxys and within == (b"websocket", b"upgrade"):
        return "quotes or a semicolon of its configuration into Upgrade or Connection"
    return ""


def duplicated(
    request: RequestHead, found: Reasons, _policy: Policy
) -> Iterator[Cause]:
    """The same value twice; two different keys would be a relay's."""
    if len(set(_keys(request))) > 1:
        return
    for reason, name in TWICE.items():
        if reason in found and len(set(elements(b",".join(request.values(name))))) == 1:
            yield causes.DUPLICATED_BY_PROXIES.as_certain_as(Certainty.VERY_LIKELY)
            return


def relayed(request: RequestHead, _found: Reasons, _policy: Policy) -> Iterator[Cause]:
    """Two valid keys that differ, and another field of the handshake twice, too."""
    keys = set(_keys(request))
    if len(keys) == 1 or not all(map(is_nonce, keys)):
        return
    upgrades = request.tokens(UPGRADE).count(b"websocket")
    connections = request.tokens(CONNECTION).count(b"upgrade")
    versions = elements(b",".join(request.values(VERSION))).count(b"13")
    if max(upgrades, connections, versions) > 1:
        yield causes.RELAY_COPIED_HANDSHAKE.as_certain_as(Certainty.VERY_LIKELY)


def blanked(request: RequestHead, _found: Reasons, _policy: Policy) -> Iterator[Cause]:
    """Spaces in the place of a word, such as deflate."""
    if _blank.search(b",".join(request.values(EXTENSIONS))):
        yield causes.EXTENSION_BLANKED.as_certain_as(Certainty.VERY_LIKELY)


def incomplete(
    request: RequestHead, found: Reasons, _policy: Policy
) -> Iterator[Cause]:
    """Upgrade and Connection without key and version: the half that people copy.

    Or the half that a proxy adds to every request: no browser sends it by itself. Or
    all of it that the first draft had.
    """
    if found & _LOST or has_numbered_keys(request):
        return
    if not found >= _NEITHER:
        typed = found <= _OF_WHO_TYPES and is_tool(request)
        if typed and not is_behind_a_proxy(request):
            yield causes.HAND_MADE_HANDSHAKE.as_certain_as(Certainty.VERY_LIKELY)
        return
    kind, behind = client_of(request).kind, is_behind_a_proxy(request)
    if was_a_handshake(request):
        return
    if _is_hixie_75(request):
        yield causes.OLD_DRAFT.as_certain_as(Certainty.LIKELY)
        yield causes.HAND_MADE_HANDSHAKE.as_certain_as(Certainty.POSSIBLE)
        return
    if kind in {"browser", "health check"} or _is_ordinary(request):
        yield causes.UPGRADE_ON_EVERY_REQUEST.as_certain_as(Certainty.VERY_LIKELY)
        return
    by_hand = kind == "tool" and not behind
    yield causes.HAND_MADE_HANDSHAKE.as_certain_as(
        Certainty.VERY_LIKELY if by_hand else Certainty.LIKELY
    )
    if behind:
        yield causes.UPGRADE_ON_EVERY_REQUEST.as_certain_as(Certainty.POSSIBLE)


def was_a_handshake(request: RequestHead) -> bool:
    """Return whether a proxy had a handshake, whose key and version did not arrive.

    Extensions, a subprotocol or Sec-Fetch-Mode are those of a handshake; or the proxy
    is one that leaves them out.
    """
    if not is_behind_a_proxy(request) or client_of(request).kind == "tool":
        return False
    names = {name for name, _ in request.headers}
    if not _OF_HANDSHAKES.isdisjoint(names):
        return True
    proxy = proxy_of(request)
    dropped = proxy is not None and proxy.drops_key_by_default
    return dropped or request.tokens(b"sec-fetch-mode") == [b"websocket"]


def _is_hixie_75(request: RequestHead) -> bool:
    """Return whether these are the fields of draft-hixie-thewebsocketprotocol-75."""
    names = {name for name, _ in request.headers}
    written = request.values(UPGRADE) == [b"WebSocket"]
    return written and ORIGIN in names and names <= _OF_HIXIE_75


def _is_ordinary(request: RequestHead) -> bool:
    """Return whether a browser fetched it, or Socket.IO without a WebSocket."""
    modes = request.tokens(b"sec-fetch-mode")
    fetched = bool(modes) and modes != [b"websocket"]
    page = b"text/html" in request.tokens(b"accept")
    return fetched or page or _polling.search(request.target) is not None


def has_numbered_keys(request: RequestHead) -> bool:
    """Return whether the keys of hixie-76 are there."""
    return not NUMBERED.isdisjoint([name for name, _ in request.headers])


def _keys(request: RequestHead) -> list[bytes]:
    return elements(b",".join(request.values(KEY)))
