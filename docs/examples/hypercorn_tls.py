"""WebSockets over HTTP/1.1 and HTTP/2, on one TLS port.

hypercorn --bind 127.0.0.1:8443 --certfile cert.pem --keyfile key.pem hypercorn_tls:app
"""

import structlog
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from ws_handshake import WebSocketHandshakeMiddleware

structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.JSONRenderer(),
    ],
)


async def echo(socket: WebSocket) -> None:
    """Send back what comes."""
    await socket.accept()
    async for text in socket.iter_text():
        await socket.send_text(text)


app = WebSocketHandshakeMiddleware(Starlette(routes=[WebSocketRoute("/ws", echo)]))
