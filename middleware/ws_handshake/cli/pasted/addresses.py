"""Reads what has an address and no request: an address alone, a program, nginx.conf."""

from __future__ import annotations

import re

from ws_handshake.cli.pasted.message import Message, lines_of, shown_url

_alone = re.compile(rb"(?i)\s*+(?:wss?|https?)://\S++\s*+")
_program = re.compile(
    r"\b(?:new WebSocket|websockets\.connect|create_connection|WebSocketApp|ws_connect"
    r"|WebSocketChannel\.connect|ConnectAsync|Dial(?:er)?\w*|connect_async|wscat|websocat)\b.*?"
    r"(wss?://[^\s'\"`<>)]+)"
)
_nginx = re.compile(r"^\s*(?:proxy_pass|proxy_set_header|proxy_http_version)\s")

_CHECK = "Probe it: that shows what the server, and each proxy, respond."
_COMPARE = (
    "The location needs proxy_http_version 1.1, Upgrade $http_upgrade and Connection "
    '"upgrade".'
)


def read_address(text: bytes) -> Message | None:
    """Return what to do with the address in `text`; None if there is none."""
    if _alone.fullmatch(text):
        what = "An address alone says nothing about the handshake."
        return Message(
            "an address", what, _CHECK, url=shown_url(text.decode("latin-1"))
        )
    for line in lines_of(text):
        program = _program.search(line)
        if program:
            what = "A program is no request: its library makes that."
            return Message("a program", what, _CHECK, url=shown_url(program[1]))
        if _nginx.search(line):
            what = "A configuration says what nginx should do, not what it did."
            return Message("nginx.conf", what, _COMPARE, "proxy_stripped_upgrade")
    return None
