from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ws_handshake.cli.watch.events import Event
from ws_handshake.cli.watch.tally import LAST_EVENTS, Names, Rate, Tally

REJECTED = Event(outcome="rejected", reason="key_missing", path="/ws", client="a")
ACCEPTED = Event(outcome="accepted", path="/ws", client="a")


def numbers(names: Names, most: int = 100) -> tuple[dict[str, int], int]:
    rows, other = names.top(most, 0.0)
    return {row.name: row.number for row in rows}, other


def test_a_rate_is_that_of_the_last_minute() -> None:
    rate = Rate()
    rate.add(2, 1000.0)
    rate.add(1, 1009.0)
    rate.add(4, 1031.0)
    assert rate.per_minute(1031.0) == 7
    assert rate.per_minute(1059.0) == 7
    assert rate.per_minute(1061.0) == 4
    assert rate.per_minute(1089.9) == 4
    assert rate.per_minute(1090.0) == 0


def test_a_clock_that_goes_back_changes_nothing() -> None:
    rate = Rate()
    rate.add(1, 1000.0)
    rate.add(1, 10.0)
    assert rate.per_minute(1000.0) == 2


def test_what_was_in_the_log_before_has_no_rate() -> None:
    rate = Rate()
    rate.add(5, None)
    assert rate.per_minute(0.0) == 0


def test_the_most_frequent_names_come_first_and_all_others_together() -> None:
    names = Names()
    for name, number in (("a", 1), ("b", 3), ("c", 2), ("b", 1), (None, 9), ("d", 0)):
        names.add(name, number, 0.0)
    assert numbers(names) == ({"b": 4, "c": 2, "a": 1}, 0)
    assert numbers(names, 1) == ({"b": 4}, 3)


def test_too_many_names_become_other_and_the_frequent_ones_stay() -> None:
    names = Names(most=4)
    for name in ["often", "often", "twice", "x1", "x2", "x3", "twice", "x1"]:
        names.add(name, 1, 0.0)
    assert numbers(names) == ({"often": 2, "twice": 2, "x3": 1, "x1": 1}, 2)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=3), st.integers(0, 5))))
def test_names_are_bounded_and_their_sum_is_exact(
    seen: list[tuple[str, int]],
) -> None:
    names = Names(most=5)
    for name, number in seen:
        names.add(name, number, 0.0)
    counts, other = numbers(names)
    assert len(counts) <= 5
    assert sum(counts.values()) + other == sum(number for _, number in seen)
    for name, number in counts.items():
        assert number <= sum(n for other_name, n in seen if other_name == name)


def test_lines_and_what_was_suppressed_are_all_handshakes() -> None:
    tally = Tally()
    tally.add(REJECTED, 0.0)
    tally.add(replace(REJECTED, suppressed=5), 0.0)
    tally.add(replace(REJECTED, suppressed=2, is_summary=True), 0.0)
    tally.add(ACCEPTED, 0.0)
    tally.add(replace(ACCEPTED, warning="odd", suppressed=3), 0.0)

    assert (tally.rejected, tally.accepted, tally.suppressed) == (9, 5, 10)
    assert numbers(tally.by["reason"]) == ({"key_missing": 9}, 0)
    assert numbers(tally.by["warning"]) == ({"odd": 4}, 0)
    assert tally.rate.per_minute(0.0) == 9


def test_of_what_was_suppressed_only_the_reason_is_known() -> None:
    tally = Tally()
    tally.add(replace(REJECTED, suppressed=5, cause="health_check"), 0.0)
    for name in ("cause", "path", "client"):
        assert sum(numbers(tally.by[name])[0].values()) == 1


def test_what_was_accepted_has_no_reason_and_no_client() -> None:
    tally = Tally()
    tally.add(ACCEPTED, 0.0)
    assert all(numbers(names) == ({}, 0) for names in tally.by.values())
    assert not tally.last


def test_report_only_is_counted() -> None:
    tally = Tally()
    tally.add(replace(REJECTED, report_only=True, suppressed=5), 0.0)
    tally.add(replace(REJECTED, suppressed=1, is_summary=True), 0.0)
    assert (tally.rejected, tally.report_only) == (7, 1)


def test_the_last_events_are_kept() -> None:
    tally = Tally()
    for number in range(LAST_EVENTS + 3):
        tally.add(replace(REJECTED, path=f"/{number}"), 0.0)
    tally.add(replace(REJECTED, is_summary=True, suppressed=1), 0.0)
    tally.add(replace(ACCEPTED, warning="odd"), 0.0)
    paths = [event.path for event in tally.last]
    assert paths == ["/4", "/5", "/6", "/7", "/ws"]


@pytest.mark.parametrize("now", [None, 5.0])
def test_the_document_has_all_counts(now: float | None) -> None:
    tally = Tally(other_lines=3)
    tally.add(replace(REJECTED, suppressed=1), now)
    assert tally.document(5.0) == {
        "accepted": 0,
        "rejected": 2,
        "suppressed": 1,
        "report_only": 0,
        "other_lines": 3,
        "by": {
            "reason": {"counts": {"key_missing": 2}, "other": 0},
            "cause": {"counts": {}, "other": 0},
            "path": {"counts": {"/ws": 1}, "other": 0},
            "client": {"counts": {"a": 1}, "other": 0},
            "warning": {"counts": {}, "other": 0},
        },
    }


def test_other_lines_are_counted_and_a_telling_one_is_kept() -> None:
    tally = Tally()
    for line in (b"a", b"b", b"{c", b"d"):
        tally.add_other(line, is_telling=line == b"{c")
    assert (tally.other_lines, tally.sample, tally.events) == (4, b"{c", 0)
    tally.add(REJECTED, None)
    tally.add(ACCEPTED, None)
    assert tally.events == 2
