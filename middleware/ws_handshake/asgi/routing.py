"""What the application's routing made of a path, as far as the application shows it.

Starlette and FastAPI leave traces in the scope: `router` once they look for a route,
`endpoint` once they found one. Others show it in who sends or raises, if at all.
"""

from __future__ import annotations

from itertools import islice, pairwise
from typing import TYPE_CHECKING

from ws_handshake.asgi.frameworks import (
    engineio_not_found,
    origin_check,
    routing_error,
)
from ws_handshake.core.redaction import path_only
from ws_handshake.core.request import ORIGIN
from ws_handshake.diagnosis.causes import (
    HTTP_RESPONSE_ON_WEBSOCKET,
    NO_ROUTE,
    PATH_PREFIX_DOUBLED,
)
from ws_handshake.outcome.record import no_hint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ws_handshake.asgi.scope import Message, Scope
    from ws_handshake.diagnosis.cause import Cause

    Explained = tuple[tuple[Cause, ...], Callable[[], str | None]]

_REDIRECTS = frozenset([301, 302, 303, 307, 308])
_SHOWN = 3
_DEEPEST = 8
# A hint is to cost less than the handshake: so many routes and letters are looked at.
_MOST = 200
_LONGEST = 128
_ALIKE = 0.4


def what_the_app_did(
    scope: Scope, message: Message, reason: str | None = None
) -> Explained:
    """Return why the application turned a valid handshake down, and how to hint at it.

    `reason` is what it said. No cause is named where it did so on purpose: an endpoint
    ran and rejected. The hint is worked out when it is asked for: in a flood no log
    line is written.
    """
    if message["type"] == "http.response.start":
        found = engineio_not_found(scope)
        return (
            _named(scope, found) if found else ((HTTP_RESPONSE_ON_WEBSOCKET,), no_hint)
        )
    if message["type"] != "websocket.close":
        return (), _about_redirect if message.get("status") in _REDIRECTS else no_hint
    checked = origin_check(reason)
    if checked is not None:
        return (checked,), _about_origin(scope)
    if not is_unrouted(scope):
        return (), no_hint
    doubled = has_doubled_prefix(scope)
    return (PATH_PREFIX_DOUBLED if doubled else NO_ROUTE,), suggesting(scope)


def why_it_raised(scope: Scope, error: BaseException | None) -> Explained:
    """Return the cause of what an application raised, if that was its routing."""
    found = None if error is None else routing_error(error)
    return _named(scope, found) if found else ((), no_hint)


def _named(scope: Scope, found: tuple[Cause, tuple[str, ...]]) -> Explained:
    cause, served = found
    router, path, within = scope.get("router"), scope["path"], _within(scope)
    suggest = (lambda: _hint(router, path, within, served)) if served else no_hint
    return (cause,), suggest


def _about_redirect() -> str:
    return (
        "The application redirects, and WebSocket clients do not follow: connect to "
        "the right URL at once (wss://, or another path)."
    )


def _about_origin(scope: Scope) -> Callable[[], str | None]:
    sent = any(name.lower() == ORIGIN for name, _ in scope["headers"])
    return no_hint if sent else lambda: "The handshake has no Origin."


def is_unrouted(scope: Scope) -> bool:
    """Return whether a router looked for an endpoint, and found none for the path.

    A middleware that closes before the routing does so on purpose. An endpoint
    that has routes of its own is a mounted application: if one of them matches, it was
    not asked, and else what is within has matched no further.
    """
    router = scope.get("router")
    if router is None:
        return False
    last = scope.get("endpoint", router)
    if _serves_files(last):
        return True
    routes = getattr(last, "routes", None)
    if routes is None:
        return False
    if sum(1 for _ in islice(_routes(last, "", _DEEPEST), _MOST + 1)) > _MOST:
        # to ask them all again would cost too much; a router that has found a route
        # leaves an endpoint
        return last is router
    return not any(route.matches(scope)[0].value for route in routes)


def _serves_files(endpoint: object) -> bool:
    """Files are often mounted at `/`, so that they get what nothing else matches."""
    return _is_a("StaticFiles", endpoint)


def _serves_others(route: object) -> bool:
    return _is_a("Mount", route) and not _serves_files(getattr(route, "app", None))


