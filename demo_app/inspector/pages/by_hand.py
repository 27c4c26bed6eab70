"""A page for a browser in which a person opened the address of a WebSocket."""

from __future__ import annotations

from html import escape
from http import HTTPStatus
from typing import TYPE_CHECKING

from demo_app.inspector.pages.reference import HEADERS, document
from demo_app.settings import address_of
from ws_handshake.core.grammar import OWS, elements

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    Fields = list[tuple[bytes, bytes]]

_REPLACED = frozenset([b"content-type", b"content-length"])

_TITLE = "This address speaks WebSocket"
_MAIN = """\
<h1>This address speaks WebSocket</h1>
<p class="what">A browser tab asks for a page, and at <code>{path}</code> there is only
a WebSocket. Nothing is broken.</p>
<p>A page, or the console of <a href="/">the demo</a>, connects with two lines:</p>
<pre data-language="js"><code>const socket = new WebSocket("{address}");
socket.onmessage = event =&gt; console.log(event.data);</code></pre>
<p>The response was <a href="/reasons/not_a_handshake">426 Upgrade Required</a>, and its
cause <a href="/causes/browser_tab">a browser tab</a>.</p>"""


def by_hand_page(path: str, port: int) -> str:
    """Return the page for the WebSocket at a path."""
    address = address_of(port).replace("http", "ws", 1) + path
    return document(_TITLE, _MAIN.format(path=escape(path), address=escape(address)))


class ByHand:
    """Wraps the middleware: a browser gets its 426 as a page.

    Status and headers stay as they are; other clients get problem+json.
    """

    def __init__(self, app: ASGIApp, paths: Iterable[str], port: int) -> None:
        """Take the middleware, the paths of its WebSockets, and the demo's port."""
        self.app = app
        self._pages = {path: by_hand_page(path, port).encode() for path in paths}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to a browser with a page, and leave all others to the middleware."""
        page = self._pages.get(scope["path"]) if scope["type"] == "http" else None
        if page is not None and wants_html(scope):
            send = _with_page(send, page, scope["method"])
        await self.app(scope, receive, send)


def _with_page(send: Send, page: bytes, method: str) -> Send:
    is_upgrade_required = False

    async def send_page(message: Message) -> None:
        nonlocal is_upgrade_required
        if message["type"] == "http.response.start":
            is_upgrade_required = message["status"] == HTTPStatus.UPGRADE_REQUIRED
            if is_upgrade_required:
                message = {**message, "headers": _headers(message["headers"], page)}
        elif is_upgrade_required:
            message = {**message, "body": b"" if method == "HEAD" else page}
        await send(message)

    return send_page


def _headers(given: Fields, page: bytes) -> Fields:
    kept = {name: value for name, value in given if name not in _REPLACED}
    ours = {name.encode(): value.encode() for name, value in HEADERS.items()}
    of_the_page = {
        b"content-type": b"text/html; charset=utf-8",
        b"content-length": b"%d" % len(page),
    }
    return list({**ours, **kept, **of_the_page}.items())


def wants_html(scope: Scope) -> bool:
    """Return whether a client asks for a page, as a browser does."""
    accepted = b",".join(v for name, v in scope["headers"] if name == b"accept")
    ranges = (part.partition(b";")[0].strip(OWS) for part in elements(accepted))
    return b"text/html" in map(bytes.lower, ranges)
