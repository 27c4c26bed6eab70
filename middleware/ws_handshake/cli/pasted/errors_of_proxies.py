"""What the error messages of proxies mean, those of development servers, too."""

from __future__ import annotations

from ws_handshake.cli.pasted.message import Row

_STRIPPED = "proxy_stripped_upgrade"
_FORWARD = "Let every proxy before it forward Upgrade and Connection."

PROXIES = (
    Row(
        "Vite",
        r"\[vite\] failed to connect to websocket",
        "The socket with which Vite reloads the page did not open: a proxy before Vite "
        "does not forward Upgrade, or server.hmr names another port.",
        "Let the proxy forward Upgrade and Connection, or set server.hmr.clientPort.",
        "proxy_stripped_upgrade",
    ),
    Row(
        "a development proxy",
        r"\[vite\] ws proxy (?:socket )?error|\[HPM\] Error occurred while proxy"
        r"|\[HPM\] Error occurred while trying to proxy",
        "The development server did not reach the server behind it.",
        "Start that server, or correct `target`; 127.0.0.1, not localhost.",
        "connection_refused",
    ),
    Row(
        "nginx",
        r"(?:recv|readv)\(\) failed \(104: .*?\) while reading response header",
        "The server behind nginx ended the connection before it responded.",
        "Read the log of the server behind nginx at this time, and probe it directly.",
        "no_response",
    ),
    Row(
        "nginx",
        r"could not be resolved \(|host not found in upstream|connect\(\) failed \(113",
        "nginx finds no way to the server behind it: its name or network is wrong.",
        "Correct the name in proxy_pass; in containers both must share a network.",
        "name_unknown",
    ),
    Row(
        "nginx",
        r"open\(\) \"[^\"]*\" failed \(2: No such file",
        "nginx looks for a file: no location with proxy_pass has this path.",
        "Add a location for the path of the WebSocket, with proxy_pass.",
        "no_route",
    ),
    Row(
        "nginx",
        r"client sent plain HTTP request to HTTPS port",
        "The client speaks plain HTTP, and the port speaks TLS.",
        "Use wss:// instead of ws://.",
        "plain_on_tls_port",
    ),
    Row(
        "Apache",
        r"AH01144|No protocol handler was valid for the URL",
        "Apache has no module for this address: mod_proxy_wstunnel is not loaded, or "
        "mod_proxy_http.",
        "a2enmod proxy proxy_http proxy_wstunnel, and restart Apache.",
        _STRIPPED,
    ),
    Row(
        "Apache",
        r"AH02439|AH01084|AH01097",
        "Apache cannot read the address in ProxyPass or RewriteRule.",
        "Write it in full: ws://127.0.0.1:8000/ws.",
    ),
    Row(
        "Apache",
        r"AH00957|AH01114|AH00959",
        "Nothing listens where Apache looks for the server behind it.",
        "Start that server, or correct the address in ProxyPass.",
        "connection_refused",
    ),
    Row(
        "Apache",
        r"AH01102|AH00898|AH01110",
        "The server behind Apache ended the connection before it responded.",
        "Read the log of the server behind Apache, and probe it directly.",
        "no_response",
    ),
    Row(
        "Apache",
        r"AH02447|can't proxy non-Upgrade request",
        "The request arrived at Apache without Upgrade: something took it out.",
        _FORWARD,
        _STRIPPED,
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
        "HAProxy",
        r"has no server available!|Server \S+ is DOWN",
        "No server behind HAProxy is there: they are down, or fail its check.",
        "Start them, or correct `server` and `check` in the backend.",
        "connection_refused",
    ),
)
