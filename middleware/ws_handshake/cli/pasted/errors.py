"""Reads the error messages of clients and servers, of each of which one line suffices.

WebSocket connection to 'wss://a/ws' failed: Unexpected response code: 404
error: Unexpected server response: 403
... [error] 31#31: *7 upstream prematurely closed connection while reading ...
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ws_handshake.cli.pasted.message import Message, shown_url

_url = re.compile(r"(?i)\b(?:wss?|https?)://[^\s'\"<>(),]++")
_PROGRAM = "an error message of {}"
_LONGEST = 4096


class _Row(NamedTuple):
    """A program, how its message reads, and what that means."""

    program: str
    pattern: str
    what: str = ""
    fix: str = ""
    code: str = ""


def read_error(text: bytes) -> Message | None:
    """Return what the first known message in `text` means; None if there is none."""
    lines = [line[:_LONGEST] for line in text.decode("utf-8", "replace").split("\n")]
    for row, pattern in _ROWS:
        for line in lines:
            found = pattern.search(line)
            if found:
                return _message(row, found, line)
    return None


def _message(row: _Row, found: re.Match[str], line: str) -> Message:
    status = next((int(one) for one in found.groups() if one), None)
    address = _url.search(line)
    # nginx writes the address of the server behind it
    url = shown_url(address[0]) if address and row.program != "nginx" else ""
    kind = _PROGRAM.format(row.program)
    return Message(kind, row.what, row.fix, row.code, status, url)


_STRIPPED = "proxy_stripped_upgrade"
_FORWARD = "Let every proxy before it forward Upgrade and Connection."
_STATUS = r"\b([1-5][0-9]{2})\b"

_TABLE = (
    _Row(
        "uvicorn",
        r"No supported WebSocket library detected|Unsupported upgrade request",
        "uvicorn has no WebSocket library, and takes every handshake for a plain "
        "request.",
        "pip install 'uvicorn[standard]', and start it again.",
        "no_websocket_support",
    ),
    _Row(
        "uvicorn",
        r"Invalid HTTP request received",
        "uvicorn's HTTP parser rejected the request, and does not say why.",
        "Add ws_handshake to the application: the log then says why.",
        "head_malformed",
    ),
    _Row(
        "nginx",
        r"upstream prematurely closed connection while reading response header",
        "The server behind nginx closed the connection before it responded: it failed, "
        "was restarted, or expects TLS on this port.",
        "Read the log of the server behind nginx at this time, and probe it directly.",
        "no_response",
    ),
    _Row(
        "nginx",
        r"connect\(\) failed \(111: Connection refused\)|no live upstreams",
        "Nothing listens where nginx looks for the server behind it.",
        "Start that server, or correct the address in proxy_pass; in a container "
        "127.0.0.1 is the container itself.",
        "refused",
    ),
    _Row(
        "nginx",
        r"timed out \(110: .*?\) while proxying upgraded connection",
        "The WebSocket was open, and nothing came for proxy_read_timeout (60 seconds).",
        "Send pings more often than that (uvicorn: --ws-ping-interval 20), or set "
        "proxy_read_timeout higher.",
    ),
    _Row(
        "nginx",
        r"timed out \(110: .*?\) while (?:reading response header|connecting)",
        "The server behind nginx did not respond in time.",
        "Read the log of the server behind nginx, and probe it directly.",
        "no_response",
    ),
    _Row(
        "nginx",
        r"while proxying upgraded connection",
        "The WebSocket was open, and one side ended it: the handshake is not at fault.",
        "Read the log of the server behind nginx at this time.",
    ),
    _Row(
        "nginx",
        r"unknown \"connection_upgrade\" variable",
        "The map for $connection_upgrade is missing in http { }.",
        "In http { }: map $http_upgrade $connection_upgrade { default upgrade; '' "
        "close; }",
        _STRIPPED,
    ),
    _Row(
        "nginx",
        r"upstream sent (?:no valid|invalid)|SSL_do_handshake\(\) failed",
        "nginx and the server behind it speak different protocols on this port, such "
        "as TLS and plain HTTP.",
        "Use http:// or https:// in proxy_pass, as the server behind it speaks.",
    ),
    _Row(
        "nginx",
        r"client sent (?:invalid|duplicate) (?:header|host|\"Host\")",
        "nginx itself rejected the request: a header line is malformed or duplicated.",
        "Correct what the client sends.",
        "head_malformed",
    ),
    _Row("websocat", r"WebSocketError: Received unexpected status code \(" + _STATUS),
    _Row(
        "websocat",
        r"WebSocketError: (?:WebSocketError: )?Missing Upgrade header|InvalidResponse",
        "The response is not that of a WebSocket.",
        _FORWARD,
        "response_not_101",
    ),
    _Row(
        "a browser",
        r"(?:Unexpected response code|Unexpected HTTP status code): " + _STATUS,
    ),
    _Row(
        "a browser",
        r"Sent non-empty 'Sec-WebSocket-Protocol' header but no response",
        "The page asked for a subprotocol, and the server chose none; browsers close "
        "such a connection.",
        "Choose one when you accept: websocket.accept(subprotocol=...).",
        "subprotocol_not_chosen",
    ),
    _Row(
        "a browser",
        r"Incorrect 'Sec-WebSocket-Accept'|Invalid Sec-WebSocket-Accept",
        "Sec-WebSocket-Accept in the response is that of another key: something on the "
        "way makes a handshake of its own.",
        "Probe the server directly, then through each proxy.",
        "accept_wrong",
    ),
    _Row(
        "a browser",
        r"'(?:Upgrade|Connection)' header is missing"
        r"|Invalid (?:UTF-8|upgrade) (?:header|response)",
        "The response lacks Upgrade or Connection: a proxy took them out.",
        _FORWARD,
        _STRIPPED,
    ),
    _Row(
        "a browser",
        r"One or more reserved bits are on|Invalid frame header",
        "The handshake succeeded; then something that is no frame arrived, often "
        "because a proxy changes compressed messages.",
        "Try without compression: uvicorn --ws-per-message-deflate false.",
    ),
    _Row(
        "a browser",
        r"closed before receiving a handshake response"
        r"|was interrupted while the page was loading",
        "The connection ended before there was a response.",
        "Probe the server: it shows where the connection ends.",
        "closed_without_response",
    ),
    _Row(
        "a browser",
        r"WebSocket is closed before the connection is established",
        "The page itself closed the WebSocket before it was open, as React does in "
        "development, where it runs each effect twice.",
        "Close it only once it is open; the server is not at fault.",
    ),
    _Row(
        "a browser",
        r"net::ERR_CONNECTION_REFUSED",
        "Nothing listens on this port.",
        "Start the server, or correct the port.",
        "refused",
    ),
    _Row(
        "a browser",
        r"net::ERR_(?:CERT|SSL)\w*|net::ERR_TUNNEL_CONNECTION_FAILED",
        "There is no TLS connection: the certificate is not trusted, the port speaks "
        "plain HTTP, or a forward proxy does not let it through.",
        "Probe the server: it says which.",
    ),
    _Row(
        "a browser",
        r"net::ERR_NAME_NOT_RESOLVED",
        "The name of the host has no address.",
        "Correct the name.",
    ),
    _Row(
        "a browser",
        r"establish a connection to the server at (?:wss?)://"
        r"|There was a bad response from the server"
        r"|WebSocket connection to '[^']*' failed",
        "The browser did not get a valid response; it does not tell pages which.",
        "Look at the response in the network panel, or probe the server.",
        "browser_tab",
    ),
    _Row(
        "websockets",
        r"(?:server )?rejected WebSocket connection: HTTP " + _STATUS,
    ),
    _Row(
        "a WebSocket server",
        r"not using the websocket protocol: 'upgrade' token not found"
        r"|Connection header \\?\"[^\"]*\\?\" does not contain Upgrade"
        r"|[Ii]nvalid Connection header|missing Connection header",
        "The request arrived without Connection: Upgrade; a proxy took it out.",
        _FORWARD,
        _STRIPPED,
    ),
    _Row(
        "a WebSocket server",
        r"'websocket' token not found in 'Upgrade' header"
        r"|Upgrade header \\?\"[^\"]*\\?\" does not contain websocket"
        r"|[Ii]nvalid Upgrade header|missing Upgrade header"
        r"|Can \"Upgrade\" only to \"WebSocket\"",
        "The request arrived without Upgrade: websocket; a proxy took it out.",
        _FORWARD,
        _STRIPPED,
    ),
    _Row(
        "a WebSocket server",
        r"(?i)origin not allowed by Upgrader\.CheckOrigin"
        r"|request Origin \\?\"[^\"]*\\?\" is not authorized"
        r"|is not an accepted origin",
        "The server rejected the handshake because of its Origin.",
        "Allow the origin of the page in the server.",
        "origin_not_allowed",
    ),
    _Row(
        "a WebSocket server in Go",
        r"does not implement http\.Hijacker",
        "A middleware wraps Go's ResponseWriter, or the request came over HTTP/2: then "
        "there is no upgrade.",
        "Let the wrapper implement Hijack or Unwrap, or let the client offer only "
        "HTTP/1.1.",
        "http1_handshake_over_http2",
    ),
    _Row(
        "websockets",
        r"did not receive a valid HTTP response"
        r"|connection closed while reading HTTP (?:status|request) line",
        "The other side closed the connection, or does not speak HTTP on this port.",
        "Check the port, and ws:// against wss://.",
        "not_http",
    ),
    _Row("aiohttp", r"WSServerHandshakeError: " + _STATUS),
    _Row("websocket-client", r"Handshake status " + _STATUS),
    _Row("Node's ws", r"Unexpected server response: " + _STATUS),
    _Row(
        "coder/websocket in Go",
        r"expected handshake response status code 101 but got " + _STATUS,
    ),
    _Row(
        "gorilla/websocket in Go",
        r"websocket: bad handshake",
        "The response was not 101; Dial returns it beside the error, and its status "
        "says more.",
        "Print the status and the body of the response that Dial returns.",
        "response_not_101",
    ),
    _Row("OkHttp", r"Expected HTTP 101 response but was '" + _STATUS),
    _Row(
        "a Java client",
        r"(?:Response code was not 101|Invalid status code received"
        r"|Unexpected HTTP Response Status Code): " + _STATUS,
    ),
    _Row(".NET", r"returned status code '" + _STATUS + "' when status code '101'"),
    _Row(
        "tungstenite in Rust",
        r"(?:\bHTTP error: |Http\(Response \{ status: )" + _STATUS,
    ),
    _Row(
        "Dart",
        r"was not upgraded to websocket",
        "The response was not 101.",
        "Probe the server: it shows the response.",
        "response_not_101",
    ),
)
_ROWS = tuple((row, re.compile(row.pattern)) for row in _TABLE)
