from __future__ import annotations

import pytest

from ws_handshake.cli.pasted.url import encoded, read_url


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("wss://a:8443/ws?b=c#d", ("wss", None, b"a:8443", b"/ws?b=c")),
        ("HTTP://u:p@a", ("http", "u:p", b"a", b"/")),
        ("a/ws", ("", None, b"a", b"/ws")),
        ("//a/ws", ("", None, b"", b"//a/ws")),
        ("https://a?b", ("https", None, b"a", b"/?b")),
        ("https://[::1]:80/", ("https", None, b"[::1]:80", b"/")),
        ("https://a/b@c", ("https", None, b"a", b"/b@c")),
        ("", ("", None, b"", b"/")),
    ],
)
def test_an_address_is_taken_apart(url: str, wanted: tuple[object, ...]) -> None:
    assert read_url(url) == wanted


def test_what_no_byte_stands_for_is_a_question_mark() -> None:
    assert encoded("\xe9\u20ac") == b"\xe9?"
