from __future__ import annotations

import pytest

from ws_handshake.cli.pasted.addresses import read_address


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("wss://u:p@chat.example.com/ws?token=secret\n", "an address"),
        ("const ws = new WebSocket('wss://chat.example.com/ws?a=secret')", "a program"),
        ('websockets.connect("wss://chat.example.com/ws", headers=h)', "a program"),
    ],
)
def test_an_address_without_a_request_is_one_to_probe(text: str, kind: str) -> None:
    message = read_address(text.encode())
    assert message is not None
    assert message.kind == kind
    assert message.url == "wss://chat.example.com/ws"
    assert "secret" not in "".join(map(str, message))


def test_a_configuration_is_called_by_its_name() -> None:
    message = read_address(b"location /ws {\n  proxy_pass http://app;\n}")
    assert message is not None
    assert (message.kind, message.code) == ("nginx.conf", "proxy_stripped_upgrade")


def test_other_text_has_no_address_to_probe() -> None:
    assert read_address(b"it fails at wss://a/ today") is None
