"""The way to a server over names and TCP; TLS is in test_cli_probe_reach_tls.py."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.cli_fakes import closing, serving
from tests.support.wires import free_port
from ws_handshake.cli.client.deadline import Deadline
from ws_handshake.cli.client.dial import BlockedError
from ws_handshake.cli.client.target import parse_target
from ws_handshake.cli.probe.reach import Reached, Way
from ws_handshake.cli.probe.track import Track

if TYPE_CHECKING:
    from ws_handshake.cli.probe.report import Step


def _walked(url: str) -> tuple[Reached, list[Step]]:
    way = Way(parse_target(url), Deadline(10), ("http/1.1",), checked=True)
    track = Track(lambda: 0.0, lambda _: None, lambda _: None)
    with ExitStack() as open_wires:
        reached = way.walk(track, open_wires)
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
    assert [(step.name, step.reported) for step in steps] == [
        ("name", "127.0.0.1, an address already"),
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

    assert steps[0].reported == "app.example is 127.0.0.2, 127.0.0.1"
    assert steps[1].reported == f"connected to 127.0.0.1 port {port}"
    (note,) = reached.notes
    assert note.code == "address_failed"
    assert "(127.0.0.2: connection refused)" in note.what


def test_the_step_at_which_the_way_ends_is_the_last() -> None:
    way = Way(
        parse_target(f"ws://127.0.0.1:{free_port()}/"), Deadline(10), (), checked=True
    )
    track = Track(lambda: 0.0, lambda _: None, lambda _: None)
    with pytest.raises(BlockedError, match="connection_refused"), ExitStack() as wires:
        way.walk(track, wires)

    assert [(step.name, step.good) for step in track.steps] == [
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

    assert steps[1].reported == f"connected to ::1 port {port}"
