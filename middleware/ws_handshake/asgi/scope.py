"""An ASGI connection scope: what shows in it at a glance, and the verdict in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ws_handshake.core.request import EVIDENCE, FIRST_EVIDENCE
from ws_handshake.core.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping
    from typing import Any, TypeGuard

    Header = tuple[bytes, bytes]
    Scope = MutableMapping[str, Any]
    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    # Any: Litestar, Quart and Falcon have types of their own for these three
    ASGIApp = Callable[[Any, Any, Any], Awaitable[Any]]

#: Where the application finds the verdict: `scope["state"]["websocket_handshake"]`.
VERDICT_KEY = "websocket_handshake"

# The versions that ASGI has for HTTP/2 and HTTP/3. `HTTP/2.0` is what a client may
# write into an HTTP/1.1 request.
_FRAMED = frozenset(["2", "3"])


class HandedOver(Verdict):
    """A verdict on a handshake whose Host the server had to get in another form.

    `host` is what the application is to see.
    """

    host: bytes


class PassedOn(Verdict):
    """A verdict with which a middleware has called its application.

    That middleware has reported what is wrong in it, and reports what becomes of it;
    none within it does.
    """


class Over(Verdict):
    """A verdict whose application has returned; tests use one scope several times."""


def verdict_before(scope: Scope) -> Verdict | None:
    """Return the verdict of a protocol class, or of a middleware further out."""
    state = scope.get("state")
    verdict = state.get(VERDICT_KEY) if isinstance(state, dict) else None
    is_ours = isinstance(verdict, Verdict) and not isinstance(verdict, Over)
    return verdict if is_ours else None


def is_settled(verdict: Verdict | None) -> TypeGuard[Verdict]:
    """Return whether the protocol class has found the handshake valid.

    A verdict of another class stands for something that is left to do.
    """
    return type(verdict) is Verdict and not verdict.violations


def leave_verdict(scope: Scope, verdict: Verdict) -> None:
    """Leave a verdict for the application, if the scope has a place for it."""
    state = scope.setdefault("state", {})
    if isinstance(state, dict):
        state[VERDICT_KEY] = verdict


def end(scope: Scope) -> None:
    """Note that the application has returned."""
    verdict = verdict_before(scope)
    if verdict is not None:
        leave_verdict(scope, Over(*verdict))


def readable(scope: Scope) -> Scope:
    """Return a scope that can be read more than once.

    ASGI asks for no more than an iterable of headers, and of each of them; Falcon's
    test client takes it at its word. The application wants to read them too.
    """
    headers = scope.get("headers", ())
    if type(headers) is list or isinstance(headers, tuple):
        return scope
    if not isinstance(headers, Iterable):
        return scope
    kept: dict[str, Any] = {**scope, "headers": [tuple(pair) for pair in headers]}
    for name in ("client", "server", "subprotocols"):
        if isinstance(kept.get(name), Iterator):
            kept[name] = tuple(kept[name])
    return kept


def has_evidence(scope: Scope) -> bool:
    """Return whether the names of an `http` scope's headers may show a handshake."""
    try:
        for name, _ in scope.get("headers", ()):
            if name >= FIRST_EVIDENCE and name in EVIDENCE:
                return True
    except (TypeError, ValueError):
        return False  # these are no headers, and the application's to reject
    return False


def path_within(scope: Scope) -> str:
    """Return the path as the application's routes are written.

    ASGI, HTTP connection scope: `root_path` is the beginning of `path`.
    """
    path: str = scope.get("path", "")
    root: str = scope.get("root_path", "").rstrip("/")
    return path.removeprefix(root) if path.startswith(f"{root}/") else path


def takes_denials(scope: Scope) -> bool:
    """Return whether the server lets a WebSocket be denied with a response of ours."""
    return "websocket.http.response" in (scope.get("extensions") or ())


def speaks_http1(scope: Scope) -> bool:
    """Return whether the response goes out as HTTP/1.1, and so has to close.

    Other versions are HTTP/1.1, too: uvicorn takes `HTTP/0.9` and `HTTP/2.0`.
    """
    return scope.get("http_version", "1.1") not in _FRAMED
