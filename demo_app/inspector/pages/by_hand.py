"""Gives a browser that opens the address of a WebSocket by hand a page to read."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from demo_app.inspector.pages.reference import HEADERS
from ws_handshake.core.grammar import OWS, elements

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    Fields = list[tuple[bytes, bytes]]

_REPLACED = frozenset([b"content-type", b"content-length"])


class ByHand:
    """Wraps the middleware: its response to a plain request becomes a page.

    Status and fields stay as they are; other clients get the problem+json as ever.
    """

    def __init__(self, app: ASGIApp, pages: Mapping[str, str]) -> None:
        """Take the middleware, and the page for each path of a WebSocket."""
        self.app = app
        self._pages = {path: page.encode("utf-8") for path, page in pages.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to a browser with a page, and leave all others to the middleware."""
        page = self._pages.get(scope["path"]) if scope["type"] == "http" else None
        if page is not None and _wants_html(scope):
            send = _with_page(send, page, scope["method"])
        await self.app(scope, receive, send)


def _with_page(send: Send, page: bytes, method: str) -> Send:
    is_plain = False

    async def send_page(message: Message) -> None:
        nonlocal is_plain
        if message["type"] == "http.response.start":
            is_plain = message["status"] == HTTPStatus.UPGRADE_REQUIRED
            if is_plain:
                message = {**message, "headers": _fields(message["headers"], page)}
        elif is_plain:
            message = {**message, "body": b"" if method == "HEAD" else page}
        await send(message)

    return send_page


def _fields(given: Fields, page: bytes) -> Fields:
    kept = {name: value for name, value in given if name not in _REPLACED}
    ours = {name.encode(): value.encode() for name, value in HEADERS.items()}
    of_the_page = {
        b"content-type": b"text/html; charset=utf-8",
        b"content-length": b"%d" % len(page),
    }
    return list({**ours, **kept, **of_the_page}.items())


def _wants_html(scope: Scope) -> bool:
    accepted = b",".join(v for name, v in scope["headers"] if name == b"accept")
    ranges = (part.partition(b";")[0].strip(OWS) for part in elements(accepted))
    return b"text/html" in map(bytes.lower, ranges)
