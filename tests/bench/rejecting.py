"""A rejection without a server, and the observer that logs it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import structlog

from ws_handshake.outcome.rate_limit import RateLimit
from ws_handshake.structlog import StructlogObserver

if TYPE_CHECKING:
    from typing import TextIO

    from ws_handshake.asgi.scope import Message, Scope


def structlog_observer(
    log: TextIO, rate_limit: RateLimit | None = None
) -> StructlogObserver:
    """Return one that writes JSON: every event, unless a rate limit is given."""
    logger = structlog.wrap_logger(
        structlog.WriteLogger(log),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        cache_logger_on_first_use=True,
    )
    return StructlogObserver(
        logger, rate_limit=rate_limit or RateLimit(time.monotonic, burst=10**9)
    )


def drive(app: Any, scope: Scope) -> None:
    """Reject without an event loop: nothing on the way waits."""
    try:  # noqa: SIM105  (suppress() costs as much as what is measured)
        app(scope, None, _send).send(None)
    except StopIteration:
        pass


async def _send(_message: Message) -> None:
    """Send nowhere."""
