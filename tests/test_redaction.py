"""What logs other than ours may show of a client's values, imported from the root."""

from __future__ import annotations

from ws_handshake import redaction
from ws_handshake.redaction import address_only, method_only, path_only


def test_these_names_are_public() -> None:
    assert redaction.__all__ == ["address_only", "method_only", "path_only"]


def test_a_line_of_an_access_log_is_shown_without_its_secrets() -> None:
    assert address_only("203.0.113.9:51544") == "203.0.113.9:51544"
    assert method_only("GET") == "GET"
    assert path_only("/ws?token=secret") == "/ws"
    assert path_only("http://user:secret@host/ws%3Ftoken=secret") == "/ws"
