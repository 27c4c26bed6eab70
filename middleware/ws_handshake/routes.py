"""What the application's routing made of a path, as far as the application shows it.

Starlette and FastAPI leave traces in the scope: `router` once they look for a route,
`endpoint` once they found one. Of other frameworks nothing is said.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from ws_handshake.causes import (
    HTTP_ANSWER_ON_WEBSOCKET,
    NO_ROUTE,
    PATH_PREFIX_DOUBLED,
)
from ws_handshake.redaction import path_only

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ws_handshake.causes import Cause
    from ws_handshake.scopes import Message, Scope

_SHOWN = 3
_DEEPEST = 8


def what_the_app_did(
    scope: Scope, message: Message
) -> tuple[tuple[Cause, ...], str | None]:
    """Return why the application turned a sound handshake down, and a hint for its log.

    Nothing is said where it did so on purpose: an endpoint ran and refused.
    """
    if message["type"] == "http.response.start":
        return (HTTP_ANSWER_ON_WEBSOCKET,), None
    if message["type"] != "websocket.close" or not is_unrouted(scope):
        return (), None
    doubled = has_doubled_prefix(scope)
    return (PATH_PREFIX_DOUBLED if doubled else NO_ROUTE,), hint(scope)


def is_unrouted(scope: Scope) -> bool:
    """Say whether a router looked for an endpoint, and found none for the path.

    A middleware that closes before anybody has looked does so on purpose. An endpoint
    that has routes of its own is a mounted application: if one of them matches, it was
    not asked, and else what is within has matched no further.
    """
    if "router" not in scope:
        return False
    last = scope.get("endpoint", scope["router"])
    if _serves_files(last):
        return True
    routes = getattr(last, "routes", None)
    return routes is not None and not any(
        route.matches(scope)[0].value for route in routes
    )


def _serves_files(endpoint: object) -> bool:
    """Files are often mounted at `/`, so that they get what nothing else matches."""
    return any(base.__name__ == "StaticFiles" for base in type(endpoint).__mro__)


def has_doubled_prefix(scope: Scope) -> bool:
    """Say whether the path begins with the server's root path twice."""
    prefix = _first_prefix(scope)
    return bool(prefix) and f"{scope['path']}/".startswith(f"{prefix * 2}/")


def hint(scope: Scope) -> str:
    """Return, for the owner, which path found no route and which ones are like it."""
    known = list(dict.fromkeys(_websocket_paths(scope["router"], "", _DEEPEST)))
    said = f"No WebSocket route matches '{path_only(scope['path'])}'"
    if not known:
        return f"{said}; the application has none."
    near = get_close_matches(_within(scope), known, _SHOWN, 0.5) or known[:_SHOWN]
    return f"{said}; nearest: " + ", ".join(f"'{route}'" for route in near) + "."


def _websocket_paths(app: object, prefix: str, depth: int) -> Iterator[str]:
    for route in getattr(app, "routes", None) or ():
        path = f"{prefix}{getattr(route, 'path', '')}"
        # FastAPI keeps an included router, and the prefix it was given, in these
        included = getattr(route, "original_router", None)
        given = getattr(getattr(route, "include_context", None), "prefix", "")
        if any(base.__name__ == "WebSocketRoute" for base in type(route).__mro__):
            yield path
        elif depth:
            yield from _websocket_paths(included or route, path + given, depth - 1)


def _within(scope: Scope) -> str:
    """Return the path as routes are written: without the server's root path."""
    path, prefix = scope["path"], _first_prefix(scope)
    while prefix and path.startswith(f"{prefix}/"):
        path = path.removeprefix(prefix)
    return str(path)


def _first_prefix(scope: Scope) -> str:
    # a mount adds its own path to root_path; what the server said comes first
    prefix: str = scope.get("app_root_path", scope.get("root_path", ""))
    return prefix.rstrip("/")
