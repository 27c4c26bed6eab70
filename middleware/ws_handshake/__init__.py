"""Tells a WebSocket client exactly why its opening handshake was rejected."""

from ws_handshake.asgi.middleware import WebSocketHandshakeMiddleware
from ws_handshake.core.policy import Policy
from ws_handshake.core.reasons import Reason
from ws_handshake.core.request import RequestHead
from ws_handshake.core.rules import Violation
from ws_handshake.core.verdict import Verdict, accept_token, judge

__all__ = [
    "Policy",
    "Reason",
    "RequestHead",
    "Verdict",
    "Violation",
    "WebSocketHandshakeMiddleware",
    "accept_token",
    "judge",
]