def has_doubled_prefix(scope: Scope) -> bool:
    """Return whether the path begins with the server's root path twice."""
    prefix = _first_prefix(scope)
    return bool(prefix) and f"{scope['path']}/".startswith(f"{prefix * 2}/")


def suggesting(scope: Scope) -> Callable[[], str | None]:
    """Return what works out, for the operator, which routes are like the path.

    A closure: its repr shows nothing of what is in it.
    """
    router, path, within = scope["router"], scope["path"], _within(scope)
    return lambda: _hint(router, path, within)


def _hint(
    router: object, path: str, within: str, served: Sequence[str] = ()
) -> str | None:
    """Name the routes that are near: those of a router, and others that are served."""
    try:
        looked_at = list(islice(_routes(router, "", _DEEPEST), _MOST))
        routes = [p for p, route in looked_at if _is_a("WebSocketRoute", route)]
        plain = [p for p, route in looked_at if _is_a("Route", route)]
        mounts = [p for p, route in looked_at if _serves_others(route)]
    except Exception:  # noqa: BLE001  (anything may be named `routes`)
        return None
    known = list(dict.fromkeys([*served, *routes]))
    if within in plain and within not in known:
        return f"The route '{within}' is one for plain HTTP, and none for WebSockets."
    return _nearest_of(path, within, known, mounts[:_SHOWN])


def _nearest_of(
    path: str, within: str, known: Sequence[str], mounts: Sequence[str]
) -> str:
    if path in known:
        return (
            f"The route '{path}' is there, and what stands before it, such as a "
            "mount, takes its path."
        )
    shown = path_only(path)
    missing = "No WebSocket route matches " + (f"'{shown}'" if shown else "the path")
    if "://" in path:
        missing += ", in which a whole URL stands"
    elif "//" in path:
        missing += ", in which two slashes stand in a row"
    if not known:
        others = f", but mounts at {_quoted(mounts)}" if mounts else ""
        return f"{missing}; the application has none{others}."
    near = _nearest(within, known) or known[:_SHOWN]
    hint = f"{missing}; nearest: {_quoted(near)}."
    slashed = any(route.startswith("//") for route in near)
    return hint + (" Channels' patterns begin without a slash." if slashed else "")


def _quoted(routes: Iterable[str]) -> str:
    return ", ".join(f"'{route or '/'}'" for route in routes)


def _routes(app: object, prefix: str, depth: int) -> Iterator[tuple[str, object]]:
    """Yield all routes with their paths, and behind each those that are within it."""
    for route in getattr(app, "routes", None) or ():
        path = f"{prefix}{getattr(route, 'path', '')}"
        yield path, route
        if depth:
            # FastAPI keeps an included router, and the prefix it was given, in these
            included = getattr(route, "original_router", None)
            given = getattr(getattr(route, "include_context", None), "prefix", "")
            yield from _routes(included or route, path + given, depth - 1)


def _is_a(name: str, of: object) -> bool:
    return any(base.__name__ == name for base in type(of).__mro__)


def _nearest(path: str, known: Iterable[str]) -> list[str]:
    """Return the routes that share most pairs of letters with the path (Dice)."""
    wanted = _pairs(path)
    alike = [(_likeness(wanted, _pairs(route)), route) for route in known]
    alike.sort(key=lambda pair: -pair[0])
    return [route for likeness, route in alike[:_SHOWN] if likeness >= _ALIKE]


def _pairs(path: str) -> set[tuple[str, str]]:
    short = path[:_LONGEST]
    return set(pairwise(short))


def _likeness(one: set[tuple[str, str]], other: set[tuple[str, str]]) -> float:
    return 2 * len(one & other) / (len(one) + len(other) or 1)


def _within(scope: Scope) -> str:
    """Return the path as routes are written: without the server's root path."""
    prefix = _first_prefix(scope)
    path: str = scope["path"][: 2 * len(prefix) + _LONGEST]
    while prefix and path.startswith(f"{prefix}/"):
        path = path.removeprefix(prefix)
    return path


def _first_prefix(scope: Scope) -> str:
    # a mount adds its own path to root_path, behind the server's
    prefix: str = scope.get("app_root_path", scope.get("root_path", ""))
    return prefix.rstrip("/")
