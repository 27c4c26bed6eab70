"""Lets server and middleware find each other, and reports what is missing."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from weakref import ReferenceType, WeakKeyDictionary, WeakSet, ref

import structlog

from ws_handshake.outcome.loggers import write_anyhow
from ws_handshake.outcome.observer import Notifier
from ws_handshake.structlog import StructlogObserver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, MutableMapping

M = TypeVar("M")

PACKAGE = "ws_handshake.uvicorn"

_SERVERS = frozenset(["uvicorn.config", "hypercorn.config"])
_OF_GUNICORN = frozenset(["gunicorn.asgi.lifespan", "gunicorn.asgi.protocol"])
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
    middleware: object, scope: MutableMapping[str, Any], receive: object
) -> None:
    """Let the server that calls find the middleware; say if uvicorn has no protocol class.

    A lifespan reaches what stands before the whole application; without one the first
    plain request says where a middleware stands. A WebSocket does not: plain requests,
    which broken handshakes become, may go elsewhere. Never raises: what it looks at is
    others'.
    """
    with suppress(Exception):
        config = config_of(receive)
        if config is None:
            return
        known = config in _places
        prefix = "" if scope["type"] == "lifespan" else scope.get("root_path", "")
        register(config, middleware, prefix)
        if not known and lacks_protocol(config):
            _warn(
                "websocket.handshake.protocol_not_installed",
                "uvicorn responds to most broken handshakes before the application sees "
                f"them, without a reason; start it with --http {PACKAGE}:AutoHTTPProtocol",
            )


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


def config_of(receive: object) -> object | None:
    """Return the configuration of the server that calls, if it is one that we know.

    Its `receive` is bound to what holds the configuration. Where a framework has
    wrapped it, the task that runs the application is the server's. gunicorn's lifespan
    has no configuration: there it is the application that gunicorn was given.
    """
    for holder in _holders(receive):
        config: object = getattr(holder, "config", None)
        if _is_of(config, _SERVERS):
            return config
        app: object = getattr(holder, "app", None)
        if app is not None and _is_of(holder, _OF_GUNICORN):
            return app
    return None


def _is_of(thing: object, modules: frozenset[str]) -> bool:
    return any(base.__module__ in modules for base in type(thing).__mro__)


def _holders(receive: object) -> Iterator[object]:
    for owner in (getattr(receive, "__self__", None), _of_task()):
        yield owner
        # a request's is bound to its cycle, and that to the protocol by a callback
        yield getattr(getattr(owner, "on_response", None), "__self__", None)
        yield getattr(owner, "protocol", None)  # gunicorn's


def _of_task() -> object | None:
    try:
        task = asyncio.current_task()
    except RuntimeError:  # another event loop than asyncio's
        return None
    frame = getattr(task and task.get_coro(), "cr_frame", None)
    owner: object = getattr(frame, "f_locals", {}).get("self")
    return owner


def lacks_protocol(config: object) -> bool:
    """Return whether a server is uvicorn, and its HTTP protocol is not ours."""
    protocol = getattr(config, "http_protocol_class", None)
    return isinstance(protocol, type) and not any(
        base.__module__.startswith("ws_handshake.") for base in protocol.__mro__
    )


def note_no_response(config: object) -> None:
    """Note a handshake that no middleware is known to judge, and log it if none is.

    The first may be the one by which a middleware introduces itself.
    """
    count = _without_response[config] = _without_response.get(config, 0) + 1
    if count == 2 and not _alive:  # noqa: PLR2004
        _warn(
            "websocket.handshake.middleware_missing",
            "broken handshakes get a response as uvicorn responds to them, for only the "
            "middleware says what is wrong; wrap the application: "
            "app = WebSocketHandshakeMiddleware(app)",
        )


def _warn(event: str, hint: str) -> None:
    write_anyhow(_logger, "warning", event, {"hint": hint})


@cache
def own_notifier() -> Notifier:
    """Return who is reported where no middleware has been found."""
    return Notifier((StructlogObserver(),))
