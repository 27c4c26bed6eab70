"""Second looks: what a port speaks, whose its certificate is, and what HTTP/2 gives."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from tests.support.cli_fakes import closing, saying, serving, wait
from tests.support.tls import certified, certify
from tests.support.wires import free_port
from ws_handshake.cli.client.deadline import Deadline
from ws_handshake.cli.client.dial import Address
from ws_handshake.cli.client.target import parse_target
from ws_handshake.cli.probe.looks import Looker

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.cli_fakes import Script
    from tests.support.tls import Certificate

SETTINGS = bytes.fromhex("000000040000000000")
CONNECT_ENABLED = bytes.fromhex("000006040000000000000800000001")


def _looker(port: int, seconds: float = 10) -> Looker:
    target = parse_target(f"wss://127.0.0.1:{port}/ws?token=secret")
    address = Address(socket.AF_INET, ("127.0.0.1", port))
    return Looker(target, address, Deadline(seconds))


@pytest.fixture(scope="module", name="made")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certify(tmp_path_factory.mktemp("tls"))


def test_tls_is_seen_whoever_signed_the_certificate(made: Certificate) -> None:
    with serving(closing(), made) as port:
        assert _looker(port).sees_tls()
        assert not _looker(port).sees_http()


def test_plain_http_is_seen_by_its_first_bytes() -> None:
    script = closing(b"HTTP/1.0 400 Bad Request\r\n\r\n")
    with serving(script, reads_head=False) as port:
        assert _looker(port).sees_http()
        assert not _looker(port).sees_tls()


def test_the_user_sends_nothing_by_a_look() -> None:
    heads: list[bytes] = []

    def script(_: socket.socket, head: bytes) -> None:
        heads.append(head)

    with serving(script) as port:
        assert not _looker(port).sees_http()

    assert heads == [b"HEAD / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % port]


def test_what_does_not_come_in_time_is_not_seen() -> None:
    with serving(lambda connection, _: wait(connection)) as port:
        looker = _looker(port, 0.3)
        assert not looker.sees_http()
        assert not looker.sees_tls()
        assert looker.sees_names() is None
        assert looker.sees_http2(checked=False) is None


def test_where_nobody_listens_nothing_is_seen() -> None:
    looker = _looker(free_port())

    assert not looker.sees_tls()
    assert not looker.sees_http()


def test_the_names_of_a_certificate_for_somebody_else_are_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = certified(tmp_path / "ca", "DNS:other.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(other.path))
    with serving(closing(), other) as port:
        assert _looker(port).sees_names() == "other.example"


def test_without_a_signature_in_order_no_names_are_reported(made: Certificate) -> None:
    with serving(closing(), made) as port:
        assert _looker(port).sees_names() is None


HTTP2_SERVERS: list[tuple[tuple[str, ...], bytes, bool | None]] = [
    (("h2",), CONNECT_ENABLED, True),
    (("h2",), SETTINGS, False),
    (("h2",), b"", None),
    (("http/1.1",), b"", None),
    ((), b"", None),
]


@pytest.mark.parametrize(("alpn", "says", "seen"), HTTP2_SERVERS)
def test_what_a_client_gets_that_offers_both(
    made: Certificate, alpn: tuple[str, ...], says: bytes, *, seen: bool | None
) -> None:
    script: Script = saying(says) if says else closing()
    with serving(script, made, alpn=alpn) as port:
        assert _looker(port).sees_http2(checked=False) is seen


def test_a_checked_look_does_not_trust_everybody(made: Certificate) -> None:
    with serving(saying(SETTINGS), made, alpn=("h2",)) as port:
        assert _looker(port).sees_http2(checked=True) is None
