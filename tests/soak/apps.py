"""The application of the soak, for `python -m uvicorn`: it reports what it holds."""

from __future__ import annotations

import gc
import json
from collections import Counter
from typing import TYPE_CHECKING

from uvicorn.server import ServerState

from tests.support.apps import by_policy, json_structlog_observer
from ws_handshake import Observer

if TYPE_CHECKING:
    from ws_handshake.asgi.scope import ASGIApp, Receive, Scope, Send
    from ws_handshake.outcome.record import HandshakeRecord

SELF = "/self"


class Tally(Observer):
    """An observer that counts: rejections by their first code, and acceptances."""

    def __init__(self) -> None:
        self.reported: Counter[str] = Counter()

    def observe(self, record: HandshakeRecord, /) -> None:
        rejection = record.rejection
        self.reported[rejection.reason.code if rejection else "accepted"] += 1


def soaked() -> ASGIApp:
    """Return the application of the corpus, with the rate limit that is the default."""
    tally = Tally()
    app = by_policy(json_structlog_observer(burst=50), tally)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == SELF:
            await _report({"reported": tally.reported, **held()}, send)
        else:
            await app(scope, receive, send)

    return application


def held() -> dict[str, int]:
    """Return how many connections and tasks uvicorn holds; this one is among them."""
    gc.collect()  # and asyncio logs exceptions that were never retrieved
    states = [each for each in gc.get_objects() if isinstance(each, ServerState)]
    return {
        "connections": sum(len(state.connections) for state in states),
        "tasks": sum(len(state.tasks) for state in states),
    }


async def _report(what: dict[str, object], send: Send) -> None:
    body = json.dumps(what).encode("ascii")
    headers = [(b"content-length", b"%d" % len(body)), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
