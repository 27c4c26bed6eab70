"""What the error messages of servers and their frameworks mean."""

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
        "a WebSocket server",
        r"Missing or invalid Sec-WebSocket-(?:Key|Version) header"
        r"|'Sec-Web[Ss]ocket-(?:Key|Version)' header (?:must|is)"
        r"|must provide a value for|not found in 'Sec-Web[Ss]ocket-Version'"
        r"|bad \\?\"sec-websocket-(?:key|version)",
        "Sec-WebSocket-Key or -Version is missing or malformed: no WebSocket library "
        "made this handshake.",
        "Let a library make the handshake, such as ws.",
        "hand_made_handshake",
    ),
    Row(
        "a WebSocket library",
        r"InvalidUpgrade: |Error: Invalid (?:Upgrade|Connection) header",
        "Upgrade or Connection did not arrive: at the server those of the request, at "
        "the client those of the response. A proxy took them out.",
        _FORWARD,
        _STRIPPED,
    ),
    Row(
        "a WebSocket server",
        r"not using the websocket protocol: 'upgrade' token not found"
        r"|Connection header \\?\"[^\"]*\\?\" does not contain Upgrade"
        r"|[Ii]nvalid Connection header|missing Connection header"
        r"|Connection header did not include 'upgrade'|No CONNECTION upgrade hdr"
        r"|bad \\?\"[Cc]onnection\\?\" (?:request )?header"
        r"|Invalid 'Connection' header|Missing header, 'Connection",
        "The request arrived without Connection: Upgrade; a proxy took it out.",
        _FORWARD,
        _STRIPPED,
    ),
    Row(
        "a WebSocket server",
        r"'websocket' token not found in 'Upgrade' header"
        r"|Upgrade header \\?\"[^\"]*\\?\" does not contain websocket"
        r"|[Ii]nvalid Upgrade header|missing Upgrade header"
        r"|header did not include 'websocket'|No WebSocket UPGRADE hdr"
        r"|bad \\?\"[Uu]pgrade\\?\" (?:request )?header|Invalid 'Upgrade' header"
        r"|upgrade != websocket|Missing header, 'Upgrade"
        r"|Can \"Upgrade\" only to \"WebSocket\"",
        "The request arrived without Upgrade: websocket; a proxy took it out.",
        _FORWARD,
        _STRIPPED,
    ),
    Row(
        "a WebSocket server",
        r"(?i)origin not allowed by Upgrader\.CheckOrigin"
        r"|request Origin \\?\"[^\"]*\\?\" is not authorized"
        r"|is not an accepted origin|Could not check origin for Phoenix"
        r"|Request origin (?:not allowed|is not authorized)"
        r"|Origin header value \S+ not allowed|Cross origin websockets not allowed"
        r"|Blocking Cross Origin WebSocket|websocket connection from Origin",
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
    Row(
        "a WebSocket server",
        r"request method is not GET|unsupported HTTP method",
        "The handshake arrived with another method: a redirect or a proxy changed it.",
        "A WebSocket opens with GET; connect to the address behind the redirect.",
        "method_not_get",
    ),
    Row(
        "engineio",
        r"WebSocket transport (?:is )?not available",
        "The server has no WebSocket library, and serves long polling only.",
        "pip install simple-websocket, or use eventlet, gevent or an ASGI server.",
        "no_websocket_support",
    ),
    Row(
        "engineio",
        r"unsupported version of the Socket\.IO",
        "Client and server speak different versions of Socket.IO.",
        "Use versions that belong together: JavaScript 4 with python-socketio 5.",
    ),
    Row(
        "uWSGI",
        r"uwsgi-websocket\] no websocket handshake|need to build uWSGI with SSL",
        "uWSGI was built without what a WebSocket handshake needs.",
        "Install OpenSSL's headers, and build uWSGI again.",
        "no_websocket_support",
    ),
    Row(
        "an ASGI server",
        r"returned without completing handshake",
        "The application returned before it accepted or closed the WebSocket.",
        "Call websocket.accept() or websocket.close(); the middleware logs where.",
    ),
    Row(
        "an ASGI server",
        r"Expected ASGI message|Need to call \"accept\" first",
        "The application sent before it accepted the WebSocket.",
        "Call await websocket.accept() first.",
    ),
    Row(
        "an ASGI application",
        r"No application configured for scope type 'websocket'"
        r"|assert scope\[\"type\"\] == \"http\"|scope type websocket",
        "A part of the application that knows HTTP alone got the WebSocket.",
        'Route WebSockets before it: ProtocolTypeRouter with "websocket", or mount '
        "StaticFiles on a path of its own.",
        "no_route",
    ),
    Row(
        "Phoenix",
        r"NoRouteError\)|ED CONNECTION TO ",
        "The application has no socket on this path, or its connect/3 rejected it.",
        "Compare the path with `socket` in the endpoint: /socket/websocket.",
        "denied_by_app",
    ),
    Row(
        "Django",
        r"Invalid HTTP_HOST header",
        "ALLOWED_HOSTS of Django does not have this host.",
        "Add it to ALLOWED_HOSTS, and let the proxy forward Host.",
        "denied_by_app",
    ),
    Row(
        "Jetty",
        r"No factory for Upgrade: websocket",
        "Jetty has no WebSocket on this path.",
        "Switch the WebSocket module on, and register the endpoint for this path.",
        "no_websocket_support",
    ),
    Row(
        "Home Assistant",
        r"X-Forwarded-For header from an untrusted proxy",
        "Home Assistant rejects what comes through a proxy that it does not trust.",
        "Set use_x_forwarded_for and trusted_proxies in the http integration.",
        "denied_by_app",
    ),
    Row(
        "gunicorn",
        r"Invalid request from ip=|Invalid HTTP request line",
        "gunicorn rejected what came: no HTTP, or TLS on a port without it.",
        "Use ws:// where the server has no certificate.",
        "head_malformed",
    ),
    Row(
        "Action Cable",
        r"An unauthorized connection attempt was rejected",
        "The application rejected the connection: `connect` found no user.",
        "Send the cookie or token that ApplicationCable::Connection looks for.",
        "denied_by_app",
    ),
)
