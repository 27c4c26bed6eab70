"""HTTP/1.1 and HTTP/2 show the same face."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.handshakes import VALID
from ws_handshake.cli.client.exchange import BODY_LIMIT, HEAD_LIMIT
from ws_handshake.cli.client.http1 import Http1Exchange
from ws_handshake.cli.probe.http2 import Http2Exchange

if TYPE_CHECKING:
    from ws_handshake.cli.client.exchange import Exchange


def test_before_anything_comes_both_have_nothing_to_tell() -> None:
    exchanges: list[Exchange] = [Http1Exchange(VALID.head()), Http2Exchange(None)]

    for exchange in exchanges:
        assert exchange.to_send()
        assert (exchange.response, exchange.trouble) == (None, None)
        assert (exchange.done, exchange.ended, exchange.received) == (False, False, 0)
        assert exchange.take_frames() == b""


def test_the_limits_are_those_of_the_documentation() -> None:
    assert (HEAD_LIMIT, BODY_LIMIT) == (64 * 1024, 4 * 1024)
