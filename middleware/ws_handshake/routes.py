"""What the application's routing made of a path, as far as the application shows it.

Starlette and FastAPI leave traces in the scope: `endpoint` once a route matched, `app`
with its `routes`. Other frameworks show nothing, and nothing is said of them.
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
    """Say whether a routing application found no endpoint for the path.

    An endpoint that has routes of its own is a mounted application: what is within it
    matched no further.
    """
    routed = hasattr(scope.get("app"), "routes")
    endpoint = scope.get("endpoint")
    return routed and (endpoint is None or hasattr(endpoint, "routes"))


def has_doubled_prefix(scope: Scope) -> bool:
    """Say whether the path begins with the server's root path twice."""
    prefix = _first_prefix(scope)
    return bool(prefix) and scope["path"].startswith(prefix * 2)


def hint(scope: Scope) -> str:
    """Return, for the owner, which path found no route and which ones are like it."""
    path = scope["path"]
    found = _websocket_paths(scope["app"], _mounted_at(scope), _DEEPEST)
    known = list(dict.fromkeys(found))
    said = f"No WebSocket route matches '{path_only(path)}'"
    if not known:
        return f"{said}; the application has none."
    near = get_close_matches(path, known, _SHOWN, 0.5) or known[:_SHOWN]
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


def _mounted_at(scope: Scope) -> str:
    """Return the path of the mount whose application was the last to look."""
    if scope.get("endpoint") is not scope["app"]:
        return ""
    root: str = scope.get("root_path", "")
    return root.removeprefix(_first_prefix(scope))


def _first_prefix(scope: Scope) -> str:
    # a mount adds its own path to root_path; what the server said comes first
    prefix: str = scope.get("app_root_path", scope.get("root_path", ""))
    return prefix.rstrip("/")
