"""Reads an ASGI connection scope: its request head and what may be told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ws_handshake import head as at
from ws_handshake.handover import with_host
from ws_handshake.head import RequestHead, build
from ws_handshake.refusal import circumstances

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping
    from typing import Any

    from ws_handshake.refusal import Circumstances

    Scope = MutableMapping[str, Any]
    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    # Any: Litestar, Quart and Falcon have types of their own for these three
    ASGIApp = Callable[[Any, Any, Any], Awaitable[None]]

#: Where the application finds the verdict: `scope["state"]["websocket_handshake"]`.
VERDICT_KEY = "websocket_handshake"

# Where a door says that it has looked, and seen no evidence of a handshake.
PLAIN_KEY = "websocket_handshake.plain"

# Where a door leaves the Host that it had to write differently for its server.
HOST_KEY = "websocket_handshake.host"

# Starlette's TestClient opens every WebSocket with this key, from this address.
_TEST_CLIENT = "testclient"
_TEST_KEY = (at.KEY, b"testserver==")


def http_head(scope: Scope) -> RequestHead:
    """Return the request head of an `http` scope."""
    query = scope.get("query_string", b"")
    path = scope.get("raw_path") or scope["path"].encode("utf-8", "surrogateescape")
    target = path + b"?" + query if query else path
    version, scheme = scope.get("http_version", "1.1"), scope.get("scheme", "")
    return build(
        RequestHead,
        (scope["method"], version, scope["headers"], target, scheme, False),
    )


def websocket_head(scope: Scope) -> RequestHead:
    """Return the request head of a `websocket` scope: its server is to upgrade.

    wsproto takes Sec-WebSocket-Protocol out of the headers, so the offer is read from
    the scope where the field is missing.
    """
    headers = list(scope["headers"])
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
    scope["headers"] = with_host(scope["headers"], host)


def told_of(scope: Scope, head: RequestHead) -> Callable[[], Circumstances]:
    """Return what works out, once it is asked, what may be told of the request.

    A closure: its repr shows nothing of what is in it.
    """
    path, root_path = scope["path"], scope.get("root_path")
    address = _client_address(scope)
    known_method = scope["type"] == "http"
    known_version = "http_version" in scope
    return lambda: circumstances(
        head,
        path=_path(path, root_path or ""),
        client_address=address,
        known_method=known_method,
        known_version=known_version,
    )


def takes_denials(scope: Scope) -> bool:
    """Say whether the server lets a WebSocket be denied with a response of ours."""
    return "websocket.http.response" in (scope.get("extensions") or ())


def speaks_http1(scope: Scope) -> bool:
    """Say whether the answer goes out as HTTP/1.x; unsaid, it does."""
    return str(scope.get("http_version", "1.1")).startswith("1")


def _path(path: str, root_path: str) -> str:
    """Return the path; of a target that is none, without the root path before it."""
    within = path.removeprefix(root_path)
    return path if within[:1] in {"/", ""} else within


def _client_address(scope: Scope) -> str | None:
    client = scope.get("client")
    return client[0] if client else None
