"""Reads an ASGI connection scope: its request head, and what may be reported of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ws_handshake.core.normalize import with_host
from ws_handshake.core.request import (
    CONNECTION,
    EVIDENCE,
    FIRST_EVIDENCE,
    KEY,
    PROTOCOL,
    UPGRADE,
    VERSION,
    RequestHead,
)
from ws_handshake.core.verdict import Verdict
from ws_handshake.outcome.record import request_facts

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Container, MutableMapping, Sequence
    from typing import Any

    from ws_handshake.outcome.record import RequestFacts

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

# What test clients write of themselves: the first two lines are of Starlette's, Lilya's
# and Litestar's, and so is the third where a test offers an empty list; the last one is
# BlackSheep's.
_MADE_UP = {
    KEY: b"testserver==",
    VERSION: b"13",
    PROTOCOL: b"",
    CONNECTION: b"keep-alive",
}


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


def facts_of(scope: Scope, request: RequestHead) -> Callable[[], RequestFacts]:
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
    )


def takes_denials(scope: Scope) -> bool:
    """Return whether the server lets a WebSocket be denied with a response of ours."""
    return "websocket.http.response" in (scope.get("extensions") or ())


def speaks_http1(scope: Scope) -> bool:
    """Return whether the response goes out as HTTP/1.1, and so has to close.

    Other versions are HTTP/1.1, too: uvicorn takes `HTTP/0.9` and `HTTP/2.0`.
    """
    return scope.get("http_version", "1.1") not in _FRAMED


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
