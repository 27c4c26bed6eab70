"""Reads an ASGI connection scope: its request head and what may be told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ws_handshake import head as at
from ws_handshake.handover import with_host
from ws_handshake.head import RequestHead, build
from ws_handshake.refusal import circumstances

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Container, Iterable, MutableMapping
    from typing import Any

    from ws_handshake.refusal import Circumstances

    Header = tuple[bytes, bytes]
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

# What test clients write of themselves: the first two lines are of Starlette's, Lilya's
# and Litestar's, and so is the third where a test offers an empty list; the last one is
# BlackSheep's.
_MADE_UP = {
    at.KEY: b"testserver==",
    at.VERSION: b"13",
    at.PROTOCOL: b"",
    at.CONNECTION: b"keep-alive",
}


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
    the scope where the field is missing. What a test client makes up is left out: it
    reaches no server, and who forges it gains nothing.
    """
    headers = list(scope["headers"])
    names = {name.lower() for name, _ in headers}
    if not _is_of_a_server(scope, names):
        headers = _without_made_up(headers)
    if at.PROTOCOL not in names:
        offered = scope.get("subprotocols") or ()
        if not takes_denials(scope):
            # Litestar's and asgi-tools' clients have an empty name where there is no
            # offer; what wsproto has read comes from uvicorn, which takes denials
            offered = [name for name in offered if name]
        if offered:
            offer = ", ".join(offered).encode("latin-1", "replace")
            headers.append((at.PROTOCOL, offer))
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
    path, address = scope["path"], _client_address(scope)
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
    """Say whether the answer goes out as HTTP/1.x; unsaid, it does."""
    return str(scope.get("http_version", "1.1")).startswith("1")


def _is_of_a_server(scope: Scope, names: Container[bytes]) -> bool:
    """Say whether a server wrote it: all say `asgi`, but daphne no `http_version`.

    Over HTTP/1.1 it is by Upgrade that a server knows a handshake, and it hands it on.
    """
    return "asgi" in scope and (at.UPGRADE in names or not speaks_http1(scope))


def _without_made_up(headers: Iterable[Header]) -> list[Header]:
    """Return what a test has written itself; its client writes behind it."""
    written = []
    for name, value in headers:
        made_up = _MADE_UP.get(name.lower())
        if made_up is None:
            written.append((name, value))
        elif value != made_up:
            # Litestar's client joins the lines of one name
            written.append((name, value.removesuffix(b", " + made_up)))
    return written


def _client_address(scope: Scope) -> str | None:
    client = scope.get("client")
    return client[0] if client else None
