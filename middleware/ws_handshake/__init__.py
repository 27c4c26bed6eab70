"""Tells a WebSocket client exactly why its opening handshake was refused."""

from ws_handshake.asgi.middleware import WebSocketHandshakeMiddleware
from ws_handshake.core.policy import Policy
from ws_handshake.core.reasons import Reason
from ws_handshake.core.request import RequestHead
from ws_handshake.core.rules import Finding
from ws_handshake.core.verdict import Verdict, accept_token, judge

__all__ = [
    "Finding",
    "Policy",
    "Reason",
    "RequestHead",
    "Verdict",
    "WebSocketHandshakeMiddleware",
    "accept_token",
    "judge",
]
