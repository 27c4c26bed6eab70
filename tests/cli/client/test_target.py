"""A WebSocket URL in its parts, and what is not one."""

from __future__ import annotations

import pytest

from ws_handshake.cli.client.target import is_address, parse_target

PLAIN = parse_target("ws://example.com/ws")
PARTS = [
    ("ws://example.com", "ws", "example.com", 80, "/"),
    ("wss://example.com/ws", "wss", "example.com", 443, "/ws"),
    ("ws://example.com:8000/a b", "ws", "example.com", 8000, "/a%20b"),
    ("WSS://EXAMPLE.com:443/%C3%A9/é", "wss", "example.com", 443, "/%C3%A9/%C3%A9"),
    ("ws://[::1]:9000/", "ws", "::1", 9000, "/"),
    ("ws://[fe80::1%25eth0]/", "ws", "fe80::1%eth0", 80, "/"),
    ("ws://bücher.example/", "ws", "xn--bcher-kva.example", 80, "/"),
    ("  ws://127.0.0.1:80/#top ", "ws", "127.0.0.1", 80, "/"),
]


@pytest.mark.parametrize(("url", *("scheme", "host", "port", "path")), PARTS)
def test_a_url_is_taken_apart(
    url: str, scheme: str, host: str, port: int, path: str
) -> None:
    target = parse_target(url)

    assert (target.scheme, target.host, target.port) == (scheme, host, port)
    assert (target.path, target.secure) == (path, scheme == "wss")


HOSTS = [
    ("ws://example.com:80/", "example.com"),
    ("wss://example.com/", "example.com"),
    ("ws://example.com:443/", "example.com:443"),
    ("ws://[::1]/", "[::1]"),
    ("ws://[::1]:9000/", "[::1]:9000"),
    ("ws://[fe80::1%25eth0]/", "[fe80::1]"),
]


@pytest.mark.parametrize(("url", "authority"), HOSTS)
def test_host_has_the_port_unless_it_is_the_default(url: str, authority: str) -> None:
    assert parse_target(url).authority == authority


@pytest.mark.parametrize(("given", "used"), [("http", "ws"), ("https", "wss")])
def test_an_address_from_a_browser_is_read_as_a_websocket_url(
    given: str, used: str
) -> None:
    target = parse_target(f"{given}://example.com/ws")

    assert (target.scheme, target.given_scheme) == (used, given)
    assert parse_target("ws://example.com").given_scheme is None


COMPLETED = [
    ("localhost:8000/ws", "ws://localhost:8000/ws"),
    (":8000/ws", "ws://localhost:8000/ws"),
    ("//127.0.0.1:8000/ws", "ws://127.0.0.1:8000/ws"),
    ("127.0.0.1", "ws://127.0.0.1/"),
    ("[::1]:8000", "ws://[::1]:8000/"),
    ("localhost:443/ws", "wss://localhost/ws"),
    ("example.com/ws", "wss://example.com/ws"),
    ("example.com:443/ws", "wss://example.com/ws"),
    ("example.com:8000/ws?a=://b", "ws://example.com:8000/ws?..."),
    ("8000", "ws://localhost:8000/"),
    ("ws:8000/a", "ws://ws:8000/a"),
    ("'localhost:8000/ws'", "ws://localhost:8000/ws"),
]


@pytest.mark.parametrize(("given", "read"), COMPLETED)
def test_scheme_and_this_machine_may_be_left_out(given: str, read: str) -> None:
    target = parse_target(given)

    assert (target.shown, target.given_scheme) == (read, "")


SLIPS = [
    ("ws:/example.com/ws", "ws://example.com/ws"),
    ("wss:example.com/ws", "wss://example.com/ws"),
    ("ws:127.0.0.1:8000/ws", "ws://127.0.0.1:8000/ws"),
    ("'ws://example.com/ws'", "ws://example.com/ws"),
    ('"ws://example.com/ws"', "ws://example.com/ws"),
    ("<ws://example.com/ws>", "ws://example.com/ws"),
]


@pytest.mark.parametrize(("given", "read"), SLIPS)
def test_a_slip_of_the_hand_does_not_matter(given: str, read: str) -> None:
    target = parse_target(given)

    assert (target.shown, target.given_scheme) == (read, None)


