"""A violation has the fix of its flaw, or of its reason, and stands in an order."""

from __future__ import annotations

from tests.support.handshakes import VALID
from ws_handshake import judge
from ws_handshake.core.reasons import HEAD_MALFORMED, KEY_MALFORMED, METHOD_NOT_GET
from ws_handshake.core.violation import Violation, in_order


def test_the_received_value_has_its_measure_and_then_its_flaw() -> None:
    (violation,) = judge(VALID.but(b"host", b"fd00::1:8081").head()).violations

    assert violation.received == "12 characters, an IPv6 address without brackets"
    assert violation.fix == (
        "Put the IPv6 address in brackets, the port behind them: [fd00:10::1]:8081."
    )


def test_without_a_known_flaw_the_fix_is_that_of_the_reason() -> None:
    (violation,) = judge(VALID.but(b"sec-websocket-key", b"secret").head()).violations

    assert (violation.received, violation.flaw) == ("6 characters", None)
    assert violation.fix == violation.reason.fix


def test_violations_stand_in_the_order_of_the_catalogue() -> None:
    first, key, last = map(Violation, (METHOD_NOT_GET, KEY_MALFORMED, HEAD_MALFORMED))

    assert in_order(last, key, first) == (first, key, last)
    assert in_order() == ()
