"""The walk as a whole: its order, and what is kept of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.cli_fakes import closing, serving, talking, wait
from tests.support.handshakes import KEY
from ws_handshake.cli.client.dial import Deadline
from ws_handshake.cli.client.target import parse_target
from ws_handshake.cli.probe.reach import Order
from ws_handshake.cli.probe.track import Track
from ws_handshake.cli.probe.walk import Walk

if TYPE_CHECKING:
    from ws_handshake.cli.probe.report import Report

NONCE = b"the sample nonce"


def _walked(order: Order, seconds: float = 10) -> Report:
    deadline = Deadline(seconds)
    track = Track(deadline.clock, lambda _: None, lambda _: None)
    return Walk(order, deadline, track).report()


def test_the_nonce_is_handed_in_and_becomes_the_key() -> None:
    with serving(talking()) as port:
        report = _walked(Order(parse_target(f"ws://127.0.0.1:{port}/ws"), NONCE))

    assert report.verdict == "valid"
    assert f"> Sec-WebSocket-Key: {KEY.decode()}" in report.steps[2].lines


def test_that_a_scheme_was_mapped_is_noted() -> None:
    with serving(talking()) as port:
        report = _walked(Order(parse_target(f"http://127.0.0.1:{port}/ws"), NONCE))

    assert [note.code for note in report.notes] == ["scheme_mapped"]


def test_a_client_offers_http1_alone_unless_it_wants_http2() -> None:
    target = parse_target("wss://example.com/")

    assert Order(target, NONCE).alpn == ("http/1.1",)
    assert Order(target, NONCE, http="1.1").alpn == ("http/1.1",)
    assert Order(target, NONCE, http="2").alpn == ("h2", "http/1.1")


def test_an_order_and_a_report_show_no_secret() -> None:
    target = parse_target("ws://user:secret@127.0.0.1:1/?token=secret")
    order = Order(target, b"secret-secret-00")
    report = _walked(order, 5)

    assert "secret" not in repr(order) + repr(report)


@pytest.mark.parametrize("http", ["as browsers", "2"])
def test_when_the_time_is_over_everything_is(http: str) -> None:
    with serving(lambda connection, _: wait(connection)) as port:
        target = parse_target(f"ws://127.0.0.1:{port}/ws")
        order = Order(target, NONCE, http="2" if http == "2" else "as browsers")
        report = _walked(order, 0.3)

    assert [failure.kind.code for failure in report.failures] == ["no_response"]
    assert sum(step.seconds for step in report.steps) < 5


def test_an_end_without_a_response_is_reported_with_how_it_ended() -> None:
    with serving(closing(), reads_head=False) as port:
        report = _walked(Order(parse_target(f"ws://127.0.0.1:{port}/ws"), NONCE))

    assert [(f.kind.code, f.seen) for f in report.failures] == [
        ("closed_without_response", "closed")
    ]
