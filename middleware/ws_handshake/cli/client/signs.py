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

if TYPE_CHECKING:
    from ws_handshake.cli.client.failures import Failure
    from ws_handshake.cli.client.response import Response
    from ws_handshake.diagnosis.proxy import Proxy

    Marks = tuple[bytes, ...]

FORWARD_PROXY = "a forward proxy on the client's side"
_GO_AROUND = (
    "Use wss://, which it tunnels; or let it forward the upgrade, as Squid does with "
    "http_upgrade_request_protocols websocket allow all."
)
_BEHIND_IT = "Check that the server behind it runs and responds; read both logs."

_unseen = re.compile(r"(?is)<(script|style|head)\b.*?</\1\s*>|<!--.*?-->")
_title = re.compile(r"(?is)<title[^>]*>(.*?)</title")
_tag = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Writer:
    """Something in front of the server that writes responses by itself.

    Any of its marks is enough; all are in lower case. `fixes` are by status, with the
    one for all other statuses at 0.
    """

    name: str
    fixes: dict[int, str]
    role: str = "in front of the server"
    #: How Server begins where it wrote the response, and not where it passed it on.
    server: Marks = ()
    #: Fields that only its own responses have.
    fields: Marks = ()
    #: Words of its own pages.
    words: Marks = ()

    def wrote(self, response: Response) -> bool:
        """Return whether the response is its own."""
        names = {name.lower() for name, _ in response.headers}
        servers = [value.lower() for value in response.values(b"server")]
        body = response.body.lower()
        return (
            not names.isdisjoint(self.fields)
            or any(value.startswith(self.server) for value in servers)
            or any(words in body for words in self.words)
        )


@dataclass(frozen=True, slots=True)
class Responder:
    """Who responded, and `writer` if it did so by itself."""

    name: str
    writer: Writer | None = None

    @property
    def words(self) -> str:
        """Who it was, in words."""
        if self.writer is None:
            return self.name
        return f"{self.name} by itself, {self.writer.role}"


def responder_of(response: Response) -> Responder | None:
    """Return who responded; None if nothing shows it."""
    writer = writer_of(response)
    if writer is not None:
        return Responder(writer.name, writer)
    proxy = proxy_of(response)
    name = proxy.name if proxy else server_of(response)
    return Responder(name) if name else None


def writer_of(response: Response) -> Writer | None:
    """Return what wrote a response that is no acceptance, if it shows."""
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


def for_responder(failure: Failure, response: Response) -> Failure:
    """Return a failure of an acceptance, with the fix for who responded."""
    fix = _FIXES_FOR_IIS.get(failure.kind) if is_iis(response) else None
    return replace(failure, better_fix=fix) if fix else failure


def is_iis(response: Response) -> bool:
    """Return whether IIS, or its proxy ARR, responded."""
    by = response.values(b"server") + response.values(b"x-powered-by")
    return any(value.lower().startswith((b"microsoft-iis", b"arr/")) for value in by)


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


_MICROSOFT = (
    "Add the host name to the bindings of the site, or to UrlPrefixes; switch on "
    "Windows' feature WebSocket Protocol."
)

_APACHE = (
    b"temporarily unable to service your\nrequest due to maintenance downtime",
    b"the requested url was not found on this server.",
    b"you don't have permission to access this resource.",
    b"the proxy server received an invalid\r\nresponse from an upstream server.",
    b"the gateway did not receive a timely response\nfrom the upstream server",
)

WRITERS = (
    Writer(
        "Azure Application Gateway",
        {
            403: "Azure: read the gateway's firewall log; exclude the rule of its WAF "
            "that matches, or allow this path.",
            0: "Azure: check the listener, its rule for this path, and the health of "
            "the backend pool.",
        },
        server=(b"microsoft-azure-application-gateway",),
    ),
    Writer("Microsoft HTTP.sys", {0: _MICROSOFT}, server=(b"microsoft-httpapi",)),
    Writer(
        "Squid",
        {0: _GO_AROUND},
        role=FORWARD_PROXY,
        server=(b"squid",),
        fields=(b"x-squid-error",),
    ),
    Writer(
        "tinyproxy",
        {0: "Use wss://, which it tunnels; tinyproxy does not forward the upgrade."},
        role=FORWARD_PROXY,
        server=(b"tinyproxy",),
    ),
    Writer(
        "AWS load balancer",
        {
            403: "AWS: read the log of the WAF that belongs to the load balancer.",
            0: "AWS: check the listener's rules, and the health of the target group.",
        },
        server=(b"awselb",),
    ),
    Writer(
        "Cloudflare",
        {
            403: "Cloudflare: look under Security > Events for the rule that matched.",
            0: "Cloudflare: switch Network > WebSockets on; check the origin server.",
        },
        words=(b"cf-error-details", b"error code: 1", b"error code: 52"),
    ),
    Writer(
        "HAProxy",
        {
            403: "HAProxy: look for the http-request deny rule that matches.",
            408: "HAProxy: the request was not complete in time; see timeout "
            "http-request.",
            0: "HAProxy: check the backend's servers and timeouts; see its log.",
        },
        words=(
            b"no server is available to handle this request.",
            b"the server didn't respond in time.",
            b"the server returned an invalid or incomplete response.",
            b"request forbidden by administrative rules.",
            b"your browser sent an invalid request.",
            b"your browser didn't send a complete request in time.",
        ),
    ),
    Writer(
        "Envoy",
        {0: "Envoy: check the cluster's endpoints and their health."},
        words=(b"upstream connect error or disconnect/reset", b"no healthy upstream"),
    ),
    Writer(
        "Varnish",
        {0: "Varnish: check the backend, and return (pipe) for WebSockets in VCL."},
        words=(b"<p>varnish cache server</p>",),
    ),
    Writer(
        "nginx",
        {
            403: "nginx: check the deny, allow and auth lines of the location.",
            404: "nginx: add a location with proxy_pass for this path: nginx looked "
            "for a file.",
            405: "nginx: add a location with proxy_pass for this path: nginx looked "
            "for a file.",
            **dict.fromkeys((502, 503, 504), _BEHIND_IT),
            0: "nginx: its error.log says why.",
        },
        words=(b"<center>nginx", b"<center>openresty"),
    ),
    Writer(
        "Apache",
        {
            403: "Apache: check the Require lines for this path.",
            404: "Apache: add a ProxyPass for this path: Apache looked for a file.",
            **dict.fromkeys((502, 503, 504), _BEHIND_IT),
            0: "Apache: its error.log says why.",
        },
        words=(b"<address>apache", *_APACHE),
    ),
)
