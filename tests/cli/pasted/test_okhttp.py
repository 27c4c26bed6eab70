from __future__ import annotations

from tests.support.handshakes import VALID
from ws_handshake import judge
from ws_handshake.cli.pasted.okhttp import read_okhttp

FIELDS = [f"{n.decode()}: {v.decode()}" for n, v in VALID.headers if n != b"host"]
LINES = [
    "--> GET https://chat.example.com/ws http/1.1",
    *FIELDS,
    "--> END GET",
    "<-- 403 Forbidden https://chat.example.com/ws (12ms)",
    "server: nginx",
]


def test_the_log_is_read_with_the_status_of_the_response() -> None:
    text = "\n".join(f"I/okhttp.OkHttpClient: {line}" for line in LINES)
    (pasted,) = read_okhttp(text.encode())
    assert pasted.server_status == 403
    assert pasted.request.target == b"/ws"
    assert pasted.absent() == {b"host"}
    assert judge(pasted.completed()).accepted


def test_an_address_may_have_no_path() -> None:
    (pasted,) = read_okhttp(b"--> GET wss://a\nSec-WebSocket-Version: 13\n")
    assert pasted.request.target == b"/"


def test_any_other_text_has_no_request() -> None:
    assert read_okhttp(b"--> GET it done") == []
