"""What the error messages of clients mean: browsers, libraries and tools."""

from __future__ import annotations

from ws_handshake.cli.pasted.message import Row

_FORWARD = "Let every proxy before the server forward Upgrade and Connection."
_STATUS = r"\b([1-5][0-9]{2})\b"

CLIENTS = (
    Row("websocat", r"WebSocketError: Received unexpected status code \(" + _STATUS),
    Row(
        "websocat",
        r"WebSocketError: (?:WebSocketError: )?Missing Upgrade header|InvalidResponse",
        "The response is not that of a WebSocket.",
        _FORWARD,
        "response_not_101",
    ),
    Row(
        "a browser",
        r"(?:Unexpected response code|Unexpected HTTP status code): " + _STATUS,
    ),
    Row(
        "a browser",
        r"Sent non-empty 'Sec-WebSocket-Protocol' header but no response",
        "The page asked for a subprotocol, and the server chose none; browsers close "
        "such a connection.",
        "Choose one when you accept: websocket.accept(subprotocol=...).",
        "subprotocol_not_chosen",
    ),
    Row(
        "a browser",
        r"Incorrect 'Sec-WebSocket-Accept'|Invalid Sec-WebSocket-Accept",
        "Sec-WebSocket-Accept in the response is that of another key: something on the "
        "way makes a handshake of its own.",
        "Probe the server directly, then through each proxy.",
        "accept_wrong",
    ),
    Row(
        "a browser",
        r"'(?:Upgrade|Connection)' header is missing"
        r"|Invalid (?:UTF-8|upgrade) (?:header|response)",
        "The response lacks Upgrade or Connection: a proxy took them out.",
        _FORWARD,
        "proxy_stripped_upgrade",
    ),
    Row(
        "a browser",
        r"One or more reserved bits are on|Invalid frame header",
        "The handshake succeeded; then something that is no frame arrived, often "
        "because a proxy changes compressed messages.",
        "Try without compression: uvicorn --ws-per-message-deflate false.",
    ),
    Row(
        "a browser",
        r"closed before receiving a handshake response"
        r"|was interrupted while the page was loading",
        "The connection ended before there was a response.",
        "Probe the server: it shows where the connection ends.",
        "closed_without_response",
    ),
    Row(
        "a browser",
        r"WebSocket is closed before the connection is established",
        "The page itself closed the WebSocket before it was open, as React does in "
        "development, where it runs each effect twice.",
        "Close it only once it is open; the server is not at fault.",
    ),
    Row(
        "a browser",
        r"net::ERR_CONNECTION_REFUSED",
        "Nothing listens on this port.",
        "Start the server, or correct the port.",
        "connection_refused",
    ),
    Row(
        "a browser",
        r"net::ERR_(?:CERT|SSL)\w*|net::ERR_TUNNEL_CONNECTION_FAILED",
        "There is no TLS connection: the certificate is not trusted, the port speaks "
        "plain HTTP, or a forward proxy does not let it through.",
        "Probe the server: it says which.",
    ),
    Row(
        "a browser",
        r"net::ERR_UNSAFE_PORT",
        "Browsers open no connection to this port: it belongs to another protocol.",
        "Let the server listen on another one, such as 8000.",
    ),
    Row(
        "a browser",
        r"net::ERR_NAME_NOT_RESOLVED",
        "The name of the host has no address.",
        "Correct the name.",
        "name_unknown",
    ),
    Row(
        "a browser",
        r"establish a connection to the server at (?:wss?)://"
        r"|There was a bad response from the server"
        r"|NS_ERROR_WEBSOCKET_CONNECTION_REFUSED"
        r"|WebSocket connection to '[^']*' failed",
        "The browser did not get a valid response, and does not say which it got.",
        "Look at the response in the network panel, or probe the server.",
    ),
    Row(
        "websockets",
        r"(?:server )?rejected WebSocket connection: HTTP " + _STATUS,
    ),
    Row(
        "websockets",
        r"did not receive a valid HTTP re(?:sponse|quest)"
        r"|connection closed while reading HTTP (?:status|request) line",
        "The other side closed the connection, or does not speak HTTP on this port.",
        "Check the port, and ws:// against wss://.",
        "response_malformed",
    ),
    Row(
        "a client",
        r"ECONNREFUSED|ConnectionRefusedError|[Cc]onnection refused"
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
        r"ENOTFOUND|getaddrinfo failed|Name or service not known|no such host",
        "The name of the host has no address.",
        "Correct the name.",
        "name_unknown",
    ),
    Row(
        "Vite",
        r"\[vite\] failed to connect to websocket",
        "The socket with which Vite reloads the page did not open: a proxy before Vite "
        "does not forward Upgrade, or server.hmr names another port.",
        "Let the proxy forward Upgrade and Connection, or set server.hmr.clientPort.",
        "proxy_stripped_upgrade",
    ),
    Row("aiohttp", r"WSServerHandshakeError: " + _STATUS),
    Row("websocket-client", r"Handshake status " + _STATUS),
    Row("Node's ws", r"Unexpected server response: " + _STATUS),
    Row(
        "coder/websocket in Go",
        r"expected handshake response status code 101 but got " + _STATUS,
    ),
    Row(
        "gorilla/websocket in Go",
        r"websocket: bad handshake",
        "The response was not 101; Dial returns it beside the error, and its status "
        "says more.",
        "Print the status and the body of the response that Dial returns.",
        "response_not_101",
    ),
    Row(
        "gorilla/websocket in Go",
        r"malformed ws or wss URL",
        "The address does not begin with ws:// or wss://.",
        "Write ws:// in place of http://, and wss:// in place of https://.",
    ),
    Row(
        "curl",
        r"Protocol \"?wss?\"? (?:not supported|is not supported)",
        "This curl does not speak WebSocket: that needs version 8.11 or later.",
        "Try the handshake with ws-handshake probe.",
    ),
    Row("OkHttp", r"Expected HTTP 101 response but was '" + _STATUS),
    Row(
        "a Java client",
        r"(?i)(?:Response code was not 101|Invalid status code received"
        r"|Unexpected HTTP Response Status Code):? " + _STATUS,
    ),
    Row(".NET", r"returned status code '" + _STATUS + "' when status code '101'"),
    Row(
        "tungstenite in Rust",
        r"(?:\bHTTP error: |Http\(Response \{ status: )" + _STATUS,
    ),
    Row(
        "Dart",
        r"was not upgraded to websocket",
        "The response was not 101.",
        "Probe the server: it shows the response.",
        "response_not_101",
    ),
)
