"""The application behind the proxies: an echo, whose rejections are lines of JSON."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from tests.support.apps import json_structlog_observer
from tests.support.apps_other import accept_all
from ws_handshake import Observer, WebSocketHandshakeMiddleware

if TYPE_CHECKING:
    from ws_handshake.asgi.scope import ASGIApp, Receive, Scope, Send
    from ws_handshake.outcome.record import HandshakeRecord

#: Below this path the application takes its own origin only.
GUARDED = "/ws/same-origin/"

#: The page from which a browser opens its WebSockets.
PAGE = "/page"

#: The event that has all causes; that of the structlog observer has the likeliest.
CAUSES = "behind.causes"

#: What `python -m` runs: uvicorn with our protocol class.
COMMAND = (
    *("uvicorn", "--factory", "tests.support.behind_app:app", "--port", "{port}"),
    *("--http", "ws_handshake.uvicorn:AutoHTTPProtocol", "--ws", "wsproto"),
)


class Witness(Observer):
    """Writes every cause of a rejection into the log."""

    def observe(self, record: HandshakeRecord) -> None:
        if record.rejection is not None:
            causes = record.rejection.causes
            line = {
                "event": CAUSES,
                "path": record.request.path,
                "causes": [(c.code, str(c.certainty), c.detail, c.fix) for c in causes],
            }
            sys.stdout.write(json.dumps(line) + "\n")


def app() -> ASGIApp:
    """Return the echo, guarded below one path, and open elsewhere."""
    observers = (json_structlog_observer(), Witness())
    usual = WebSocketHandshakeMiddleware(echo, observers=observers)
    guarded = WebSocketHandshakeMiddleware(
        echo, allowed_origins="same-origin", observers=observers
    )

    async def by_path(scope: Scope, receive: Receive, send: Send) -> None:
        judged = scope["type"] != "lifespan" and scope["path"].startswith(GUARDED)
        await (guarded if judged else usual)(scope, receive, send)

    return by_path


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Echo every WebSocket, and serve one page."""
    if scope["type"] == "http" and scope["path"] == PAGE:
        headers = [(b"content-type", b"text/html"), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
    else:
        await accept_all(scope, receive, send)
