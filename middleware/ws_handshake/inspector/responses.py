"""The inspector's responses over plain HTTP, and the headers that all of them have."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ws_handshake.asgi.scope import Receive, Send

_POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    b"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

#: Nothing inline, nothing from elsewhere, and nothing for pages from elsewhere.
HEADERS = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", _POLICY),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)

TEXT = b"text/plain; charset=utf-8"
JSON = b"application/json"
LINES = b"application/x-ndjson"
TYPES = {
    "css": b"text/css; charset=utf-8",
    "html": b"text/html; charset=utf-8",
    "js": b"text/javascript; charset=utf-8",
    "svg": b"image/svg+xml",
}


async def respond(
    send: Send,
    body: bytes,
    kind: bytes = TEXT,
    *,
    status: int = 200,
    extra: tuple[tuple[bytes, bytes], ...] = (),
) -> None:
    """Send a response, whole."""
    headers = [(b"content-type", kind), (b"content-length", b"%d" % len(body))]
    headers += [*HEADERS, *extra]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def report(
    send: Send,
    status: int,
    sentence: str,
    *,
    extra: tuple[tuple[bytes, bytes], ...] = (),
) -> None:
    """Report what is wrong with a request, in sentences."""
    await respond(send, f"{sentence}\n".encode(), status=status, extra=extra)


async def body_of(receive: Receive, most: int) -> bytes | None:
    """Return the body of a request; None of a larger one, or if the client leaves."""
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if message["type"] != "http.request" or len(body) > most:
            return None
    return body
