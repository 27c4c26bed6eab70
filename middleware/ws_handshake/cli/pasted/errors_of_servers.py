"""What the error messages of servers mean, nginx and uvicorn first."""

from __future__ import annotations

from ws_handshake.cli.pasted.message import Row

_STRIPPED = "proxy_stripped_upgrade"
_FORWARD = "Let every proxy before it forward Upgrade and Connection."

SERVERS = (
    Row(
        "uvicorn",
        r"No supported WebSocket library detected|Unsupported upgrade request",
        "uvicorn has no WebSocket library, and takes every handshake for a plain "
        "request.",
        "pip install 'uvicorn[standard]', and start it again.",
        "no_websocket_support",
    ),
    Row(
        "uvicorn",
        r"Invalid HTTP request received",
        "uvicorn's HTTP parser rejected what came: a malformed request, or no HTTP at "
        "all, such as TLS (wss://) on a port without it.",
        "Use ws:// where the server has no certificate; of a malformed handshake the "
        "log says why once ws_handshake is added.",
        "head_malformed",
    ),
    Row(
        "nginx",
        r"upstream prematurely closed connection while reading response header",
        "The server behind nginx closed the connection before it responded: it failed, "
        "was restarted, or expects TLS on this port.",
        "Read the log of the server behind nginx at this time, and probe it directly.",
        "no_response",
    ),
    Row(
        "nginx",
        r"connect\(\) failed \(111: Connection refused\)|no live upstreams",
        "Nothing listens where nginx looks for the server behind it.",
        "Start that server, or correct the address in proxy_pass; in a container "
        "127.0.0.1 is the container itself.",
        "connection_refused",
    ),
    Row(
        "nginx",
        r"timed out \(110: .*?\) while proxying upgraded connection",
        "The WebSocket was open, and nothing came for proxy_read_timeout (60 seconds).",
        "Send pings more often than that (uvicorn: --ws-ping-interval 20), or set "
        "proxy_read_timeout higher.",
    ),
    Row(
        "nginx",
        r"timed out \(110: .*?\) while (?:reading response header|connecting)",
        "The server behind nginx did not respond in time.",
        "Read the log of the server behind nginx, and probe it directly.",
        "no_response",
    ),
    Row(
        "nginx",
        r"while proxying upgraded connection",
        "The WebSocket was open, and one side ended it: the handshake is not at fault.",
        "Read the log of the server behind nginx at this time.",
    ),
    Row(
        "nginx",
        r"unknown \"connection_upgrade\" variable",
        "The map for $connection_upgrade is missing in http { }.",
        "In http { }: map $http_upgrade $connection_upgrade { default upgrade; '' "
        "close; }",
        _STRIPPED,
    ),
    Row(
        "nginx",
        r"upstream sent (?:no valid|invalid)|SSL_do_handshake\(\) failed",
        "nginx and the server behind it speak different protocols on this port, such "
        "as TLS and plain HTTP.",
        "Use http:// or https:// in proxy_pass, as the server behind it speaks.",
    ),
    Row(
        "nginx",
        r"client sent (?:invalid|duplicate) (?:header|host|\"Host\")",
        "nginx itself rejected the request: a header line is malformed or duplicated.",
        "Correct what the client sends.",
        "head_malformed",
    ),
    Row(
        "Node's ws",
        r"Missing or invalid Sec-WebSocket-(?:Key|Version) header",
        "Sec-WebSocket-Key or -Version is missing or malformed: no WebSocket library "
        "made this handshake.",
        "Let a library make the handshake, such as ws.",
        "hand_made_handshake",
    ),
    Row(
        "HAProxy",
        r"has no server available!|Server \S+ is DOWN",
        "No server behind HAProxy is there: they are down, or fail its check.",
        "Start them, or correct `server` and `check` in the backend.",
        "connection_refused",
    ),
    Row(
        "a WebSocket server",
        r"not using the websocket protocol: 'upgrade' token not found"
        r"|Connection header \\?\"[^\"]*\\?\" does not contain Upgrade"
        r"|[Ii]nvalid Connection header|missing Connection header",
        "The request arrived without Connection: Upgrade; a proxy took it out.",
        _FORWARD,
        _STRIPPED,
    ),
    Row(
        "a WebSocket server",
        r"'websocket' token not found in 'Upgrade' header"
        r"|Upgrade header \\?\"[^\"]*\\?\" does not contain websocket"
        r"|[Ii]nvalid Upgrade header|missing Upgrade header"
        r"|Can \"Upgrade\" only to \"WebSocket\"",
        "The request arrived without Upgrade: websocket; a proxy took it out.",
        _FORWARD,
        _STRIPPED,
    ),
    Row(
        "a WebSocket server",
        r"(?i)origin not allowed by Upgrader\.CheckOrigin"
        r"|request Origin \\?\"[^\"]*\\?\" is not authorized"
        r"|is not an accepted origin",
        "The server rejected the handshake because of its Origin.",
        "Allow the origin of the page in the server.",
        "origin_not_allowed",
    ),
    Row(
        "a WebSocket server in Go",
        r"does not implement http\.Hijacker",
        "A middleware wraps Go's ResponseWriter, or the request came over HTTP/2: then "
        "there is no upgrade.",
        "Let the wrapper implement Hijack or Unwrap, or let the client offer only "
        "HTTP/1.1.",
        "http1_handshake_over_http2",
    ),
    Row(
        "Channels",
        r"No route found for path",
        "No route of the application has this path.",
        "Compare it with the routes; Channels matches it without the first slash.",
        "no_route",
    ),
    Row(
        "Action Cable",
        r"Failed to upgrade to WebSocket|\[non-WebSocket\]",
        "The request arrived without Upgrade: websocket, or without Connection: "
        "Upgrade; a proxy took them out.",
        _FORWARD,
        _STRIPPED,
    ),
)
