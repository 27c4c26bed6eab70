"""Tells a WebSocket client exactly why its opening handshake was refused."""

from ws_handshake.head import RequestHead
from ws_handshake.middleware import WebSocketHandshakeMiddleware
from ws_handshake.policy import Policy
from ws_handshake.reasons import Reason
from ws_handshake.rules import Finding
from ws_handshake.verdict import Verdict, accept_token, judge

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
