"""What a redirect is for, and what to do about it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from ws_handshake.cli.client.failures import REDIRECTED, Failure
from ws_handshake.cli.client.redacted import shown_address
from ws_handshake.core.authority import DEFAULT_PORTS

if TYPE_CHECKING:
    from urllib.parse import SplitResult

    from ws_handshake.cli.client.response import Response
    from ws_handshake.cli.client.target import Target

_SCHEMES = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}
_login = re.compile(
    r"(?i)(?<![a-z])(?:log-?in|log-?on|sign-?in|oauth2?|oidc|saml2?|sso|auth|authorize|"
    r"cloudflareaccess|amazoncognito)(?![a-z])"
)
_portal = re.compile(r"(?i)(?<![a-z])(?:captive|portal|hotspot|guest)(?![a-z])")


def redirected(response: Response, location: bytes, target: Target) -> Failure:
    """Return the failure, with what to do if the address shows it."""
    seen = f"{response.status} to {shown_address(location)}"
    return Failure(REDIRECTED, seen, _fix(location, target))


def _fix(location: bytes, target: Target) -> str | None:
    here = f"{'https' if target.secure else 'http'}://{target.authority}{target.path}"
    try:
        there = urlsplit(urljoin(here, location.decode("latin-1")))
        host, port = there.hostname, there.port
    except ValueError:
        return None
    scheme = _SCHEMES.get(there.scheme)
    if scheme is None or not host:
        return None
    same_host = host == target.host
    if same_host and there.path == target.path + "/":
        return "Add a slash at the end of the path."
    if same_host and there.path + "/" == target.path:
        return "Remove the slash at the end of the path."
    words = f"{'' if same_host else host}{there.path.replace('_', '-')}"
    if not same_host and _portal.search(words):
        return "Log in to this network with a browser first."
    if _login.search(words):
        return (
            "Send credentials: --header 'Cookie: ...' or --header 'Authorization: ...'."
        )
    if not same_host or there.path != target.path:
        return f"Connect to {_shown(scheme, there)} if the WebSocket is there."
    if scheme == "wss" and not target.secure:
        return "Use wss:// instead of ws://."
    if (scheme, port or DEFAULT_PORTS[scheme.encode()]) == (target.scheme, target.port):
        return (
            "It redirects to the same address: check X-Forwarded-Proto, and the "
            "redirects of the application and the proxy."
        )
    return f"Connect to {_shown(scheme, there)} if the WebSocket is there."


def _shown(scheme: str, there: SplitResult) -> str:
    host = there.netloc.rpartition("@")[2]
    return shown_address(f"{scheme}://{host}{there.path}".encode("latin-1", "replace"))
