"""A short cut for the handshake that every browser sends: sound at first sight.

It decides nothing that the rules would not: whatever it is not sure of goes to them,
and `tests/test_shortcut.py` proves that where it says yes, they find nothing. Clients
send the same names in the same order every time, so what the names alone tell is
remembered, for a bounded number of short heads.
"""

from __future__ import annotations

import re
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING

from ws_handshake import head as at
from ws_handshake.grammar import is_extension_list, is_token_list

if TYPE_CHECKING:
    from collections.abc import Callable

    from ws_handshake.head import RequestHead
    from ws_handshake.policy import Policy

    Values = tuple[bytes, ...]

_REQUIRED = (at.HOST, at.UPGRADE, at.CONNECTION, at.VERSION, at.KEY)
_OPTIONAL = (at.EXTENSIONS, at.PROTOCOL, at.ORIGIN)
_BODY = frozenset([at.CONTENT_LENGTH, at.TRANSFER_ENCODING])

_USUAL_UPGRADE = frozenset([b"websocket", b"WebSocket"])
_USUAL_CONNECTION = frozenset([b"Upgrade", b"upgrade", b"keep-alive, Upgrade"])
_USUAL_EXTENSIONS = frozenset(
    [b"permessage-deflate; client_max_window_bits", b"permessage-deflate"]
)
_usual_host = re.compile(rb"[A-Za-z0-9.\-]{1,200}(?::[0-9]{1,4})?").fullmatch
_usual_key = re.compile(rb"[A-Za-z0-9+/]{22}==").fullmatch

# What stands for an optional field that is not there; compared with `is`.
_ABSENT = b"absent"
_BEHIND = (_ABSENT,)

# The five that are required. A head with more lines or bytes than these is no usual
# one, and to look at it twice would cost too much. One with less than the limit of a
# line has no longer line in it: the other required fields outweigh a line's frame.
_FEWEST = 5
_MOST = 128
_SHORT = 8192


def key_at_first_sight(head: RequestHead, policy: Policy) -> bytes | None:
    """Return the key of a request that no rule has anything to say about, else None."""
    method, http_version, sent, target, _, _ = head
    if (
        method != "GET"
        or http_version != "1.1"
        or not _FEWEST <= len(sent) <= _MOST <= policy.limits.lines
    ):
        return None
    names, values = zip(*sent)  # noqa: B905  (pairs; strict= costs 200 ns)
    size = len(b"".join(names + values)) + len(target)
    if (
        not size <= _SHORT <= policy.limits.line_bytes
        or (fields := _layout(names)) is None
    ):
        return None
    host, upgrade, connection, version, key, extensions, offered, origin = fields(
        values + _BEHIND
    )
    sound = (
        upgrade in _USUAL_UPGRADE
        and connection in _USUAL_CONNECTION
        and version == b"13"
        and _usual_key(key)
        and _usual_host(host)
        and (
            extensions is _ABSENT
            or extensions in _USUAL_EXTENSIONS
            or is_extension_list(extensions)
        )
        and (offered is _ABSENT or is_token_list(offered))
        and policy.allowed_origins is None
        and (policy.allow_missing_origin if origin is _ABSENT else b"," not in origin)
    )
    return key if sound else None


@lru_cache(maxsize=256)
def _layout(names: tuple[bytes, ...]) -> Callable[[Values], Values] | None:
    """Return what takes the fields out of the values; None if the names are unusual.

    An optional field that is not there is the one behind the last value.
    """
    places = {name: place for place, name in enumerate(names)}
    usual = (
        len(places) == len(names)
        and b"".join(names).islower()
        and _BODY.isdisjoint(places)
        and places.keys() >= set(_REQUIRED)
    )
    wanted = (*_REQUIRED, *_OPTIONAL)
    return itemgetter(*(places.get(name, -1) for name in wanted)) if usual else None
