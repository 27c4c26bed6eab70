"""What a redirect is for, and what to do about it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from ws_handshake.cli.client.failures import REDIRECTED, Failure
from ws_handshake.cli.client.redacted import shown_address
from ws_handshake.core.authority import DEFAULT_PORTS

if TYPE_CHECKING:
    from ws_handshake.cli.client.response import Response
    from ws_handshake.cli.client.target import Target

_SCHEMES = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}
_CREDENTIALS = (
    "Send credentials: --header 'Cookie: ...' or --header 'Authorization: ...'."
)
_LOOP = (
    "It redirects to the same address: check X-Forwarded-Proto, and the redirects of "
    "the application and the proxy."
)
_login = re.compile(
    r"(?i)(?<![a-z])(?:log[-_]?in|log[-_]?on|sign[-_]?in|oauth2?|oidc|saml2?|sso|auth|"
    r"authorize|cloudflareaccess|amazoncognito)(?![a-z])"
)
_portal = re.compile(r"(?i)(?<![a-z])(?:captive|portal|hotspot|guest)(?![a-z])")


def redirected(response: Response, location: bytes, target: Target) -> Failure:
    """Return the failure, with what to do if the address shows it."""
    seen = f"{response.status} to {shown_address(location)}"
    return Failure(REDIRECTED, seen, _fix(location, target))


def _fix(location: bytes, target: Target) -> str | None:
    """Return the fix, if the address is one."""
    here = f"{'https' if target.secure else 'http'}://{target.authority}{target.path}"
    try:
        there = urlsplit(urljoin(here, location.decode("latin-1")))
        host, port = there.hostname, there.port
    except ValueError:
        return None
    scheme = _SCHEMES.get(there.scheme)
    if scheme is None or not host:
        return None
    where = f"{scheme}://{there.netloc.rpartition('@')[2]}{there.path}"
    connect = f"Connect to {shown_address(where.encode())} if the WebSocket is there."
    if host != target.host:
        return _elsewhere(f"{host}{there.path}") or connect
    same_port = (port or DEFAULT_PORTS[scheme.encode()]) == target.port
    is_here = scheme == target.scheme and same_port
    return _on_this_host(there.path, scheme, target, is_here=is_here) or connect


def _elsewhere(address: str) -> str | None:
    if _portal.search(address):
        return "Log in to this network with a browser first."
    return _CREDENTIALS if _login.search(address) else None


def _on_this_host(
    path: str, scheme: str, target: Target, *, is_here: bool
) -> str | None:
    if path == target.path + "/":
        return "Add a slash at the end of the path."
    if path + "/" == target.path:
        return "Remove the slash at the end of the path."
    if path != target.path:
        return _CREDENTIALS if _login.search(path) else None
    if is_here:
        return _LOOP
    return None if target.secure or scheme == "ws" else "Use wss:// instead of ws://."
