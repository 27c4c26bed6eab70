"""What the error messages of clients mean: libraries for Python and Node, and tools."""

from __future__ import annotations

from ws_handshake.cli.pasted.message import Row

_FORWARD = "Let every proxy before the server forward Upgrade and Connection."
_STATUS = r"\b([1-5][0-9]{2})\b"

_UNKNOWN = (
    "The WebSocket did not open; the client does not say which response came.",
    "Look at the response in the network panel, or probe the server.",
)

CLIENTS = (
    Row(
        "aiohttp",
        r"WSServerHandshakeError: 101, message='Invalid challenge",
        "Sec-WebSocket-Accept in the response is that of another key: something on the "
        "way makes a handshake of its own.",
        "Probe the server directly, then through each proxy.",
        "accept_wrong",
    ),
    Row(
        "aiohttp",
        r"WSServerHandshakeError: 101, message='Invalid (?:upgrade|connection)",
        "The response lacks Upgrade or Connection: a proxy took them out.",
        _FORWARD,
        "proxy_stripped_upgrade",
    ),
    Row(
        "a client",
        r"(?:CONNECT tunnel failed, response|proxy rejected connection: HTTP"
        r"|failed CONNECT via proxy status:|Tunnel connection failed:) [1-5][0-9]{2}",
        "A forward proxy on the client's side does not let the connection through; the "
        "server was not asked.",
        "Let the proxy allow CONNECT to this host and port, or go around it.",
    ),
    Row("curl", r"WebSockets? upgrade: " + _STATUS),
    Row(
        "curl",
        r"HTTP_1_1_REQUIRED",
        "The server speaks HTTP/2 there, and wants HTTP/1.1 for this request.",
        "Add --http1.1.",
        "http2_chosen",
    ),
    Row(
        "a client",
        r"curl: \(52\)|socket hang up|ECONNRESET|[Cc]onnection reset by peer"
        r"|Remote end closed connection without response",
        "The connection ended before there was a response.",
        "Probe the server: it shows where the connection ends.",
        "closed_without_response",
    ),
    Row("websockets", r"Status code not 101: " + _STATUS),
    Row("WebSocket-Node", r"responded with a non-101 status: " + _STATUS),
    Row("undici in Node.js", r"network error or non-101 status code", *_UNKNOWN),
    Row("python-socketio", r"Unexpected status code " + _STATUS),
    Row("httpx-ws", r"WebSocketUpgradeError: <Response \[" + _STATUS),
    Row(
        "Node's ws",
        r"Server sent no subprotocol",
        "The client asked for a subprotocol, and the server chose none.",
        "Choose one when you accept: websocket.accept(subprotocol=...).",
        "subprotocol_not_chosen",
    ),
    Row(
        "a client",
        r"missing Sec-WebSocket-Accept header|Invalid WebSocket Header",
        "The response is 101, but not that of a WebSocket server.",
        "Probe the server directly, then through each proxy.",
        "accept_missing",
    ),
    Row(
        "websocat",
        r"WebSocketError: I/O failure",
        "The connection failed before the handshake.",
        "Probe the server: it shows where the connection ends.",
    ),
    Row("websocat", r"WebSocketError: Received unexpected status code \(" + _STATUS),
    Row(
        "websocat",
        r"WebSocketError: (?:WebSocketError: )?Missing Upgrade header|InvalidResponse",
        "The response is not that of a WebSocket.",
        _FORWARD,
        "response_not_101",
    ),
    Row(
        "websockets",
        r"(?:server )?rejected WebSocket connection: HTTP " + _STATUS,
    ),
    Row(
        "websockets",
        r"did not receive a valid HTTP re(?:sponse|quest)|Parse Error: Expected HTTP"
        r"|connection closed while reading HTTP (?:status|request) line",
        "The other side closed the connection, or does not speak HTTP on this port.",
        "Check the port, and ws:// against wss://.",
        "response_malformed",
    ),
    Row(
        "a client",
        r"ECONNREFUSED|target machine actively"
        r"|ConnectionRefusedError|[Cc]onnection refused"
        r"|Connect call failed|java\.net\.ConnectException",
        "Nothing listens on this address.",
        "Start the server, or correct host and port.",
        "connection_refused",
    ),
    Row(
        "a client",
        r"[Oo]pening handshake has timed out|timed out during opening handshake",
        "The server, or a proxy before it, did not respond to the handshake.",
        "Probe the server directly, then through each proxy.",
        "no_response",
    ),
    Row(
        "a client",
        r"wrong version number|WRONG_VERSION_NUMBER|record layer failure"
        r"|first record does not look like a TLS handshake"
        r"|disconnected before secure TLS connection was established",
        "The client speaks TLS, and the port does not.",
        "Use ws:// instead of wss://, or the port that speaks TLS.",
        "tls_on_plain_port",
    ),
    Row(
        "a client",
        r"CERTIFICATE_VERIFY_FAILED|self[- ]signed certificate"
        r"|unable to (?:get|verify)[ \w]*certificate|PKIX path building failed"
        r"|x509: certificate",
        "The client does not trust the certificate of the server.",
        "Send the whole chain, or give the client the authority that signed it.",
        "certificate_untrusted",
    ),
    Row(
        "a client",
        r"ENOTFOUND|getaddrinfo failed|Failed host lookup|no such host"
        r"|Name or service not known",
        "The name of the host has no address.",
        "Correct the name.",
        "name_unknown",
    ),
    Row("aiohttp", r"WSServerHandshakeError: " + _STATUS),
    Row("websocket-client", r"Handshake status " + _STATUS),
    Row("Node's ws", r"Unexpected server response: " + _STATUS),
    Row(
        "curl",
        r"Protocol \"?wss?\"? (?:not supported|is not supported)",
        "This curl does not speak WebSocket: that needs version 8.11 or later.",
        "Try the handshake with ws-handshake probe.",
    ),
    Row(
        "SignalR",
        r"Failed to start the transport 'WebSockets'|a SignalR endpoint",
        "The WebSocket of SignalR did not open; it does not say which response came.",
        "Look at the response in the network panel; let each proxy forward Upgrade and "
        "Connection, and send a client to one server only.",
    ),
    Row(
        "socket.io",
        r"websocket error|xhr poll error|WebSocket connection error",
        *_UNKNOWN,
    ),
    Row(
        "a WebSocket",
        r"no close frame received|close 1006|code:? 1006",
        "There was no close frame: the handshake failed, or the connection broke after "
        "it.",
        "Look at the response in the network panel, or probe the server.",
    ),
    Row(
        "a WebSocket",
        r"ConnectionClosed(?:Error|OK)",
        "The handshake succeeded; the connection was closed later.",
        "Read the code and the reason of the close frame, and the server's log.",
    ),
)
