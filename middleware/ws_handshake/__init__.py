"""Explains to a WebSocket client why its opening handshake was rejected."""

from ws_handshake.asgi.middleware import WebSocketHandshakeMiddleware
from ws_handshake.core.policy import Limits, Policy
from ws_handshake.core.reasons import Reason
from ws_handshake.core.request import RequestHead
from ws_handshake.core.verdict import Verdict, accept_token, judge
from ws_handshake.core.violation import Violation
from ws_handshake.diagnosis.cause import Cause
from ws_handshake.outcome.observer import Observer
from ws_handshake.outcome.record import HandshakeRecord, HandshakeWarning, RequestFacts
from ws_handshake.outcome.rejection import Rejection

__all__ = [
    "Cause",
    "HandshakeRecord",
    "HandshakeWarning",
    "Limits",
    "Observer",
    "Policy",
    "Reason",
    "Rejection",
    "RequestFacts",
    "RequestHead",
    "Verdict",
    "Violation",
    "WebSocketHandshakeMiddleware",
    "accept_token",
    "judge",
]
