"""What the middleware and the doors tell each other, and the owner, at start-up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, MutableMapping
    from typing import Any

#: Where a door finds the middleware: in the lifespan state, which servers hand on.
MIDDLEWARE_KEY = "websocket_handshake.middleware"

DOOR = "ws_handshake.uvicorn"
_UVICORN_LIFESPAN = "uvicorn.lifespan.on"
_DEEPEST = 32

_logger = structlog.get_logger("ws_handshake")


def introduce(
    middleware: object, scope: MutableMapping[str, Any], receive: object
) -> None:
    """Leave the middleware in the lifespan state, and say if uvicorn has no door.

    Of several the outermost stays there: a request meets it first.
    """
    state = scope.get("state")
    if state is not None:
        if MIDDLEWARE_KEY in state:
            return
        state[MIDDLEWARE_KEY] = middleware
    if lacks_door(receive):
        _logger.warning(
            "websocket.handshake.door_missing",
            hint=(
                "uvicorn answers most broken handshakes before the application sees "
                f"them, without a reason; start it with --http {DOOR}:AutoHTTPProtocol"
            ),
        )


def lacks_door(receive: object) -> bool:
    """Say whether uvicorn runs the lifespan, and its HTTP protocol is not ours."""
    server = getattr(receive, "__self__", None)
    if type(server).__module__ != _UVICORN_LIFESPAN:
        return False
    protocol = getattr(getattr(server, "config", None), "http_protocol_class", None)
    return isinstance(protocol, type) and not any(
        base.__module__.startswith("ws_handshake.") for base in protocol.__mro__
    )


def find_middleware(
    is_middleware: Callable[[object], bool], app: object, state: Mapping[str, Any]
) -> object | None:
    """Return the middleware behind a door: of the lifespan state, else of the apps.

    Without a lifespan only wrappings that keep their application in `.app` can be seen
    through.
    """
    if MIDDLEWARE_KEY in state:
        found: object = state[MIDDLEWARE_KEY]
        return found
    for _ in range(_DEEPEST):
        if app is None or is_middleware(app):
            return app
        app = getattr(app, "app", None)
    return None


def say_middleware_is_missing() -> None:
    """Say that a door stands open with nobody behind it who answers."""
    _logger.warning(
        "websocket.handshake.middleware_missing",
        hint=(
            "the door keeps broken handshakes from being upgraded, but only the "
            "middleware tells the client why; wrap the application: "
            "app = WebSocketHandshakeMiddleware(app)"
        ),
    )
