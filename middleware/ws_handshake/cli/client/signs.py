"""Who responded: the proxy, gateway or server that left its mark in a response.

Traefik and HAProxy leave a mark only in the pages that they write themselves.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ws_handshake.cli.client.failures import ACCEPT_WRONG, COMPRESSION_BLOCKED
from ws_handshake.cli.client.filters import FILTERS
from ws_handshake.cli.client.gateways import GATEWAYS
from ws_handshake.cli.client.services import SERVICES
from ws_handshake.cli.text import shown
from ws_handshake.diagnosis.proxies import PROXIES, proxy_in_via

if TYPE_CHECKING:
    from ws_handshake.cli.client.failures import Failure
    from ws_handshake.cli.client.response import Response
    from ws_handshake.cli.client.writer import Writer
    from ws_handshake.diagnosis.proxy import Proxy

_origin = re.compile(r"(?i)\borigin\b(?! server)|invalid cors request")
# what a limit has cut off has no end
_unseen = re.compile(r"(?is)<(script|style|head)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)")
_title = re.compile(r"(?is)<title[^<>]*>(.*?)(?:</title|\Z)")
_tag = re.compile(r"<[^<>]*>")
# typographic signs, which would be shown as escapes
_PLAIN = str.maketrans({**dict.fromkeys("\u2018\u2019", "'"), "\u2026": "..."})
_PLAIN |= str.maketrans({**dict.fromkeys("\u201c\u201d", '"'), "\u2013": "-"})


@dataclass(frozen=True, slots=True)
class Responder:
    """Who responded, and who wrote the response by itself, if it shows."""

    name: str
    writer: Writer | None = None

    @property
    def by_itself(self) -> bool:
        """True for a proxy or gateway that responded for the server."""
        return self.writer is not None

    @property
    def words(self) -> str:
        """Who it was, in words."""
        if self.writer is None:
            return self.name
        return f"{self.name} by itself, {self.writer.place}"


def responder_of(response: Response) -> Responder | None:
    """Return who responded; None if nothing shows it."""
    writer = writer_of(response)
    if writer is not None:
        return Responder(writer.name, writer)
    proxy = proxy_of(response)
    name = proxy.name if proxy else server_of(response)
    return Responder(name) if name else None


def writer_of(response: Response) -> Writer | None:
    """Return what wrote a response that is no acceptance by itself, if it shows."""
    if response.accepts:
        return None
    return next((writer for writer in WRITERS if writer.wrote(response)), None)


def proxy_of(response: Response) -> Proxy | None:
    """Return the proxy that left its mark in the response, if one did."""
    names = {name.lower() for name, _ in response.headers}
    for proxy in PROXIES.values():
        if not names.isdisjoint(proxy.response_fields):
            return proxy
    # with a comma before each, the products of all lines begin alike
    servers = b"," + b",".join(response.values(b"server")).lower()
    for proxy in PROXIES.values():
        if any(b"," + product in servers for product in proxy.server):
            return proxy
    return proxy_in_via(b",".join(response.values(b"via")))


def server_of(response: Response) -> str:
    """Return the Server header, or else X-Powered-By, as it may be shown."""
    values = response.values(b"server") or response.values(b"x-powered-by")
    return shown(b", ".join(values))


#: What to do where IIS, or its proxy ARR, stands in front of the server.
_FIXES_FOR_IIS = {
    # it responds with the token of another key
    ACCEPT_WRONG: "IIS, or its proxy ARR, made a handshake of its own, and passed on "
    "the response to that: install the Windows feature WebSocket Protocol.",
    # ARR 3 knows no compressed frames; the rule takes the offer out before it dials
    COMPRESSION_BLOCKED: "IIS's proxy ARR takes no compressed frames: uvicorn "
    "--ws-per-message-deflate false; or in its rewrite rule "
    '<set name="HTTP_SEC_WEBSOCKET_EXTENSIONS" value="" />.',
}


def for_responder(failure: Failure, response: Response | None) -> Failure:
    """Return a failure of an acceptance, with the fix for who responded."""
    by_iis = response is not None and is_iis(response)
    fix = _FIXES_FOR_IIS.get(failure.kind) if by_iis else None
    return replace(failure, better_fix=fix) if fix else failure


def is_iis(response: Response) -> bool:
    """Return whether IIS, or its proxy ARR, responded."""
    by = response.values(b"server") + response.values(b"x-powered-by")
    return any(value.lower().startswith((b"microsoft-iis", b"arr/")) for value in by)


def speaks_of_origin(response: Response) -> bool:
    """Return whether a rejection says that it is about the Origin."""
    by_status = response.status in {400, 401, 403}
    return by_status and _origin.search(text_of(response)) is not None


def text_of(response: Response) -> str:
    """Return the words of the body; of a page of HTML those that a browser shows."""
    body = response.body.decode("utf-8", "replace").translate(_PLAIN)
    if not body.lstrip().startswith("<"):
        return " ".join(body.split())
    words = _words(_unseen.sub(" ", body))
    found = _title.search(body)
    title = _words(found[1]) if found else ""
    return ": ".join(filter(None, ["" if title in words else title, words]))


def _words(markup: str) -> str:
    text = html.unescape(_tag.sub(" ", markup)).translate(_PLAIN)
    return " ".join(text.split())


#: Who responds by itself; a platform stands before what it is built on.
WRITERS: tuple[Writer, ...] = (*SERVICES, *FILTERS, *GATEWAYS)
