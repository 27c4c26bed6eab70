"""Reads a line of an access log: of uvicorn, nginx, Apache, HAProxy and others.

INFO:     172.18.0.1:52622 - "GET /ws HTTP/1.0" 404 Not Found
INFO:     ('172.18.0.1', 52622) - "WebSocket /ws/" 403
203.0.113.7 - - [28/Apr/2015:06:13:44 +0000] "GET /ws HTTP/1.1" 400 12 "-" "..."
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from ws_handshake.cli.pasted.access_of_platforms import (
    ACCEPTED,
    PLATFORMS,
    by_status,
)
from ws_handshake.cli.pasted.message import Message, lines_of

if TYPE_CHECKING:
    from collections.abc import Callable

UVICORN = "an access log line of uvicorn"
WEB_SERVER = "an access log line of nginx, Apache or another"
CHANNELS = "a log line of Channels"
HAPROXY = "a log line of HAProxy"

_REQUEST = r'"(?:GET|POST|HEAD|CONNECT) [^"\n]* HTTP/([0-9](?:\.[0-9])?)"'
_websocket = re.compile(r'"WebSocket [^"\n]*" (\[accepted\]|[1-5][0-9]{2})')
_rejected = re.compile(r"connection rejected \(([1-5][0-9]{2}) ")
_uvicorn = re.compile(r" - " + _REQUEST + r" ([1-5][0-9]{2})\b(?! +[0-9-]+ )")
_hypercorn = re.compile(r'"(?:GET|POST) [^"\n]* (?:1\.[01]|2)" ([1-5][0-9]{2}) ')
_tornado = re.compile(r"\b([1-5][0-9]{2}) (?:GET|POST) /\S* \(")
_express = re.compile(r"^ *(?:GET|POST) \S+ ([1-5][0-9]{2}) (?:in )?[0-9.]+ ?ms\b")
_channels = re.compile(r"\"WS(REJECT|CONNECT) |WebSocket (REJECT|CONNECT) /")
_handshaking = re.compile(r"WebSocket HANDSHAKING /")
_badreq = re.compile(r"\"<BADREQ>\"")
_response = re.compile(r"\bHTTP/[0-9](?:\.[0-9])? ([1-5][0-9]{2})\b")
_browser = re.compile(r"\b(?:GET|POST) https?://\S+ ([1-5][0-9]{2})\b")
_web_server = re.compile(_REQUEST + r" ([1-5][0-9]{2}) +[0-9-]+")
_haproxy = re.compile(
    r"(?<![0-9])(?:-?[0-9]++/){4}\+?-?[0-9]+ (-1|[1-5][0-9]{2}) \+?[0-9]+ .*" + _REQUEST
)

_CLOSED = (
    "The application rejected the handshake: it closed the connection before it "
    "accepted it, or has no route for this path."
)
_CHECK_ROUTE = "Check the path and its trailing slash, then Origin and credentials."
_UNANSWERED = "The application neither accepted nor rejected the handshake."
_BADREQ = "HAProxy rejected the request itself: it is malformed, or is no HTTP."
_STRIPPED_10 = (
    "If this is the handshake, it arrived as a plain request over HTTP/1.0: a proxy "
    "before uvicorn, such as nginx, took Upgrade and Connection out."
)
_STRIPPED_11 = (
    "If this is the handshake, it arrived as a plain request: Upgrade or Connection "
    "was missing, or uvicorn has no WebSocket library. It logs handshakes as WebSocket."
)
_TAKEN_FOR_PLAIN = (
    "If this is the handshake, it was taken for a plain request: Upgrade or Connection "
    "was missing, or the server has no WebSocket on this path."
)
_FORWARD = "Let every proxy forward Upgrade and Connection, and check the path."
_NO_HEADERS = (
    "An access log has no headers. To see what arrived, write $http_upgrade and "
    "$http_connection into nginx's log_format, or probe the server."
)


def read_access(text: bytes) -> Message | None:
    """Return what the first access log line in `text` means; None if there is none."""
    lines = lines_of(text)
    for pattern, read in _FORMS:
        found = next(filter(None, map(pattern.search, lines)), None)
        if found:
            return read(*found.groups())
    return None


def _of_websocket(status: str) -> Message:
    if status == "[accepted]":
        return Message(UVICORN, ACCEPTED, status=HTTPStatus.SWITCHING_PROTOCOLS)
    return Message(UVICORN, _CLOSED, _CHECK_ROUTE, "denied_by_app", int(status))


def _of_uvicorn(version: str, status: str) -> Message:
    if version == "1.0":
        fix = "nginx: proxy_http_version 1.1; and pass on Upgrade and Connection."
        return Message(
            UVICORN, _STRIPPED_10, fix, "proxy_stripped_upgrade", int(status)
        )
    fix = (
        "Let every proxy forward Upgrade and Connection; pip install "
        "'uvicorn[standard]'."
    )
    return Message(UVICORN, _STRIPPED_11, fix, "proxy_stripped_upgrade", int(status))


def _of_web_server(_version: str, status: str) -> Message:
    if int(status) == HTTPStatus.SWITCHING_PROTOCOLS:
        return Message(WEB_SERVER, ACCEPTED, status=int(status))
    return Message(WEB_SERVER, fix=_NO_HEADERS, status=int(status))


def _of_express(status: str) -> Message:
    return Message(
        "a log line of Express", _TAKEN_FOR_PLAIN, _FORWARD, status=int(status)
    )


def _of_channels(*words: str | None) -> Message:
    if "CONNECT" in words:
        return Message(CHANNELS, ACCEPTED, status=HTTPStatus.SWITCHING_PROTOCOLS)
    return Message(CHANNELS, _CLOSED, _CHECK_ROUTE, "denied_by_app")


def _of_handshaking() -> Message:
    fix = "Read the server's log: a consumer that waits, or fails, before accept()."
    return Message(CHANNELS, _UNANSWERED, fix, "app_did_not_respond")


def _of_badreq() -> Message:
    fix = "`show errors` on its socket shows the request; ws:// against wss://?"
    return Message(HAPROXY, _BADREQ, fix, "head_malformed")


def _of_haproxy(status: str, _version: str) -> Message:
    if status == "-1":
        what = "The connection ended before there was a response."
        return Message(HAPROXY, what, "Probe the server.", "closed_without_response")
    if int(status) == HTTPStatus.SWITCHING_PROTOCOLS:
        return Message(HAPROXY, ACCEPTED, status=int(status))
    return Message(HAPROXY, status=int(status))


_FORMS: tuple[tuple[re.Pattern[str], Callable[..., Message]], ...] = (
    (_websocket, _of_websocket),
    *PLATFORMS,
    (_channels, _of_channels),
    (_handshaking, _of_handshaking),
    (_badreq, _of_badreq),
    (_rejected, _of_websocket),
    (_haproxy, _of_haproxy),
    (_uvicorn, _of_uvicorn),
    (_web_server, _of_web_server),
    (_hypercorn, by_status("an access log line of Hypercorn")),
    (_tornado, by_status("an access log line of Tornado")),
    (_express, _of_express),
    (_browser, by_status("a line of a browser's console")),
    (_response, by_status("a response")),
)
