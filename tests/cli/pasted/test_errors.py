from __future__ import annotations

from ws_handshake.cli.pasted.errors import read_error


def test_a_message_has_program_status_and_address() -> None:
    message = read_error(
        b"x.js:1 WebSocket connection to 'wss://u:p@a.example:8443/ws?token=t' failed: "
        b"Unexpected response code: 403"
    )
    assert message is not None
    assert message.kind == "an error message of a browser"
    assert message.status == 403
    assert message.url == "wss://a.example:8443/ws"


def test_an_address_of_another_server_is_not_taken() -> None:
    nginx = b'connect() failed (111: Connection refused), upstream: "http://10.0.0.1/"'
    origin = b"https://page.example is not an accepted origin."
    apache = b"AH01144: No protocol handler was valid, referer: https://page.example/"
    for line in (nginx, origin, apache):
        message = read_error(line)
        assert message is not None
        assert message.url == ""


def test_the_address_may_stand_in_another_line() -> None:
    message = read_error(b"connecting to ws://a.example/ws\n\nHandshake status 403")
    assert message is not None
    assert message.url == "ws://a.example/ws"


def test_any_other_text_is_no_message() -> None:
    assert read_error(b"It works on my machine.") is None
