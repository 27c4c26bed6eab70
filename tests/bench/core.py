"""The rules and the middleware by themselves, measured in this process."""

from __future__ import annotations

import base64
import hashlib
import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from websockets.datastructures import Headers
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory
from websockets.http11 import Request
from websockets.server import ServerProtocol

from tests.bench.requests import HANDSHAKE, PAGE
from tests.support.handshakes import KEY
from ws_handshake import WebSocketHandshakeMiddleware, judge

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ws_handshake.asgi.scope import ASGIApp, Receive, Scope, Send

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


@dataclass(frozen=True)
class Timing:
    """The best time of each, in seconds, and the first one against each other."""

    best: dict[str, float]
    ratios: dict[str, float]


def compare(
    candidates: Mapping[str, Callable[[], object]], *, rounds: int, calls: int
) -> Timing:
    """Time all in turn, round after round; the ratios are medians over the rounds."""
    times: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(rounds):
        for name, call in candidates.items():
            times[name].append(timed(call, calls))
    first, *others = times
    return Timing(
        best={name: min(each) for name, each in times.items()},
        ratios={
            name: median(a / b for a, b in zip(times[first], times[name], strict=True))
            for name in others
        },
    )


def timed(call: Callable[[], object], calls: int) -> float:
    """Return the processor time of one call, in seconds, over so many of them."""
    # processor time: a long round is interrupted by other programs, a short one is not
    start = time.process_time()
    for _ in range(calls):
        call()
    return (time.process_time() - start) / calls


def judges() -> dict[str, Callable[[], object]]:
    """Return judge() and its peers, on the same headers."""
    head = HANDSHAKE.head()
    headers = Headers([(n.decode(), v.decode()) for n, v in HANDSHAKE.headers])
    request = Request("/ws", headers)
    # as uvicorn's websockets-sansio sets it up
    deflate = ServerPerMessageDeflateFactory(
        server_max_window_bits=12,
        client_max_window_bits=12,
        compress_settings={"memLevel": 5},
    )
    plain, deflating = ServerProtocol(), ServerProtocol(extensions=[deflate])
    return {
        "judge() with accept token": lambda: judge(head).accept_token,
        "websockets": lambda: plain.process_request(request),
        "websockets, deflating": lambda: deflating.process_request(request),
        "SHA-1 and base64": lambda: base64.b64encode(
            hashlib.sha1(KEY + _GUID, usedforsecurity=False).digest()
        ),
    }


def wrapping(**options: Any) -> dict[str, Callable[[], object]]:
    """Return a page through the middleware, and through a wrapper that only awaits."""
    scope = PAGE.http_scope()
    through, nothing = WebSocketHandshakeMiddleware(_app, **options), _Nothing(_app)
    return {
        "the middleware": lambda: _drive(through, scope),
        "nothing but await": lambda: _drive(nothing, scope),
    }


class _Nothing:
    """What any pure ASGI middleware costs at least."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


async def _app(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """The smallest application."""


def _drive(app: Any, scope: Scope) -> None:
    """Call an application that reads, writes and waits for nothing, without a loop."""
    try:  # noqa: SIM105  (suppress() costs as much as what is measured)
        app(scope, None, None).send(None)
    except StopIteration:
        pass
