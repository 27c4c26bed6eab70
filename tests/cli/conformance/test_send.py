"""One handshake of the conformance catalogue, as it is sent."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.cli_fakes import OK, closing, saying, serving
from tests.support.tls import certify
from tests.support.wires import free_port
from ws_handshake.cli.client.dial import Deadline, resolve
from ws_handshake.cli.client.failures import CERTIFICATE_UNTRUSTED, CONNECTION_REFUSED
from ws_handshake.cli.client.request import Offer
from ws_handshake.cli.client.target import parse_target
from ws_handshake.cli.conformance.cases import FIRST, Case, template
from ws_handshake.cli.conformance.send import CLOSED, Sender

if TYPE_CHECKING:
    import socket
    from pathlib import Path

    from ws_handshake.cli.conformance.send import Reply

PATIENCE = 15.0
KEY = b"AQEBAQEBAQEBAQEBAQEBAQ=="


def sender(port: int, url: str = "ws://127.0.0.1:{}/ws", **changes: Any) -> Sender:
    target = parse_target(url.format(port))
    addresses = resolve("127.0.0.1", port, Deadline(PATIENCE))
    given = {"offer": Offer(), "nonce": lambda size: b"\x01" * size, **changes}
    return Sender(target, addresses, **given)


def send(to: Sender, case: Case = FIRST, seconds: float = PATIENCE) -> Reply:
    return to.send(case, Deadline(seconds))


class Heads:
    """Keeps the request heads, and accepts."""

    def __init__(self) -> None:
        self.heads: list[bytes] = []

    def __call__(self, connection: socket.socket, head: bytes) -> None:
        self.heads.append(head)
        saying(OK)(connection, head)


def test_a_response_is_kept_with_what_was_sent() -> None:
    heads = Heads()
    with serving(heads) as port:
        reply = send(sender(port))
    assert reply.response is not None
    assert reply.response.accepts
    assert (reply.silence, reply.blocked) == (None, None)
    assert reply.sent.values(b"sec-websocket-key") == [KEY]
    assert heads.heads == [
        b"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\n"
        b"Connection: Upgrade\r\nSec-WebSocket-Key: %s\r\n"
        b"Sec-WebSocket-Version: 13\r\n\r\n" % (port, KEY)
    ]


def test_every_handshake_has_what_the_user_adds() -> None:
    heads = Heads()
    offer = Offer("https://a.example", ("one", "two"), ((b"Cookie", b"a={key}"),))
    with serving(heads) as port:
        url = "ws://user:secret@127.0.0.1:{}/ws?room=1"
        send(sender(port, url, offer=offer))
        bent = template(["Sec-WebSocket-Protocol: {protocol}"])
        send(sender(port, offer=offer), Case("a", "A.", bent, "either", "RFC 1"))
    first, second = heads.heads
    assert first.startswith(b"GET /ws?room=1 HTTP/1.1\r\n")
    assert first.endswith(
        b"Version: 13\r\nCookie: a={key}\r\nAuthorization: Basic dXNlcjpzZWNyZXQ=\r\n"
        b"Origin: https://a.example\r\nSec-WebSocket-Protocol: one, two\r\n\r\n"
    )
    assert second.count(b"Sec-WebSocket-Protocol: one\r\n") == 1
    assert b"two" not in second


def test_a_body_is_read_to_its_end() -> None:
    rejection = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 6\r\n\r\nno key"
    with serving(saying(rejection)) as port:
        reply = send(sender(port))
    assert reply.response is not None
    assert (reply.response.status, reply.response.body) == (400, b"no key")


def test_the_head_of_a_response_counts_though_its_body_does_not_come() -> None:
    rejection = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 6\r\n\r\nno"
    with serving(saying(rejection)) as port:
        reply = send(sender(port), seconds=1.5)
    assert reply.response is not None
    assert (reply.response.status, reply.response.body) == (400, b"no")
    assert reply.silence is None


def test_no_body_is_waited_for_in_a_response_to_head() -> None:
    head = template(["HEAD {path} HTTP/1.1"])
    rejection = b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 6\r\n\r\n"
    with serving(saying(rejection)) as port:
        start = time.monotonic()
        reply = send(sender(port), Case("a", "A.", head, "reject", "RFC 1"))
    assert reply.response is not None
    assert reply.response.status == 405
    assert time.monotonic() - start < PATIENCE


def test_silence_ends_with_the_time() -> None:
    with serving(saying(b"")) as port:
        reply = send(sender(port), seconds=0.3)
    assert (reply.response, reply.silence) == (None, "no response in time")


def test_a_connection_that_is_closed_is_reported() -> None:
    with serving(closing()) as port:
        reply = send(sender(port))
    assert (reply.response, reply.silence) == (None, CLOSED)


def test_what_is_no_http_is_reported() -> None:
    with serving(closing(b"SSH-2.0-x\r\n")) as port:
        reply = send(sender(port))
    assert reply.response is None
    assert reply.silence == "no HTTP response: it begins with: SSH-2.0-x\\r\\n"


def test_a_port_on_which_nothing_listens_is_reported() -> None:
    reply = send(sender(free_port()))
    assert reply.blocked is not None
    assert reply.blocked.kind is CONNECTION_REFUSED


def test_tls_comes_first_and_the_certificate_is_checked(tmp_path: Path) -> None:
    certificate = certify(tmp_path)
    with serving(saying(OK), certificate) as port:
        reply = send(sender(port, "wss://127.0.0.1:{}/ws"))
        assert reply.blocked is not None
        assert reply.blocked.kind is CERTIFICATE_UNTRUSTED
        for trust in ({"checked": False}, {"cacert": str(certificate.path)}):
            reply = send(sender(port, "wss://127.0.0.1:{}/ws", **trust))
            assert reply.response is not None
            assert reply.response.accepts


def test_an_absolute_target_over_tls_is_https(tmp_path: Path) -> None:
    heads = Heads()
    absolute = template(["GET {scheme}://{host}{path} HTTP/1.1"])
    with serving(heads, certify(tmp_path)) as port:
        to = sender(port, "wss://127.0.0.1:{}/ws", checked=False)
        send(to, Case("a", "A.", absolute, "accept", "RFC 1"))
    assert heads.heads[0].startswith(b"GET https://127.0.0.1:%d/ws HTTP/1.1\r\n" % port)


@pytest.mark.parametrize("response", [b"", b"HTTP/1.1 1"])
def test_a_few_bytes_are_not_a_response(response: bytes) -> None:
    with serving(saying(response)) as port:
        assert send(sender(port), seconds=0.3).silence == "no response in time"
