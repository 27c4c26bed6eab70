"""The words of a rejection that say what is wrong."""

from __future__ import annotations

import pytest

from ws_handshake.cli.client.words import SAYINGS, said_in

NOT_ARRIVED = "the server got no complete Upgrade and Connection"
SOCKET_IO = "a Socket.IO server, which wants its own path and query"
HOST = "the server does not serve this host name"

SAID = [
    (
        "Unsupported upgrade request.",
        "uvicorn has no WebSocket library, or WebSockets are switched off",
    ),
    ('Can "Upgrade" only to "WebSocket".', NOT_ARRIVED),
    ('"Connection" must be "upgrade".', NOT_ARRIVED),
    ("No WebSocket UPGRADE hdr: None", NOT_ARRIVED),
    ("WebSocket upgrade is expected", NOT_ARRIVED),
    ('{"message":"Upgrade request required","code":400}', NOT_ARRIVED),
    ("Connection header did not include 'upgrade'", NOT_ARRIVED),
    ("'upgrade' token not found in 'Connection' header", NOT_ARRIVED),
    ("missing Connection header.", NOT_ARRIVED),
    ("Expected Upgrade: websocket", NOT_ARRIVED),
    ("request isn't trying to upgrade to websocket.", NOT_ARRIVED),
    ('Connection header "" does not contain Upgrade', NOT_ARRIVED),
    ("Upgrade failed", NOT_ARRIVED),
    (
        "Page not found",
        (
            "what Rails' ActionCable responds to an Origin that it does not allow, and "
            "to a plain request"
        ),
    ),
    (
        "400: Bad Request",
        (
            "what aiohttp responds to a malformed request, and Home Assistant to a "
            "proxy that it does not trust"
        ),
    ),
    (
        "Page not found (404) Using the URLconf defined in mysite.urls",
        "Django's page for a plain request; for WebSockets it needs Channels",
    ),
    (
        (
            "404 Not Found: The requested URL was not found on the server. If you "
            "entered the URL manually please check your spelling and try again."
        ),
        "Flask's page for a path that it does not have",
    ),
    ('{"code":0,"message":"Transport unknown"}', SOCKET_IO),
    ('{"code":5,"message":"Unsupported protocol version"}', SOCKET_IO),
    ('"Invalid transport"', SOCKET_IO),
    (
        '{"code":4,"message":"Forbidden"}',
        "a Socket.IO server, whose allowRequest rejects it",
    ),
    (
        "Welcome to SockJS!",
        "a SockJS server, which has its WebSocket below this path",
    ),
    (
        "No Connection with that ID",
        "a SignalR server, which wants the id of a negotiation",
    ),
    ("Invalid host header", HOST),
    ("Invalid HTTP_HOST header: 'x'.", HOST),
    ('Blocked request. This host ("x.example") is not allowed.', HOST),
    (
        "Bad Request (400)",
        "what Django responds to a host name that it does not serve, and the like",
    ),
    (
        "Missing or invalid Sec-WebSocket-Key header",
        "the server got no valid Sec-WebSocket-Key or -Version",
    ),
    (
        "No required SSL certificate was sent",
        "the server wants a certificate of the client",
    ),
    ("Request Header Or Cookie Too Large", "the headers are too large"),
    ("trying to access MongoDB over HTTP", "the port belongs to MongoDB"),
    (
        '{"detail":"Not Found"}',
        "what FastAPI responds to a plain request; to a WebSocket it responds with 403",
    ),
    (
        "404 page not found",
        "a server in Go, such as Traefik, has no route for this host and path",
    ),
    (
        "Cannot GET /ws",
        "what Express responds where no WebSocket server took the upgrade",
    ),
    (
        "Error occurred while trying to proxy: localhost:3000/ws",
        "a development server got no response from the server behind it",
    ),
]


@pytest.mark.parametrize(("text", "meaning"), SAID)
def test_a_rejection_says_what_is_wrong(text: str, meaning: str) -> None:
    said = said_in(f"{text}")

    assert said is not None
    assert said.meaning == meaning


@pytest.mark.parametrize(
    "text", ["", "Not Found", "Bad Request", "Upgrade Required", "Forbidden host"]
)
def test_other_words_say_nothing(text: str) -> None:
    assert said_in(text) is None


def test_every_saying_has_an_example_and_a_fix() -> None:
    assert {said.meaning for said in SAYINGS} == {meaning for _, meaning in SAID}
    assert all(said.fix.endswith(".") for said in SAYINGS)
