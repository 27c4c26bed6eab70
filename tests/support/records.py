"""Records of handshakes, as observers get them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.handshakes import VALID
from ws_handshake.core.reasons import BY_CODE
from ws_handshake.core.violation import Violation
from ws_handshake.outcome.record import HandshakeRecord, request_facts
from ws_handshake.outcome.rejection import Rejection

if TYPE_CHECKING:
    from ws_handshake.diagnosis.cause import Cause


def accepted(client: str = "203.0.113.9", path: str = "/ws") -> HandshakeRecord:
    """Return the record of a handshake that was accepted."""
    return HandshakeRecord(
        outcome="accepted",
        layer="asgi",
        status=101,
        enforced=True,
        rejection=None,
        describe=lambda: request_facts(VALID.head(), path=path, client_address=client),
    )


def rejected(
    *codes: str,
    client: str = "203.0.113.9",
    path: str = "/ws",
    causes: tuple[Cause, ...] = (),
) -> HandshakeRecord:
    """Return the record of a handshake that was rejected for these reasons."""
    rejection = Rejection(
        tuple(Violation(BY_CODE[code]) for code in codes), None, causes
    )
    return HandshakeRecord(
        outcome="rejected",
        layer="asgi",
        status=rejection.status,
        enforced=True,
        rejection=rejection,
        describe=lambda: request_facts(VALID.head(), path=path, client_address=client),
    )
