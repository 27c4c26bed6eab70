"""How many handshakes were accepted and rejected: in all, and in each second."""

from __future__ import annotations

from tests.support.records import accepted, rejected
from ws_handshake.inspector.tally import SECONDS, Tally


def test_all_are_counted_and_rejections_by_their_first_code() -> None:
    tally = Tally()
    for record in (
        accepted(),
        rejected("key_missing", "version_missing"),
        rejected("key_missing"),
        rejected("not_a_handshake"),
    ):
        tally.add(record, 0)
    assert tally.total.row() == {
        "accepted": 1,
        "rejected": 3,
        "by_reason": {"key_missing": 2, "not_a_handshake": 1},
    }


def test_each_second_in_which_something_happened_has_its_own_count() -> None:
    tally = Tally()
    tally.add(accepted(), 10.2)
    tally.add(rejected("key_missing"), 10.9)
    tally.add(accepted(), 13.0)
    first = {"t": 10, "accepted": 1, "rejected": 1, "by_reason": {"key_missing": 1}}
    second = {"t": 13, "accepted": 1, "rejected": 0, "by_reason": {}}
    assert tally.seconds(0) == [first, second]
    assert tally.seconds(10.99) == [first, second]
    assert tally.seconds(11) == [second]


def test_a_clock_that_is_set_back_goes_on_in_the_second_where_it_was() -> None:
    tally = Tally()
    tally.add(accepted(), 10)
    tally.add(accepted(), 3)
    assert tally.seconds(0) == [
        {"t": 10, "accepted": 2, "rejected": 0, "by_reason": {}}
    ]


def test_two_minutes_are_kept_and_no_more() -> None:
    tally = Tally()
    for second in range(1000):
        tally.add(accepted(), second)
    assert [row["t"] for row in tally.seconds(0)] == [*range(1000 - SECONDS, 1000)]
    assert tally.total.accepted == 1000
