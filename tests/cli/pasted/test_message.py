from __future__ import annotations

import pytest

from ws_handshake.cli.pasted.message import lines_of, shown_url


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("ws://localhost:8000/ws", "ws://localhost:8000/ws"),
        ("wss://u:p@a.example/ws?token=t#f", "wss://a.example/ws"),
        ("https://a.example/ws", "wss://a.example/ws"),
        ("https://a.example:0/ws#", "wss://a.example/ws"),
        ("http://[::1]:8000/", "ws://[::1]:8000/"),
        ("ws://a/session=secret", "ws://a"),
        ("ws://a:secret/ws", ""),
        ("ws://sec ret/ws", ""),
        ("localhost/ws", ""),
        ("", ""),
    ],
)
def test_of_an_address_no_user_and_no_query_is_shown(url: str, shown: str) -> None:
    assert shown_url(url) == shown


def test_only_so_much_is_looked_at() -> None:
    assert lines_of(b"a" * 5000 + b"\n\n \nb\n") == ["a" * 4096, "b"]
    assert sum(map(len, lines_of(b"a\n" * 100_000))) == 32_768
