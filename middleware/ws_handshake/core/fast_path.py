"""Recognises a plainly valid handshake in one pass; the rules judge everything else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ws_handshake.core.authority import HOST_LIMIT
from ws_handshake.core.grammar import is_field_value
from ws_handshake.core.request import (
    CONNECTION,
    CONTENT_LENGTH,
    EXTENSIONS,
    HOST,
    KEY,
    ORIGIN,
    PROTOCOL,
    TRANSFER_ENCODING,
    UPGRADE,
    VERSION,
)

if TYPE_CHECKING:
    from ws_handshake.core.policy import Policy
    from ws_handshake.core.request import RequestHead

_UPGRADES = frozenset([b"websocket", b"WebSocket"])
_CONNECTIONS = frozenset([b"Upgrade", b"upgrade", b"keep-alive, Upgrade"])
_DEFLATE = b"permessage-deflate"
_OFFERS = frozenset([None, _DEFLATE, _DEFLATE + b"; client_max_window_bits"])
_is_key = re.compile(rb"[A-Za-z0-9+/]{22}==").fullmatch
# without "--", with which IDNA marks the names that not every implementation reads
_HOST = rb"[A-Za-z0-9_.]++(?:-[A-Za-z0-9_.]++)*+(?::[1-5]?[0-9]{1,4})?"
_is_host = re.compile(_HOST).fullmatch
_are_names = re.compile(rb"[A-Za-z0-9_.-]++(?:, ?[A-Za-z0-9_.-]++)*+").fullmatch
# to look for a number among bytes takes a quarter of the time
_HASH, _COMMA = b"#,"
# "GET " and " HTTP/1.1" with CRLF around a target; around a field stands less
_FRAME = 15


def plainly_valid_key(request: RequestHead, policy: Policy) -> bytes | None:
    """Return the key of a plainly valid handshake; None says nothing of any other."""
    method, version, lines, target, _, upgraded = request
    fields, limits = dict(lines), policy.limits
    value = fields.get
    key, host, origin = value(KEY, b""), value(HOST, b""), value(ORIGIN)
    offered = value(PROTOCOL)
    if not (
        _is_key(key)
        and value(UPGRADE) in _UPGRADES
        and value(CONNECTION) in _CONNECTIONS
        and value(VERSION) == b"13"
        and value(EXTENSIONS) in _OFFERS
        and (_is_host(host) and len(host) <= HOST_LIMIT)
        and (offered is None or _are_names(offered))
        and (origin is not None or policy.allow_missing_origin)
        and (origin is None or policy.allowed_origins is None)
        and (origin is None or _COMMA not in origin)
        and not (CONTENT_LENGTH in fields or TRANSFER_ENCODING in fields)
        and (method == "GET" and version == "1.1" and _HASH not in target)
        and (target[:1] == b"/" or (upgraded and not target))  # it may have none
        and len(fields) == len(lines) <= limits.lines
    ):
        return None
    names, values = b"".join(fields), b"".join(fields.values())
    size = len(target) + len(names) + len(values)
    if size + _FRAME > limits.line_bytes:
        size = max(len(target), *[len(n) + len(v) for n, v in lines])
    fits = size + _FRAME <= limits.line_bytes
    return key if fits and names.islower() and is_field_value(values) else None
