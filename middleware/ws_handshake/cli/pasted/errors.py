"""Reads the error messages of clients and servers, of each of which one line suffices.

WebSocket connection to 'wss://a/ws' failed: Unexpected response code: 404
error: Unexpected server response: 403
... [error] 31#31: *7 upstream prematurely closed connection while reading ...
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ws_handshake.cli.pasted.errors_of_browsers import BROWSERS
from ws_handshake.cli.pasted.errors_of_clients import CLIENTS
from ws_handshake.cli.pasted.errors_of_platforms import PLATFORMS
from ws_handshake.cli.pasted.errors_of_proxies import PROXIES
from ws_handshake.cli.pasted.errors_of_servers import SERVERS
from ws_handshake.cli.pasted.message import Message, lines_of, shown_url

if TYPE_CHECKING:
    from ws_handshake.cli.pasted.message import Row

# The page's address may stand in front of that of its WebSocket.
_urls = [
    re.compile(r"(?i)\b" + scheme + r"://[^\s'\"<>(),]++")
    for scheme in ("wss?", "https?")
]
_PROGRAM = "an error message of {}"


def read_error(text: bytes) -> Message | None:
    """Return what the first known message in `text` means; None if there is none."""
    lines = lines_of(text)
    for row, pattern in _ROWS:
        for line in lines:
            found = pattern.search(line)
            if found:
                return _message(row, found, [line, *lines])
    return None


def _message(row: Row, found: re.Match[str], lines: list[str]) -> Message:
    """Return the message; a terminal may have wrapped the address to another line."""
    status = next((int(one) for one in found.groups() if one), None)
    found_urls = (url.search(line) for url in _urls for line in lines)
    address = next(filter(None, found_urls), None)
    # proxies write the address of the server behind them, others that of the page
    names_server = row not in PROXIES and row.code != "origin_not_allowed"
    url = shown_url(address[0].rstrip(".")) if address and names_server else ""
    kind = _PROGRAM.format(row.program)
    return Message(kind, row.what, row.fix, row.code, status, url)


_ALL = (*PROXIES, *SERVERS, *PLATFORMS, *BROWSERS, *CLIENTS)
_ROWS = tuple((row, re.compile(row.pattern)) for row in _ALL)
