"""Rewrites traces in which a request has another shape, so that `text` finds it.

OkHttp's HttpLoggingInterceptor, in Android and Java, has an address in its first line,
ngrep breaks lines where its window ends, with dots for CR and LF, and websockets before
version 9 wrote the fields of a request in one line:

I/okhttp.OkHttpClient: --> GET https://chat.example.com/ws http/1.1
I/okhttp.OkHttpClient: Upgrade: websocket
I/okhttp.OkHttpClient: <-- 403 Forbidden https://chat.example.com/ws (123ms)

T 192.0.2.7:51234 -> 192.0.2.30:8000 [AP] #4
  GET /ws HTTP/1.0..Host: chat.example.com..Connection: close..Sec-WebSocket-K
  ey: dGhlIHNhbXBsZSBub25jZQ==..Sec-WebSocket-Version: 13....

DEBUG:websockets.protocol:client > GET /ws HTTP/1.1
DEBUG:websockets.protocol:client > Headers([('Host', 'a'), ('Upgrade', 'websocket')])
"""

from __future__ import annotations

import re

_sent = re.compile(
    rb"(?mi)--> ([A-Z]{3,20}) (?:https?|wss?)://[^\s/]++(/\S*+)?"
    rb"(?: http/1\.1)?[ \t\r]*$"
)
_received = re.compile(rb"(?m)<-- ([1-5][0-9]{2})\b")
_packet = re.compile(
    rb"(?m)^[ \t]*+[TU] (?:\S++ )?\S++ -> \S++ \[[A-Z]++\](?: #\d++)?[ \t\r]*\n"
    rb"((?:[ \t]++\S.*\n?)++)"
)
_in_one_line = re.compile(rb"(?m)^(.{0,200}?[<>] )Headers\(\[\(([^\n]*+)$")
_between = re.compile(rb"(?<=['\"])\), \((?=['\"])")
_pair = re.compile(rb"(['\"])([\w-]++)\1, (['\"])(.*)\3")
_line_end = re.compile(rb"\.\.(?=[\w-]++:|\.\.|[ \t]*+\Z)")


def is_okhttp(text: bytes) -> bool:
    """Return whether there is the first line of a request in OkHttp's log."""
    return _sent.search(text) is not None


def of_okhttp(text: bytes) -> bytes:
    """Return the log with the lines that a request and a response begin with."""
    return _received.sub(rb"HTTP/1.1 \1", _sent.sub(_request_line, text))


def of_ngrep(text: bytes) -> bytes:
    """Return the text with the packets that ngrep shows as they were sent."""
    return _packet.sub(_unfolded, text)


def of_websockets(text: bytes) -> bytes:
    """Return the log with each field of websockets' `Headers` in a line of its own."""
    return _in_one_line.sub(_in_lines, text)


def _in_lines(logged: re.Match[bytes]) -> bytes:
    pairs = map(
        _pair.fullmatch, _between.split(logged[2].rstrip().removesuffix(b")])"))
    )
    return b"\n".join(
        logged[1] + b"%b: %b" % pair.group(2, 4) for pair in pairs if pair
    )


def _request_line(sent: re.Match[bytes]) -> bytes:
    return b"%b %b HTTP/1.1" % (sent[1], sent[2] or b"/")


def _unfolded(packet: re.Match[bytes]) -> bytes:
    """Join the lines of a packet; each but the last is as wide as the widest.

    A copy may have lost the white space at its end.
    """
    lines = [line.rstrip(b" \t\r") for line in packet[1].split(b"\n")]
    margin = min(len(line) - len(line.lstrip(b" \t")) for line in lines if line)
    width = max(map(len, lines))
    joined = b"".join(line.ljust(width)[margin:] for line in lines if line)
    return _line_end.sub(b"\n", joined.rstrip()) + b"\n"
