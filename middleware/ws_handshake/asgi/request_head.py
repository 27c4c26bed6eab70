"""An ASGI connection scope as a request, and what may be reported of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ws_handshake.asgi.scope import speaks_http1, takes_denials
from ws_handshake.core.normalize import with_host
from ws_handshake.core.request import (
    CONNECTION,
    KEY,
    PROTOCOL,
    UPGRADE,
    VERSION,
    RequestHead,
)
from ws_handshake.outcome.record import request_facts

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Sequence

    from ws_handshake.asgi.scope import Header, Scope
    from ws_handshake.outcome.record import RequestFacts

# What test clients write of themselves: the first two lines are of Starlette's, Lilya's
# and Litestar's, and so is the third where a test offers an empty list; the last one is
# BlackSheep's.
_MADE_UP = {
    KEY: b"testserver==",
    VERSION: b"13",
    PROTOCOL: b"",
    CONNECTION: b"keep-alive",
}


def http_head(scope: Scope) -> RequestHead:
    """Return the request head of an `http` scope."""
    query = scope.get("query_string", b"")
    path = scope.get("raw_path") or scope.get("path", "").encode(
        "utf-8", "surrogateescape"
    )
    target = path + b"?" + query if query else path
    version, scheme = scope.get("http_version", "1.1"), scope.get("scheme", "")
    method, headers = scope.get("method", "GET"), scope.get("headers", ())
    return RequestHead(method, version, headers, target, scheme)


def websocket_head(scope: Scope) -> RequestHead:
    """Return the request head of a `websocket` scope: its server is to upgrade.

    wsproto takes Sec-WebSocket-Protocol out of the headers, so the offer is read from
    the scope where the field is missing. What a test client makes up is left out: it
    reaches no server, and who forges it gains nothing.
    """
    headers = list(scope.get("headers", ()))
    names = {name.lower() for name, _ in headers}
    if not _is_of_a_server(scope, names):
        headers = _without_made_up(headers)
    if PROTOCOL not in names:
        offered = scope.get("subprotocols") or ()
        if not takes_denials(scope):
            # Litestar's and asgi-tools' clients have an empty name where there is no
            # offer; what wsproto has read comes from uvicorn, which takes denials
            offered = [name for name in offered if name]
        if offered:
            offer = ", ".join(offered).encode("latin-1", "replace")
            headers.append((PROTOCOL, offer))
    version = scope.get("http_version", "1.1")
    return RequestHead(
        "GET", version, headers, scheme=scope.get("scheme", ""), upgraded=True
    )


def restore_host(scope: Scope, host: bytes) -> None:
    """Put the Host back as the client sent it."""
    headers: Sequence[tuple[bytes, bytes]] = scope["headers"]
    scope["headers"] = with_host(headers, host)


def facts_of(
    scope: Scope, request: RequestHead, *, shows_origin: bool = True
) -> Callable[[], RequestFacts]:
    """Return what works out, once it is asked, what may be reported about the request.

    A closure: its repr shows nothing of what is in it.
    """
    path, root_path = scope.get("path"), scope.get("root_path") or ""
    address = _client_address(scope)
    known_method = scope["type"] == "http"
    known_version = "http_version" in scope
    return lambda: request_facts(
        request,
        path=_path(path, root_path),
        client_address=address,
        known_method=known_method,
        known_version=known_version,
        shows_origin=shows_origin,
    )


def _is_of_a_server(scope: Scope, names: Container[bytes]) -> bool:
    """Return whether a server wrote it: all give `asgi`, but daphne no `http_version`.

    Over HTTP/1.1 it is by Upgrade that a server knows a handshake, and it hands it on.
    """
    return "asgi" in scope and (UPGRADE in names or not speaks_http1(scope))


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


def _path(path: str | None, root_path: str) -> str | None:
    """Return the path; of a target that is none, without the root path before it."""
    within = (path or "").removeprefix(root_path)
    return path if within[:1] in {"/", ""} else within


def _client_address(scope: Scope) -> str | None:
    client = scope.get("client")
    return client[0] if client else None
