"""The way to a server over names and TCP, and second looks; TLS is beside it."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.cli_fakes import closing, saying, serving, wait
from tests.support.tls import certified, certify
from tests.support.wires import free_port
from ws_handshake.cli.client.dial import Address, BlockedError, Deadline
from ws_handshake.cli.client.target import parse_target
from ws_handshake.cli.probe.reach import Order, Reached, Route, SecondLook
from ws_handshake.cli.probe.track import Track

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.cli_fakes import Script
    from tests.support.tls import Certificate
    from ws_handshake.cli.probe.track import Step

SETTINGS = bytes.fromhex("000000040000000000")
CONNECT_ENABLED = bytes.fromhex("000006040000000000000800000001")


def _walked(url: str) -> tuple[Reached, list[Step]]:
    route = Route(Order(parse_target(url), b""), Deadline(10))
    track = Track(lambda: 0.0, lambda _: None, lambda _: None)
    with ExitStack() as open_wires:
        reached = route.walk(track, open_wires)
    assert reached.wire.socket.fileno() == -1
    return reached, track.steps


def _resolving(monkeypatch: pytest.MonkeyPatch, *where: tuple[str, int]) -> None:
    rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address) for address in where]

    def look_up(name: bytes, *_: Any, **__: Any) -> Any:
        assert name == b"app.example"
        return rows

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


def test_an_address_needs_no_name() -> None:
    with serving(closing()) as port:
        reached, steps = _walked(f"ws://127.0.0.1:{port}/ws")

    assert (reached.secured, reached.notes) == (None, ())
    assert [(step.name, step.result) for step in steps] == [
        ("name", "127.0.0.1 is an address"),
        ("tcp", f"connected to 127.0.0.1 port {port}"),
    ]
    assert steps[0].facts == {"addresses": ["127.0.0.1"]}
    assert steps[1].facts == {"address": "127.0.0.1", "port": port}


def test_a_name_is_looked_up_and_an_address_that_does_not_respond_is_noted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving(closing()) as port:
        addresses = ("127.0.0.2", free_port()), ("127.0.0.1", port)
        _resolving(monkeypatch, *addresses)
        reached, steps = _walked(f"ws://app.example:{port}/ws")

    assert steps[0].result == "app.example is 127.0.0.2, 127.0.0.1"
    assert steps[1].result == f"connected to 127.0.0.1 port {port}"
    (note,) = reached.notes
    assert note.code == "address_failed"
    assert "(127.0.0.2: connection refused)" in note.what


def test_the_step_that_fails_is_the_last() -> None:
    order = Order(parse_target(f"ws://127.0.0.1:{free_port()}/"), b"")
    route = Route(order, Deadline(10))
    track = Track(lambda: 0.0, lambda _: None, lambda _: None)
    with pytest.raises(BlockedError, match="connection_refused"), ExitStack() as wires:
        route.walk(track, wires)

    assert [(step.name, step.ok) for step in track.steps] == [
        ("name", True),
        ("tcp", False),
    ]


def _has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:  # pragma: no cover  (machines without IPv6)
        return False
    return True


def test_an_ipv6_address_is_reached() -> None:
    if not _has_ipv6():  # pragma: no cover  (machines without IPv6)
        pytest.skip("there is no IPv6 here")
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as server:
        port = server.getsockname()[1]
        _, steps = _walked(f"ws://[::1]:{port}/ws")

    assert steps[1].result == f"connected to ::1 port {port}"


def _looker(port: int, seconds: float = 10) -> SecondLook:
    target = parse_target(f"wss://127.0.0.1:{port}/ws?token=secret")
    address = Address(socket.AF_INET, ("127.0.0.1", port))
    return SecondLook(Order(target, b""), address, Deadline(seconds))


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


def test_a_second_look_sends_nothing_of_the_users() -> None:
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


def test_if_nothing_listens_nothing_is_seen() -> None:
    looker = _looker(free_port())

    assert not looker.sees_tls()
    assert not looker.sees_http()


def test_the_names_of_a_certificate_for_another_host_are_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = certified(tmp_path / "ca", "DNS:other.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(other.path))
    with serving(closing(), other) as port:
        assert _looker(port).sees_names() == "other.example"


def test_without_a_valid_signature_no_names_are_reported(made: Certificate) -> None:
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


def test_a_checked_look_does_not_trust_every_certificate(made: Certificate) -> None:
    with serving(saying(SETTINGS), made, alpn=("h2",)) as port:
        assert _looker(port).sees_http2(checked=True) is None
