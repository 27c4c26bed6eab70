"""Who responded: the proxy, gateway or server that left its mark in a response.

Traefik leaves no mark, and HAProxy only in the pages that it writes itself.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ws_handshake.cli.client.failures import ACCEPT_WRONG, COMPRESSION_BLOCKED
from ws_handshake.cli.text import shown
from ws_handshake.diagnosis.proxies import PROXIES, proxy_in_via
from ws_handshake.diagnosis.proxy import MEASURED, PUBLISHED, Proxy

if TYPE_CHECKING:
    from ws_handshake.cli.client.failures import Failure
    from ws_handshake.cli.client.response import Response

_origin = re.compile(r"(?i)\borigin\b(?! server)")
_unseen = re.compile(r"(?is)<(script|style|head)\b.*?</\1\s*>|<!--.*?-->")
_title = re.compile(r"(?is)<title[^>]*>(.*?)</title")
_tag = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Responder:
    """Who responded, and whether by itself; `proxy` is its row, if it has one."""

    name: str
    proxy: Proxy | None = None
    by_itself: bool = False

    @property
    def words(self) -> str:
        """Who it was, in words."""
        if self.proxy is None or not self.by_itself:
            return self.name
        return f"{self.name} by itself, {place_of(self.proxy)}"


def responder_of(response: Response) -> Responder | None:
    """Return who responded; None if nothing shows it."""
    writer = writer_of(response)
    if writer is not None:
        return Responder(writer.name, writer, by_itself=True)
    proxy = proxy_of(response)
    name = proxy.name if proxy else server_of(response)
    return Responder(name, proxy) if name else None


def writer_of(response: Response) -> Proxy | None:
    """Return what wrote a response that is no acceptance by itself, if it shows."""
    if response.accepts:
        return None
    names = {name.lower() for name, _ in response.headers}
    servers = [value.lower() for value in response.values(b"server")]
    body = response.body.lower()

    def wrote(proxy: Proxy) -> bool:
        marked = not names.isdisjoint(proxy.response_fields) or any(
            value.startswith(proxy.server) for value in servers
        )
        by_mark = proxy.marks_its_own and marked
        return by_mark or any(words in body for words in proxy.pages)

    return next(filter(wrote, (*PROXIES.values(), *IN_PAGES_ALONE)), None)


def place_of(proxy: Proxy) -> str:
    """Return where it stands, in words."""
    if proxy.on_client_side:
        return "a forward proxy on the client's side"
    return "in front of the server"


def fix_of(writer: Proxy, status: int) -> str:
    """Return what to do where it responds by itself, with this status."""
    fixes = FIXES.get(writer.name, {})
    return fixes.get(status) or fixes.get(0) or writer.fix


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
    """Return the Server header, as it may be shown."""
    return shown(b", ".join(response.values(b"server")))


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
    body = response.body.decode("utf-8", "replace")
    if not body.lstrip().startswith("<"):
        return " ".join(body.split())
    words = _words(_unseen.sub(" ", body))
    title = _title.search(body)
    return words or (_words(title[1]) if title else "")


def _words(markup: str) -> str:
    return " ".join(html.unescape(_tag.sub(" ", markup)).split())


#: Who leaves its mark only in what it writes by itself.
IN_PAGES_ALONE = (
    Proxy(
        name="HAProxy",
        fix="HAProxy: check the backend's servers and timeouts; see its log.",
        seen=MEASURED,
        pages=(
            b"no server is available to handle this request.",
            b"the server didn't respond in time.",
            b"the server returned an invalid or incomplete response.",
            b"request forbidden by administrative rules.",
            b"your browser sent an invalid request.",
            b"your browser didn't send a complete request in time.",
        ),
    ),
    Proxy(
        name="Microsoft HTTP.sys",
        fix="Add the host name to the bindings of the site, or to UrlPrefixes; switch "
        "on Windows' feature WebSocket Protocol.",
        seen=PUBLISHED,
        server=(b"microsoft-httpapi",),
        marks_its_own=True,
    ),
)

_BEHIND_IT = dict.fromkeys(
    (502, 503, 504),
    "Check that the server behind it runs and responds; read both logs.",
)
_LOOKED_FOR_A_FILE = "{0}: add a {1} for this path: {0} looked for a file."
_NGINX = _LOOKED_FOR_A_FILE.format("nginx", "location with proxy_pass")

#: What to do by status, where it responds by itself; 0 stands for all others.
FIXES: dict[str, dict[int, str]] = {
    "Azure Application Gateway": {
        403: "Azure: read the gateway's firewall log; exclude the rule of its WAF that "
        "matches, or allow this path.",
        0: "Azure: check the listener, its rule for this path, and the health of the "
        "backend pool.",
    },
    "AWS load balancer": {
        403: "AWS: read the log of the WAF that belongs to the load balancer.",
        0: "AWS: check the listener's rules, and the health of the target group.",
    },
    "Cloudflare": {
        403: "Cloudflare: look under Security > Events for the rule that matched.",
        0: "Cloudflare: switch Network > WebSockets on; check the origin server.",
    },
    "HAProxy": {
        403: "HAProxy: look for the http-request deny rule that matches.",
        408: "HAProxy: the request was not complete in time; see timeout http-request.",
    },
    "Envoy": {0: "Envoy: check the cluster's endpoints and their health."},
    "Varnish": {
        0: "Varnish: check the backend, and return (pipe) for WebSockets in VCL."
    },
    "nginx": {
        403: "nginx: check the deny, allow and auth lines of the location.",
        **dict.fromkeys((404, 405), _NGINX),
        **_BEHIND_IT,
        0: "nginx: its error.log says why.",
    },
    "Apache": {
        403: "Apache: check the Require lines for this path.",
        404: _LOOKED_FOR_A_FILE.format("Apache", "ProxyPass"),
        **_BEHIND_IT,
        0: "Apache: its error.log says why.",
    },
}
