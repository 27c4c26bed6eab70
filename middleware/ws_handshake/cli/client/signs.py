"""Which proxy and which server responded, by the marks in the response.

HAProxy and Traefik leave no mark in a response.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ws_handshake.core.redaction import shown
from ws_handshake.diagnosis.proxies import PROXIES, proxy_in_via

if TYPE_CHECKING:
    from ws_handshake.cli.client.response import Response
    from ws_handshake.diagnosis.proxy import Proxy


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
