"""Lets server and middleware find each other, and completes the check, or warns."""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from weakref import ReferenceType, WeakKeyDictionary, WeakSet, ref

import structlog

from ws_handshake.asgi.server import config_of, other_server, uvicorn_line
from ws_handshake.outcome.harmless import Harmless
from ws_handshake.outcome.loggers import write_anyhow
from ws_handshake.outcome.observer import Notifier
from ws_handshake.structlog import StructlogObserver

if TYPE_CHECKING:
    from collections.abc import Callable

    from ws_handshake.asgi.scope import Scope

M = TypeVar("M")

PACKAGE = "ws_handshake.uvicorn"

_INSTALLED = "websocket.handshake.protocol_installed"
_INSTALLED_LATE = "websocket.handshake.protocol_installed_late"
_NOT_INSTALLED = "websocket.handshake.protocol_not_installed"
_UNCHECKED = (
    "uvicorn responds to most broken handshakes, without a reason, before the "
    "application sees them"
)
# By what has reached the middleware first, for want of a lifespan.
_LATE = {
    "http": "no lifespan has reached the middleware, so the connections before this "
    "request were not checked in full; to check all, ",
    "websocket": "neither a lifespan nor a plain request has reached the middleware; "
    f"until one does, {_UNCHECKED}; put it around the whole application, and ",
}
_DEEPEST = 32

_logger = structlog.get_logger("ws_handshake")


class _Place(NamedTuple):
    """Where a middleware stands: before all paths that begin with `prefix`."""

    prefix: str
    middleware: ReferenceType[Any]


# By the configuration of the server, which uvicorn hands to each connection: so nothing
# of ours is in a state or a scope that other people read.
_places: WeakKeyDictionary[object, list[_Place]] = WeakKeyDictionary()
_alive: WeakSet[object] = WeakSet()
_without_response: WeakKeyDictionary[object, int] = WeakKeyDictionary()


def exists(middleware: object) -> None:
    """Note that there is a middleware, wherever it will stand."""
    _alive.add(middleware)


def introduce(
    middleware: object,
    scope: Scope,
    receive: object,
    send: object,
    *,
    installs: bool = True,
) -> None:
    """Let the server that calls and the middleware find each other.

    A lifespan reaches what stands before the whole application; without one the first
    plain request shows where a middleware stands. A WebSocket does not: plain requests,
    which broken handshakes become, may go elsewhere. `installs` has uvicorn get our
    protocol class; where the check stays incomplete, a warning names what to do. Never
    raises: what it looks at is others'.
    """
    kind = scope["type"]
    with Harmless():
        config = config_of(scope, receive, send)
        if config is not None and kind != "websocket":
            prefix = "" if kind == "lifespan" else scope.get("root_path", "")
            register(config, middleware, prefix)
        if _has_protocol(config):
            if not _is_ours(config):
                _install(config, kind, installs=installs)
            return
        other = other_server(receive, send)
        if other is not None and other.module not in sys.modules:
            _warn_once(_NOT_INSTALLED, other.hint())


def _install(config: Any, kind: str, *, installs: bool) -> None:  # noqa: ANN401  (uvicorn need not be installed)
    """Have uvicorn use our protocol class, or warn that it does not."""
    if not installs:
        _warn_once(_NOT_INSTALLED, f"{_UNCHECKED}; {uvicorn_line()}")
        return
    hint = (
        f"{_UNCHECKED}: it has changed what we build on; update uvicorn or ws-handshake"
    )
    with Harmless():
        other = import_module(f"{PACKAGE}.install").install(config)
        if other is None:
            _report_installed(config, kind)
            return
        hint = f"{_UNCHECKED}: {other} is not its own class; {uvicorn_line()}"
    _warn_once(_NOT_INSTALLED, hint)


def _report_installed(config: Any, kind: str) -> None:  # noqa: ANN401  (ditto)
    if structlog.is_configured():  # else it is printed, and nobody has to do anything
        ours = config.http_protocol_class
        fields = {"http_protocol_class": f"{ours.__module__}:{ours.__qualname__}"}
        write_anyhow(_logger, "debug", _INSTALLED, fields)
    if kind != "lifespan":
        _warn_once(_INSTALLED_LATE, _LATE[kind] + uvicorn_line())


def register(config: object, middleware: object, prefix: str = "") -> list[_Place]:
    """Note that a middleware stands before all paths that begin with `prefix`.

    Of several that stand before the same paths the first is kept: the outermost, which
    a request meets first. Returns all that are known.
    """
    places = [place for place in _places.get(config, ()) if place.middleware()]
    if all(place.prefix != prefix for place in places):
        places.append(_Place(prefix, ref(middleware)))
    places.sort(key=lambda place: len(place.prefix))
    _places[config] = places
    return places


def middleware_for(
    config: object, kind: type[M], app: object, path: Callable[[], str]
) -> M | None:
    """Return the middleware that a request meets first, or None if that is unknown.

    Before any has introduced itself it is looked for in `app`, as far as wrappings keep
    in `.app` what they wrap.
    """
    places = _places.get(config)
    if places is None:
        found = _within(app, kind)
        if found is None:
            return None
        places = register(config, found)
    for place in places:
        found = place.middleware()
        if isinstance(found, kind) and (not place.prefix or _is_below(place, path())):
            return found
    return None


def _is_below(place: _Place, path: str) -> bool:
    return f"{path}/".startswith(f"{place.prefix.rstrip('/')}/")


def _within(app: object, kind: type[M]) -> M | None:
    for _ in range(_DEEPEST):
        if app is None or isinstance(app, kind):
            return app
        app = getattr(app, "app", None)
    return None


def _has_protocol(config: object) -> bool:
    """Return whether a server is uvicorn, and shows which HTTP protocol it uses."""
    return isinstance(getattr(config, "http_protocol_class", None), type)


def _is_ours(config: Any) -> bool:  # noqa: ANN401  (ditto)
    bases = config.http_protocol_class.__mro__
    return any(base.__module__.startswith("ws_handshake.") for base in bases)


def note_no_response(config: object) -> None:
    """Note a handshake that no middleware is known to judge, and log it if none is.

    The first may be the one by which a middleware introduces itself.
    """
    count = _without_response[config] = _without_response.get(config, 0) + 1
    if count == 2 and not _alive:  # noqa: PLR2004
        _warn(
            "websocket.handshake.middleware_missing",
            "only the middleware explains broken handshakes, so they get uvicorn's own "
            "response, without a reason; wrap the application: "
            "app = WebSocketHandshakeMiddleware(app)",
        )


def _warn(event: str, hint: str) -> None:
    write_anyhow(_logger, "warning", event, {"hint": hint})


@cache
def _warn_once(event: str, hint: str) -> None:
    _warn(event, hint)


@cache
def own_notifier() -> Notifier:
    """Return the notifier where no middleware has been found."""
    return Notifier((StructlogObserver(),))
