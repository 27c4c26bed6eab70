"""The page about failures says of each line what `ws-handshake explain` says of it."""

from __future__ import annotations

import re

import pytest

from tests.support.docs_examples import DOCS, renewed
from ws_handshake.cli.explain.meaning import meaning_of_message
from ws_handshake.cli.explain.pages import entries_of
from ws_handshake.cli.pasted.access import read_access
from ws_handshake.cli.pasted.errors import read_error

PAGE = DOCS / "why_it_fails.md"
BEGIN, END = "<!-- lines: begin -->\n", "<!-- lines: end -->\n"

#: What people have in front of them, and search for.
LINES = (
    "WebSocket connection to 'wss://chat.example.com/ws' failed:",
    "Error during WebSocket handshake: Unexpected response code: 404",
    "WebSocket is closed before the connection is established.",
    "Firefox can\u2019t establish a connection to the server at wss://chat.example.com/ws.",
    "There was a bad response from the server.",
    "Sent non-empty 'Sec-WebSocket-Protocol' header but no response was received",
    "Invalid frame header",
    "error: Unexpected server response: 404",
    "InvalidStatus: server rejected WebSocket connection: HTTP 403",
    "InvalidMessage: did not receive a valid HTTP response",
    "WSServerHandshakeError: 400, message='Invalid response status'",
    "WebSocketBadStatusException: Handshake status 404 Not Found",
    "websocket: bad handshake",
    "[vite] failed to connect to websocket",
    '127.0.0.1:50000 - "GET /ws HTTP/1.0" 404 Not Found',
    '"WebSocket /ws" 403',
    "Unsupported upgrade request.",
    "No supported WebSocket library detected.",
    "Invalid HTTP request received.",
    "upstream prematurely closed connection while reading response header",
    'unknown "connection_upgrade" variable',
)
_PLACES = {
    "reason": "[{0}](reasons/{0}.md)",
    "cause": "[{0}](causes/{0}.md)",
    "failure": "[{0}](cli.md#what-it-can-find)",
    "warning": "[{0}](logs.md#warnings)",
}
_BY_STATUS = "The server responded so. [The status](#by-what-you-see)"
_BY_PROBE = "[Three steps](#three-steps)"


def test_each_line_means_on_the_page_what_the_command_prints() -> None:
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    wanted = f"{before}{BEGIN}{_drawn()}{END}{rest.partition(END)[2]}"
    assert renewed(PAGE, text, wanted) == wanted, "RENEW=1 writes it anew"


@pytest.mark.parametrize("line", LINES)
def test_each_line_leads_somewhere(line: str) -> None:
    _, means = _row(line)
    assert re.search(r"\S\. \[[^]]+\]\([^)]+\)$", means)


def _drawn() -> str:
    """Write the lines that mean the same in one row."""
    alike: dict[str, list[str]] = {}
    for line, means in map(_row, LINES):
        alike.setdefault(means, []).append(line)
    rows = [["the line", "what it means, and where to look"], ["---"] * 2]
    rows += [["; ".join(lines), means] for means, lines in alike.items()]
    lines = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"\n{lines}\n\n"


def _row(line: str) -> list[str]:
    pasted = line.encode("utf-8")
    message = read_error(pasted) or read_access(pasted)
    assert message is not None
    if message.status and not message.what:
        return [f"`{line}`", _BY_STATUS]
    place = _BY_PROBE
    if message.code:
        kind = entries_of(message.code)[0].kind
        place = _PLACES[kind].format(message.code)
    return [f"`{line}`", f"{meaning_of_message(message).what} {place}"]
