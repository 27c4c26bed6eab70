"""Where middlewares stand: which of them a request of a server meets first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from weakref import ReferenceType, WeakKeyDictionary, ref

if TYPE_CHECKING:
    from collections.abc import Callable

M = TypeVar("M")

_DEEPEST = 32


class _Place(NamedTuple):
    """Where a middleware stands: before all paths that begin with `prefix`."""

    prefix: str
    middleware: ReferenceType[Any]


# By the configuration of the server, which uvicorn hands to each connection: so nothing
# of ours is in a state or a scope that other people read.
_places: WeakKeyDictionary[object, list[_Place]] = WeakKeyDictionary()


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
