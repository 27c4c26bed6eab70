"""What a framework did by itself, recognised by its own functions on the stack.

An application that turns a handshake down calls `send`, so who does it stands on the
stack; of one that raises, in the traceback. Nothing is guessed from a text alone.
"""

from __future__ import annotations

import inspect
import sys
from itertools import islice
from typing import TYPE_CHECKING, Any

from ws_handshake.core.redaction import path_only
from ws_handshake.diagnosis.causes import (
    NO_ROUTE,
    ORIGIN_DENIED_BY_APP,
    SOCKETIO_BELOW_MOUNT,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from ws_handshake.asgi.scope import Scope
    from ws_handshake.diagnosis.cause import Cause

    Name = tuple[str, str]

_MOST_FRAMES = 100
_DEEPEST = 8

_ENGINEIO = "engineio.async_drivers.asgi"
_ENGINEIO_RESPONSE: Name = (_ENGINEIO, "make_response")
_ENGINEIO_NOT_FOUND: Name = (_ENGINEIO, "ASGIApp.not_found")
_BAD_ORIGIN = " is not an accepted origin."
_CHANNELS_DENIER: Name = ("channels.security.websocket", "WebsocketDenier.connect")
_OUR_CALL: Name = (
    "ws_handshake.asgi.middleware",
    "WebSocketHandshakeMiddleware._tracked",
)
_URL_ROUTER: Name = ("channels.routing", "URLRouter.__call__")

_CHANNELS_ORIGIN = ORIGIN_DENIED_BY_APP._replace(
    fix="Channels: add the host of the page to ALLOWED_HOSTS, or its Origin to the "
    "list of OriginValidator; a client without an Origin must send one.",
)
_SOCKETIO_ORIGIN = ORIGIN_DENIED_BY_APP._replace(
    fix="socketio.AsyncServer(cors_allowed_origins=[...]): add the Origin of the page."
)

# Each raises a ValueError where it has no place for a WebSocket.
_ROUTERS: dict[Name, Cause] = {
    _URL_ROUTER: NO_ROUTE,
    ("channels.routing", "ProtocolTypeRouter.__call__"): NO_ROUTE._replace(
        fix='ProtocolTypeRouter({"http": ..., "websocket": URLRouter([...])})'
    ),
    ("django.core.handlers.asgi", "ASGIHandler.__call__"): NO_ROUTE._replace(
        fix="Django serves no WebSockets by itself; with Channels: ProtocolTypeRouter("
        '{"http": get_asgi_application(), "websocket": URLRouter([...])})'
    ),
}


def origin_check(reason: str | None) -> Cause | None:
    """Return the cause if the caller's application has denied the Origin.

    `reason` is that of its close: Engine.IO sends all its denials from one place.
    """
    sender = _on_stack(_CHANNELS_DENIER, _ENGINEIO_RESPONSE)
    if sender is None:
        return None
    if _name(sender) == _CHANNELS_DENIER:
        return _CHANNELS_ORIGIN
    return _SOCKETIO_ORIGIN if (reason or "").endswith(_BAD_ORIGIN) else None


def engineio_not_found(scope: Scope) -> tuple[Cause, tuple[str, ...]] | None:
    """Return why Engine.IO's application has not found a path, and which it serves.

    It compares the whole path, of which a mount leaves its own in front.
    """
    frame = _on_stack(_ENGINEIO_NOT_FOUND)
    if frame is None:
        return None
    served: str = frame.f_locals["self"].engineio_path.rstrip("/")
    within: str = path_only(scope.get("root_path", "")).rstrip("/")
    path: str = scope["path"]
    if within and f"{path}/".startswith(f"{within}{served}/"):
        fix = f'socketio.ASGIApp(sio, socketio_path="{within}{served}")'
        return SOCKETIO_BELOW_MOUNT._replace(fix=fix), ()
    return NO_ROUTE, (served,)


def routing_error(error: BaseException) -> tuple[Cause, tuple[str, ...]] | None:
    """Return the cause if a router has raised for want of a route, and its routes."""
    frames = list(_in_traceback(error))
    cause = _ROUTERS.get(_name(frames[-1])) if frames else None
    if cause is None or not isinstance(error, ValueError):
        return None
    routers = [f.f_locals.get("self") for f in frames if _name(f) == _URL_ROUTER]
    return cause, tuple(_paths(routers[0], "/", _DEEPEST)) if routers else ()


def handled_error() -> Exception | None:
    """Return the error for which the application denies: the one that it has caught.

    It was caught within the application: in a frame that called us, up to ours.
    """
    error, frame = sys.exception(), inspect.currentframe()
    if not isinstance(error, Exception) or error.__traceback__ is None:
        return None
    catching = error.__traceback__.tb_frame
    for _ in range(_MOST_FRAMES):
        if frame is catching:
            return error
        if frame is None or _name(frame) == _OUR_CALL:
            break
        frame = frame.f_back
    return None


def _on_stack(*names: Name) -> FrameType | None:
    """Return the innermost frame with one of these names."""
    frame = inspect.currentframe()
    for _ in range(_MOST_FRAMES):
        if frame is None or _name(frame) in names:
            return frame
        frame = frame.f_back
    return None


def _in_traceback(error: BaseException) -> Iterator[FrameType]:
    trace = error.__traceback__
    while trace is not None:
        yield trace.tb_frame
        trace = trace.tb_next


def _name(frame: FrameType) -> Name:
    return str(frame.f_globals.get("__name__")), frame.f_code.co_qualname


def _paths(router: Any, prefix: str, depth: int) -> Iterator[str]:  # noqa: ANN401  (Channels need not be there)
    """Yield the paths of a URLRouter, as far as Django's patterns can be read."""
    for route in islice(router.routes, 200):
        path = prefix + str(route.pattern).lstrip("^").rstrip("$")
        yield path
        if depth and hasattr(route.callback, "routes"):
            yield from _paths(route.callback, path, depth - 1)
