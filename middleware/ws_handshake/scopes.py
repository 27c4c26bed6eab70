"""Reads an ASGI connection scope: its request head and what may be told of it."""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping
from typing import TYPE_CHECKING

from ws_handshake import head as at
from ws_handshake.handover import with_host
from ws_handshake.head import EVIDENCE, RequestHead, build
from ws_handshake.refusal import circumstances
from ws_handshake.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from typing import Any

    from ws_handshake.refusal import Circumstances

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

# Starlette's TestClient opens every WebSocket with this key, from this address.
_TEST_CLIENT = "testclient"
_TEST_KEY = (at.KEY, b"testserver==")


class HandedOver(Verdict):
    """A verdict on a handshake whose Host the server had to get in another form.

    `host` is what the application is to see.
    """

    host: bytes


class PassedOn(Verdict):
    """A verdict with which a middleware has called its application.

    What is wrong in it was reported, and what becomes of it that middleware reports; of
    others within it none does.
    """


class Over(Verdict):
    """A verdict whose application has returned; tests use one scope several times."""


def verdict_before(scope: Scope) -> Verdict | None:
    """Return the verdict of a door, or of a middleware further out, on a request."""
    state = scope.get("state")
    verdict = state.get(VERDICT_KEY) if isinstance(state, MutableMapping) else None
    is_ours = isinstance(verdict, Verdict) and not isinstance(verdict, Over)
    return verdict if is_ours else None


def leave_verdict(scope: Scope, verdict: Verdict) -> None:
    """Leave a verdict for the application, if the scope has a place for it."""
    state = scope.setdefault("state", {})
    if isinstance(state, MutableMapping):
        state[VERDICT_KEY] = verdict


def end(scope: Scope) -> None:
    """Note that the application has returned."""
    verdict = verdict_before(scope)
    if verdict is not None:
        leave_verdict(scope, Over(*verdict))


def readable(scope: Scope) -> Scope:
    """Return a scope whose headers can be read more than once.

    ASGI asks for no more than an iterable, and an application wants to read it too.
    """
    headers = scope.get("headers", ())
    if isinstance(headers, list | tuple) or not isinstance(headers, Iterable):
        return scope
    return {**scope, "headers": list(headers)}


def has_evidence(scope: Scope) -> bool:
    """Say whether the names of an `http` scope's headers may show a handshake."""
    try:
        for name, _ in scope.get("headers", ()):
            if name in EVIDENCE:
                return True
    except (TypeError, ValueError):
        return False  # these are no headers, and the application's to refuse
    return False


def path_within(scope: Scope) -> str:
    """Return the path as the application's routes are written.

    ASGI, HTTP connection scope: `root_path` is the beginning of `path`.
    """
    path: str = scope.get("path", "")
    root: str = scope.get("root_path", "").rstrip("/")
    return path.removeprefix(root) if path.startswith(f"{root}/") else path


def http_head(scope: Scope) -> RequestHead:
    """Return the request head of an `http` scope."""
    query = scope.get("query_string", b"")
    path = scope.get("raw_path") or scope.get("path", "").encode(
        "utf-8", "surrogateescape"
    )
    target = path + b"?" + query if query else path
    version, scheme = scope.get("http_version", "1.1"), scope.get("scheme", "")
    method, headers = scope.get("method", "GET"), scope.get("headers", ())
    return build(RequestHead, (method, version, headers, target, scheme, False))


def websocket_head(scope: Scope) -> RequestHead:
    """Return the request head of a `websocket` scope: its server is to upgrade.

    wsproto takes Sec-WebSocket-Protocol out of the headers, so the offer is read from
    the scope where the field is missing.
    """
    headers = list(scope.get("headers", ()))
    offered = scope.get("subprotocols")
    if offered and all(name != at.PROTOCOL for name, _ in headers):
        headers.append((at.PROTOCOL, ", ".join(offered).encode("latin-1", "replace")))
    if _client_address(scope) == _TEST_CLIENT and _TEST_KEY in headers:
        headers.remove(_TEST_KEY)
    version = scope.get("http_version", "1.1")
    return RequestHead(
        "GET", version, headers, scheme=scope.get("scheme", ""), upgraded=True
    )


def restore_host(scope: Scope, host: bytes) -> None:
    """Put the Host back as the client sent it."""
    headers: Sequence[tuple[bytes, bytes]] = scope["headers"]
    scope["headers"] = with_host(headers, host)


def told_of(scope: Scope, head: RequestHead) -> Callable[[], Circumstances]:
    """Return what works out, once it is asked, what may be told of the request.

    A closure: its repr shows nothing of what is in it.
    """
    path, address = scope.get("path"), _client_address(scope)
    known_method = scope["type"] == "http"
    known_version = "http_version" in scope
    return lambda: circumstances(
        head,
        path=path,
        client_address=address,
        known_method=known_method,
        known_version=known_version,
    )


def takes_denials(scope: Scope) -> bool:
    """Say whether the server lets a WebSocket be denied with a response of ours."""
    return "websocket.http.response" in (scope.get("extensions") or ())


def speaks_http1(scope: Scope) -> bool:
    """Say whether the response goes out as HTTP/1.1, and so has to close.

    Whatever else the request says it is: uvicorn takes `HTTP/0.9` and `HTTP/2.0`.
    """
    return scope.get("http_version", "1.1") not in _FRAMED


def _client_address(scope: Scope) -> str | None:
    client = scope.get("client")
    return client[0] if client else None
