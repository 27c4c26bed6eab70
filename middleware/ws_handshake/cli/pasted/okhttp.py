"""Reads the log that OkHttp's HttpLoggingInterceptor writes, in Android and Java.

I/okhttp.OkHttpClient: --> GET https://chat.example.com/ws http/1.1
I/okhttp.OkHttpClient: Upgrade: websocket
I/okhttp.OkHttpClient: --> END GET
I/okhttp.OkHttpClient: <-- 403 Forbidden https://chat.example.com/ws (123ms)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ws_handshake.cli.pasted.text import find_heads
from ws_handshake.cli.pasted.wire import read_request
from ws_handshake.core.request import HOST

if TYPE_CHECKING:
    from ws_handshake.cli.pasted.request import PastedRequest

_sent = re.compile(
    rb"(?mi)--> ([A-Z]{3,20}) (?:https?|wss?)://[^\s/]++(/\S*+)?"
    rb"(?: http/1\.1)?[ \t\r]*$"
)
_received = re.compile(rb"(?m)<-- ([1-5][0-9]{2})\b")


def read_okhttp(text: bytes) -> list[PastedRequest]:
    """Return the requests in the log; an application's interceptor sees no Host."""
    if not _sent.search(text):
        return []
    heads = find_heads(_received.sub(rb"HTTP/1.1 \1", _sent.sub(_request_line, text)))
    return [
        read_request(head.head)._replace(
            server_status=head.status, left_out=frozenset([HOST])
        )
        for head in heads
    ]


def _request_line(sent: re.Match[bytes]) -> bytes:
    return b"%b %b HTTP/1.1" % (sent[1], sent[2] or b"/")