def test_a_doubled_slash_is_sent_and_can_be_made_one() -> None:
    target = parse_target("ws://example.com//a///b?c//d")

    assert (target.path, target.doubled_slash) == ("//a///b", True)
    assert target.with_one_slash.resource == "/a/b?c//d"
    assert not parse_target("ws://example.com/a/b?c//d").doubled_slash


@pytest.mark.parametrize(("host", "is_one"), [("::1", True), ("127.0.0.256", False)])
def test_an_address_is_told_from_a_name(host: str, *, is_one: bool) -> None:
    assert is_address(host) is is_one


def test_the_query_is_sent_and_not_shown() -> None:
    target = parse_target("ws://example.com/ws?token=a secret&x=é")

    assert target.resource == "/ws?token=a%20secret&x=%C3%A9"
    assert target.shown == "ws://example.com/ws?..."
    assert target.shown_path == "/ws?..."
    assert "secret" not in repr(target)


def test_user_and_password_are_sent_as_basic_authentication() -> None:
    target = parse_target("ws://us%40er:pass@example.com/ws")

    assert target.credentials == "Basic dXNAZXI6cGFzcw=="
    assert target.shown == "ws://example.com/ws"
    assert "dXNA" not in repr(target)
    assert parse_target("ws://user@example.com/").credentials == "Basic dXNlcjo="
    assert parse_target("ws://example.com/").credentials is None


NO_URL = (
    "This is not a WebSocket URL; write it as in ws://127.0.0.1:8000/ws or "
    "wss://example.com/ws."
)
NOT_PARSED = (
    "The URL is malformed; write it as in wss://example.com:8443/path, with brackets "
    "around an IPv6 address and a port from 1 to 65535."
)
NO_HOST = (
    "The host of the URL cannot be encoded; write it in A-labels (xn--...), "
    "without spaces."
)
NO_PORT = "The port of the URL must be a number from 1 to 65535."
NO_BRACKETS = "The IPv6 address has no brackets; write it as in ws://[::1]:8000/ws."
TWO_SCHEMES = "The URL has two schemes; write one, as in wss://example.com/ws."
UNIX = "A Unix socket cannot be reached; let the server listen on a port, too."
BACKSLASH = "The URL has a backslash where a slash belongs."
WRONG = [
    ("", NO_URL),
    ("/ws", NO_URL),
    ("http:", NO_URL),
    ("http//example.com/ws", NO_URL),
    ("ws;//example.com", NO_URL),
    ("ws://ws://example.com", TWO_SCHEMES),
    ("wss://https://example.com/ws", TWO_SCHEMES),
    ("ws+unix:///tmp/app.sock", UNIX),
    ("ws://example.com\\ws", BACKSLASH),
    ("''", NO_URL),
    ("mailto:someone@example.com", NO_URL),
    ("::1/ws", NO_BRACKETS),
    ("ws://::1:8000/ws", NO_BRACKETS),
    ("ftp://secret@example.com", NO_URL),
    ("ws:///ws", NO_URL),
    ("ws://example.com:port/", NO_PORT),
    ("ws://example.com:70000/", NO_PORT),
    ("ws://[::1/", NOT_PARSED),
    ("ws://example.com:0/", NO_PORT),
    ("ws://exa mple.com/", NO_HOST),
    ("ws://faß.example/", NO_HOST),
    ("ws://" + "a" * 64 + ".example/", NO_HOST),
    ("ws://a\u2028b/", NO_HOST),
]


@pytest.mark.parametrize(("url", "message"), WRONG)
def test_what_is_not_a_websocket_url_is_reported_and_not_repeated(
    url: str, message: str
) -> None:
    with pytest.raises(ValueError, match=r"^The|^This|^A ") as caught:
        parse_target(url)

    assert str(caught.value) == message


def test_secrets_are_what_is_sent_and_not_shown() -> None:
    target = parse_target("ws://user:password@example.com/ws?a=%26long-one&b=c")

    assert target.secrets == [
        "?a=%26long-one&b=c",
        "&long-one",
        "%26long-one",
        "Basic dXNlcjpwYXNzd29yZA==",
    ]
    assert PLAIN.secrets == []
