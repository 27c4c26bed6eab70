"""What the error messages of browsers mean, in their consoles."""

from __future__ import annotations

from ws_handshake.cli.pasted.message import Row

_FORWARD = "Let every proxy before the server forward Upgrade and Connection."
_STATUS = r"\b([1-5][0-9]{2})\b"

BROWSERS = (
    Row(
        "a browser",
        r"(?:Unexpected response code|Unexpected HTTP status code): " + _STATUS,
    ),
    Row(
        "a browser",
        r"Mixed Content: .*WebSocket|DOMException: The operation is insecure"
        r"|insecure WebSocket connection may not be",
        "A page that came over https:// may open no WebSocket over ws://.",
        "Use wss://: the address of the page, with its own port, often suffices.",
    ),
    Row(
        "a browser",
        r"violates the following Content Security Policy directive|connect-src",
        "The page's own Content-Security-Policy does not allow this address.",
        "Add the address, with wss:, to connect-src in that header.",
    ),
    Row(
        "a client",
        r"construct 'WebSocket': The URL|URL's (?:scheme|protocol) must be"
        r"|SyntaxError: Invalid URL|InvalidURI|isn't a valid URI",
        "The address is not one of a WebSocket.",
        "Write it in full: ws:// or wss://, host, path, and no fragment.",
    ),
    Row(
        "a client",
        r"'Sec-WebSocket-Protocol' header value '[^']*' in response does not match"
        r"|must not include 'Sec-WebSocket-Protocol'"
        r"|Server sent (?:a|an invalid) subprotocol|[Uu]nsupported subprotocol",
        "The server chose a subprotocol that the client had not offered.",
        "Choose one of those in the request, or none; offer the one that it wants.",
        "subprotocol_not_offered",
    ),
    Row(
        "a client",
        r"unsupported extension '|unexpected extension|[Uu]nsupported extension",
        "The server accepted an extension that the client had not offered.",
        "Switch compression off in the server, and find the proxy that adds the offer.",
        "extension_not_offered",
    ),
    Row(
        "a browser",
        r"HTTP Authentication failed; no valid credentials",
        "The server responded with 401 and asks for a name and a password.",
        "Browsers send neither with a WebSocket: use a cookie, or a token.",
    ),
    Row(
        "a browser",
        r"net::ERR_(?:CONNECTION_(?:RESET|CLOSED|ABORTED)|EMPTY_RESPONSE|SOCKET_NOT)",
        "The connection ended before there was a response.",
        "Probe the server: it shows where the connection ends.",
        "closed_without_response",
    ),
    Row(
        "a browser",
        r"net::ERR_(?:CONNECTION_TIMED_OUT|TIMED_OUT|ADDRESS_UNREACHABLE)",
        "Nothing came back from this address: a firewall drops the connection, or the "
        "port is another one.",
        "Check address, port and firewall.",
        "no_response",
    ),
    Row(
        "a browser",
        r"net::ERR_INVALID_HTTP_RESPONSE|net::ERR_HTTP2_|kNWErrorDomainPOSIX error 100",
        "The response was no HTTP that the browser understands; a server that sends "
        "before the handshake is complete does this, and HTTP/2 without WebSockets.",
        "Probe the server over HTTP/1.1, directly and through each proxy.",
        "response_malformed",
    ),
    Row(
        "a browser",
        r"failed: Could not connect to the server|network error: .*[Cc]onnection ref"
        r"|WebSocket Error: Network Error 12029",
        "Nothing listens on this address, or it cannot be reached.",
        "Start the server, or correct host and port.",
        "connection_refused",
    ),
    Row(
        "a browser",
        r"OSStatus error -98[0-9]{2}|NSOSStatusErrorDomain Code=-98[0-9]{2}",
        "There is no TLS connection: the certificate is not trusted.",
        "Send the whole chain, or trust the authority that signed it.",
        "certificate_untrusted",
    ),
    Row(
        "a browser", r"WebSocket Error: Incorrect HTTP response. Status code " + _STATUS
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
        r"|Firefox .*\bwss?://\S"
        r"|There was a bad response from the server"
        r"|NS_ERROR_WEBSOCKET_CONNECTION_REFUSED"
        r"|WebSocket connection to '[^']*' failed",
        "The browser did not get a valid response, and does not say which it got.",
        "Look at the response in the network panel, or probe the server.",
    ),
)
