"""What a redirect is for."""

from __future__ import annotations

import pytest

from ws_handshake.cli.client.redirects import redirected
from ws_handshake.cli.client.response import Response
from ws_handshake.cli.client.target import parse_target

PLAIN = "ws://example.com/ws"
CREDENTIALS = (
    "Send credentials: --header 'Cookie: ...' or --header 'Authorization: ...'."
)
LOOP = (
    "It redirects to the same address: check X-Forwarded-Proto, and the redirects of "
    "the application and the proxy."
)
USUAL = "Connect to the address in the redirect."

REDIRECTS = [
    (PLAIN, "/ws/", "Add a slash at the end of the path."),
    (PLAIN, "http://example.com/ws/", "Add a slash at the end of the path."),
    (PLAIN, "http://example.com:8080/ws/", "Add a slash at the end of the path."),
    (f"{PLAIN}/", "/ws", "Remove the slash at the end of the path."),
    (PLAIN, "https://example.com/ws", "Use wss:// instead of ws://."),
    (PLAIN, "/oauth2/start", CREDENTIALS),
    (PLAIN, "/users/sign_in", CREDENTIALS),
    (PLAIN, "/accounts/login/?next=/ws", CREDENTIALS),
    (PLAIN, "https://sso.example.net/x", CREDENTIALS),
    (PLAIN, "https://team.cloudflareaccess.com/cdn-cgi/x", CREDENTIALS),
    (PLAIN, "https://idp.example.net/saml2/idp", CREDENTIALS),
    ("ws://sso.example.com/ws", "/authors", "ws://sso.example.com/authors"),
    (
        PLAIN,
        "http://login.example.net/portal?mac=1",
        "Log in to this network with a browser first.",
    ),
    (PLAIN, "wss://other.example/", "wss://other.example/"),
    (PLAIN, "https://www.example.com/ws?token=x", "wss://www.example.com/ws"),
    (PLAIN, "https://user:pw@www.example.com/ws", "wss://www.example.com/ws"),
    (PLAIN, "http://example.com:81/ws", "ws://example.com:81/ws"),
    (PLAIN, "http://example.com/ws", LOOP),
    ("wss://example.com/ws", "https://example.com/ws", LOOP),
    ("wss://example.com/ws", "http://example.com/ws", "ws://example.com/ws"),
    (PLAIN, "http://[::1", USUAL),
    (PLAIN, "http://example.com:x/", USUAL),
    (PLAIN, "mailto:me", USUAL),
    (PLAIN, "http://:80/", USUAL),
]


@pytest.mark.parametrize(("url", "location", "fix"), REDIRECTS)
def test_what_a_redirect_is_for_shows_in_its_address(
    url: str, location: str, fix: str
) -> None:
    found = redirected(Response("1.1", 301), location.encode(), parse_target(url))
    connect = f"Connect to {fix} if the WebSocket is there."

    assert found.kind.code == "redirected"
    assert found.fix == (connect if fix.startswith("ws") else fix)


def test_the_address_is_shown_without_its_query() -> None:
    response, target = Response("1.1", 308), parse_target(PLAIN)

    assert redirected(response, b"/ws/?key=x", target).seen == "308 to /ws/?..."
