"""Reads a rejection by ws_handshake: the body or a header of the response, or the log.

{"title": "...", "status": 426, "violations": [{"code": "upgrade_missing", ...}]}
websocket-handshake-error: upgrade_missing, connection_not_upgrade
"""

from __future__ import annotations

import re

from ws_handshake.cli.pasted.message import Message
from ws_handshake.core.reasons import BY_CODE

_mark = re.compile(rb"(?i)\"violations\" ?: ?\[|websocket[.-]handshake[.-]")
_code = re.compile(rb"[a-z0-9]{2,20}(?:_[a-z0-9]{1,20}){1,4}+")
_MOST = 65_536


def read_rejection(text: bytes) -> Message | None:
    """Return the first reason in a rejection by ws_handshake; None if it is none."""
    mark = _mark.search(text, 0, _MOST)
    if mark is None:
        return None
    words = (word[0].decode() for word in _code.finditer(text[:_MOST], mark.start()))
    reason = next(filter(None, map(BY_CODE.get, words)), None)
    if reason is None:
        return None
    return Message("a rejection by ws_handshake", reason.what, reason.fix, reason.code)
