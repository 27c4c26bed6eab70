"""Reads a request that a browser copied "as fetch", for the console or for Node.js.

fetch("wss://chat.example.com/ws", {
  "headers": {"sec-websocket-key": "...", "sec-websocket-version": "13"},
  "method": "GET"
});
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ws_handshake.cli.pasted.objects import read_members
from ws_handshake.core.request import CONNECTION, HOST, UPGRADE

if TYPE_CHECKING:
    from ws_handshake.cli.pasted.request import PastedRequest

_CALL = re.compile(rb"\bfetch\(\s*(\"[^\"\n]*+\"|'[^'\n]*+')\s*,")

LEFT_OUT = (
    'A browser\'s "Copy as fetch" leaves Upgrade, Connection, Host and cookies out by '
    'itself: that they are missing here shows nothing. To see what was sent, use "Copy '
    'as cURL", or save a HAR file.'
)


def is_fetch(text: bytes) -> bool:
    """Return whether fetch() is called with an address and options."""
    return _CALL.search(text) is not None


def read_fetch(text: bytes) -> PastedRequest:
    """Return the request from which this call was copied."""
    call = _CALL.search(text)
    url, options = (call[1][1:-1], text[call.end() :]) if call else (b"", b"")
    pasted = read_members(options, url.decode("latin-1"))
    return pasted._replace(
        notes=(LEFT_OUT,), left_out=frozenset([HOST, UPGRADE, CONNECTION])
    )
