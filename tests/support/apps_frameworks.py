"""Channels and python-socketio, which have no types: their classes come by name.

And a handshake with an application, of which the one record is returned.
"""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

from tests.support.asgi import RecordingObserver, ask
from tests.support.other_frameworks import django_settings
from ws_handshake import WebSocketHandshakeMiddleware

if TYPE_CHECKING:
    from tests.support.handshakes import Handshake
    from ws_handshake.asgi.scope import ASGIApp
    from ws_handshake.outcome.record import HandshakeRecord

GOOD_ORIGIN = "https://good.example"

_EVENTS = (
    {"type": "websocket.connect"},
    {"type": "websocket.disconnect", "code": 1006},
)


def url_router(routes: dict[str, Any]) -> Any:
    """Return a URLRouter of Channels; a path that begins with `^` is an expression."""
    django_settings()
    urls = import_module("django.urls")
    return import_module("channels.routing").URLRouter(
        [
            (urls.re_path if path.startswith("^") else urls.path)(path, app)
            for path, app in routes.items()
        ]
    )


def protocol_router(**apps: Any) -> Any:
    """Return a ProtocolTypeRouter of Channels."""
    django_settings()
    return import_module("channels.routing").ProtocolTypeRouter(apps)


def django_alone() -> Any:
    """Return what `get_asgi_application()` does, without a project's set-up."""
    django_settings()
    handler = import_module("django.core.handlers.asgi").ASGIHandler
    return handler.__new__(handler)


def closing_consumer() -> Any:
    """Return a consumer of Channels that closes on purpose."""
    django_settings()

    async def connect(self: Any) -> None:
        await self.close()

    base = import_module("channels.generic.websocket").AsyncWebsocketConsumer
    made: Any = type("Closing", (base,), {"connect": connect})
    return made.as_asgi()


def origin_validator(*origins: str) -> Any:
    """Return an OriginValidator of Channels around a consumer that closes."""
    consumer = closing_consumer()
    security = import_module("channels.security.websocket")
    return security.OriginValidator(consumer, list(origins))


def auth_middleware() -> Any:
    """Return AuthMiddleware of Channels, without the session that it needs."""
    consumer = closing_consumer()
    return import_module("channels.auth").AuthMiddleware(consumer)


def socketio_app(**options: Any) -> Any:
    """Return an application of python-socketio that allows one Origin."""
    socketio = import_module("socketio")
    server = socketio.AsyncServer(async_mode="asgi", cors_allowed_origins=[GOOD_ORIGIN])
    return socketio.ASGIApp(server, **options)


def recorded(app: ASGIApp, handshake: Handshake, **changes: Any) -> HandshakeRecord:
    """Return the one record of a handshake with an application, if it raises or not."""
    recorder = RecordingObserver()
    wrapped = WebSocketHandshakeMiddleware(app, observers=[recorder])
    with suppress(ValueError, TypeError):
        ask(wrapped, handshake.websocket_scope(**changes), *_EVENTS)
    (record,) = recorder.records
    return record


def cause_of(record: HandshakeRecord) -> tuple[str, str]:
    """Return code and fix of the cause; two empty texts if there is none."""
    causes = record.rejection.causes if record.rejection else ()
    return (causes[0].code, causes[0].fix) if causes else ("", "")


def reason_of(record: HandshakeRecord) -> str | None:
    """Return what the application said."""
    denial = record.rejection and record.rejection.denial
    return denial.reason if denial else None
