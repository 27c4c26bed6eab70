"""Reports what reaches no middleware to the observers of the one that it would meet."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ws_handshake.asgi.lifespan import own_notifier
from ws_handshake.core.policy import Limits, Policy
from ws_handshake.core.reasons import INTERNAL_ERROR
from ws_handshake.core.violation import Violation
from ws_handshake.outcome.record import HandshakeRecord, request_facts
from ws_handshake.outcome.rejection import Rejection, explained

if TYPE_CHECKING:
    from ws_handshake.asgi.middleware import WebSocketHandshakeMiddleware
    from ws_handshake.core.request import RequestHead

    Client = tuple[str, int] | None

# Origin is the middleware's: proxy headers have not been read yet.
POLICY = Policy(limits=Limits.of(os.environ))


def report(
    middleware: WebSocketHandshakeMiddleware | None,
    request: RequestHead,
    violations: tuple[Violation, ...],
    client: Client,
    *,
    was_sent: bool = True,
) -> Rejection:
    """Notify the observers of a rejection, and return it.

    Without a middleware the log has it. `was_sent` is false for a client that has gone.
    """
    policy = POLICY if middleware is None else middleware.policy
    notifier = own_notifier() if middleware is None else middleware.notifier
    try:
        rejection = explained(request, violations, policy)
    except Exception:  # noqa: BLE001  (fail closed)
        rejection = Rejection((Violation(INTERNAL_ERROR),), policy.docs_url)
    notifier.notify(
        HandshakeRecord(
            outcome="rejected",
            layer="uvicorn",
            status=rejection.status if was_sent else None,
            enforced=not (was_sent and policy.report_only),
            rejection=rejection,
            describe=lambda: request_facts(
                request,
                path=request.target.decode("latin-1"),
                client_address=client[0] if client else None,
                shows_origin=rejection.shows_origin(),
            ),
        )
    )
    return rejection
