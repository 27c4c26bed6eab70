"""What a rejection says of itself: words that servers write, and what they mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ws_handshake.diagnosis import causes
from ws_handshake.diagnosis.cause import Certainty

if TYPE_CHECKING:
    from ws_handshake.diagnosis.cause import Cause


@dataclass(frozen=True, slots=True)
class Saying:
    """Words, what they mean, and what to do.

    `cause` is what they give away. Unless they are `enough`, other causes may be named.
    """

    words: re.Pattern[str]
    meaning: str
    fix: str
    cause: Cause | None = None
    enough: bool = True


def said_in(text: str) -> Saying | None:
    """Return what the text of a rejection says of itself, if it is known."""
    return next((row for row in SAYINGS if row.words.search(text)), None)


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_NOT_ARRIVED = "the server got no complete Upgrade and Connection"
_SOCKET_IO = "/socket.io/?EIO=4&transport=websocket"

#: The first one that stands in the text counts.
SAYINGS = (
    Saying(
        _any("unsupported upgrade request"),
        "uvicorn has no WebSocket library, or WebSockets are switched off",
        causes.NO_WEBSOCKET_SUPPORT.fix,
        causes.NO_WEBSOCKET_SUPPORT.as_certain_as(Certainty.VERY_LIKELY),
    ),
    Saying(
        _any(
            'can "upgrade" only to "websocket"',
            '"connection" must be "upgrade"',
            "no websocket upgrade hdr",
            "websocket upgrade is expected",
            "upgrade request required",
            r"(missing|invalid) (upgrade|connection) header",
            "(upgrade|connection)'? (header|token) (did not include|not found|missing)",
            "'upgrade' token not found",
            "expected (a )?(upgrade: )?websocket",
            "not a websocket (handshake|request|upgrade)",
            "trying to upgrade to websocket",
            'header ".{0,40}" does not contain (upgrade|websocket)',
            "^upgrade failed$",
        ),
        _NOT_ARRIVED,
        "Let every proxy in between forward Upgrade and Connection.",
        causes.PROXY_STRIPPED_UPGRADE,
    ),
    Saying(
        _any(
            r'"code":\s*[01235],\s*"message":',
            "versions? of the socket.io or engine.io",
            '"invalid (transport|session)',
        ),
        "a Socket.IO server, which wants its own path and query",
        f"Connect to {_SOCKET_IO}, with a Socket.IO client.",
    ),
    Saying(
        _any(r'"code":\s*4,\s*"message":'),
        "a Socket.IO server, whose allowRequest rejects it",
        "Try --origin with the origin of the page; send credentials.",
    ),
    Saying(
        _any("welcome to sockjs"),
        "a SockJS server, which has its WebSocket below this path",
        "Add /websocket to the path.",
    ),
    Saying(
        _any("connection id required", "no connection with that id"),
        "a SignalR server, which wants the id of a negotiation",
        "Connect with a SignalR client, which negotiates, or with skipNegotiation.",
    ),
    Saying(
        _any(
            r"invalid (http_)?host\b",
            "disallowed ?host",
            "allowed_?hosts",
            "unknown (virtual )?host",
            r"host \([^)]{1,300}\) is not allowed",
        ),
        "the server does not serve this host name",
        "Use a name that the server allows (ALLOWED_HOSTS, TrustedHostMiddleware, "
        "server.allowedHosts), or send it: -H 'Host: ...'.",
    ),
    Saying(
        _any(r"^bad request \(400\)$"),
        "what Django responds to a host name that it does not serve, and the like",
        "Add the host name to ALLOWED_HOSTS; Django's log says more.",
    ),
    Saying(
        _any(r"(missing|invalid|malformed|no).{0,20}sec-websocket-(key|version)"),
        "the server got no valid Sec-WebSocket-Key or -Version",
        "Let every proxy in between forward the Sec-WebSocket fields as they are.",
    ),
    Saying(
        _any("no required ssl certificate", "client certificate"),
        "the server wants a certificate of the client",
        "Try a client that sends one: the probe has none.",
    ),
    Saying(
        _any("header or cookie too large", "header fields? too large"),
        "the headers are too large",
        "Send fewer or smaller headers and cookies.",
    ),
    Saying(
        _any("access mongodb over http"),
        "the port belongs to MongoDB",
        "Check the port: a database listens there.",
    ),
    Saying(
        _any(r'^\{"detail":\s?"not found"\}$'),
        "what FastAPI responds to a plain request; to a WebSocket it responds with 403",
        "Check the server's WebSocket library, and every proxy in between.",
        causes.NO_WEBSOCKET_SUPPORT.as_certain_as(Certainty.LIKELY),
        enough=False,
    ),
    Saying(
        _any("^404 page not found$"),
        "a server in Go, such as Traefik, has no route for this host and path",
        "Check the path; in Traefik the rule of the router.",
        enough=False,
    ),
    Saying(
        _any("cannot get /"),
        "what Express responds where no WebSocket server took the upgrade",
        "Check the path, that the WebSocket server is attached to the HTTP server, and "
        "every proxy in between.",
        enough=False,
    ),
    Saying(
        _any("^page not found$"),
        "what Rails' ActionCable responds to an Origin that it does not allow, and to "
        "a plain request",
        "Add the origin to config.action_cable.allowed_request_origins; check every "
        "proxy in between.",
        enough=False,
    ),
    Saying(
        _any("^400: bad request$"),
        "what aiohttp responds to a malformed request, and Home Assistant to a proxy "
        "that it does not trust",
        "Read the server's log; in Home Assistant set use_x_forwarded_for and "
        "trusted_proxies.",
        enough=False,
    ),
    Saying(
        _any("using the urlconf defined in"),
        "Django's page for a plain request; for WebSockets it needs Channels",
        "Run the ASGI application with uvicorn or daphne; check the routing, and every "
        "proxy in between.",
        enough=False,
    ),
    Saying(
        _any("not found on the server. if you entered the url manually"),
        "Flask's page for a path that it does not have",
        "Check the path; Flask needs flask-sock, or Flask-SocketIO below /socket.io.",
        enough=False,
    ),
    Saying(
        _any("error occurred while trying to proxy"),
        "a development server got no response from the server behind it",
        "Start the server behind it, and check the target and ws: true of its proxy.",
    ),
)
