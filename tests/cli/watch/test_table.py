from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ws_handshake.cli.screen import Screen
from ws_handshake.cli.watch.events import Event
from ws_handshake.cli.watch.table import live_tables, newest_fix, tables
from ws_handshake.cli.watch.tally import Tally

if TYPE_CHECKING:
    from rich.console import RenderableType

REJECTED = Event(
    outcome="rejected",
    reason="upgrade_missing",
    cause="proxy_stripped_upgrade",
    path="/ws",
    client="203.0.113.9",
    fix="Forward it.",
    time="2026-11-21T12:00:01.5Z",
)

TOTALS = """\
1,003 rejected, 2 accepted{}
1,000 of them held back by the rate limit, and counted by reason
1 of them accepted under report_only
1 line without an event
"""
LAST = """
Last
12:00:01  upgrade_missing (proxy_stripped_upgrade) on /ws from 203.0.113.9
12:00:02  upgrade_missing (proxy_stripped_upgrade) on /ws from 203.0.113.9
          key_missing on /ws from 203.0.113.9
          odd
"""
TABLES = """
Reason                        number  last minute
upgrade_missing                1,002        1,002
key_missing                        1            1

Cause                         number  last minute
proxy_stripped_upgrade             2            2

Path                          number  last minute
/ws                                3            3

Client                        number  last minute
203.0.113.9                        3            3

Warning about an acceptance   number  last minute
odd                                1            1
"""
FIXES = """
To fix proxy_stripped_upgrade:
  Forward it.

To fix key_missing:
  Send it.
"""
RATE = "; 1,003 rejected in the last minute"


def printed(tally: Tally, *, live: bool = False) -> str:
    show = live_tables if live else tables
    return _printed(show(tally, 5.0))


def _printed(what: RenderableType) -> str:
    out = io.StringIO()
    screen = Screen.of(out, io.StringIO(), {"COLUMNS": "80"})
    screen.out.print(what)
    return re.sub(r"(?m) +$", "", out.getvalue())


def _tally() -> Tally:
    tally = Tally(other_lines=1)
    tally.add(replace(REJECTED, suppressed=1000), 5.0)
    tally.add(replace(REJECTED, report_only=True, time="Nov 21 12:00:02"), 5.0)
    other = replace(REJECTED, reason="key_missing", cause=None, fix="Send it.")
    tally.add(replace(other, time="1795262400"), 5.0)
    tally.add(Event(outcome="accepted"), 5.0)
    tally.add(Event(outcome="accepted", warning="odd"), 5.0)
    return tally


def test_everything_that_was_counted_is_shown() -> None:
    without_rate = re.sub(r"(?m)  last minute$| {8,12}[\d,]+$", "", TABLES)

    assert printed(_tally()) == TOTALS.format("") + without_rate + LAST + FIXES


def test_live_the_last_events_come_first_and_the_newest_fix_alone() -> None:
    tally = _tally()

    assert printed(tally, live=True) == TOTALS.format(RATE) + LAST + TABLES
    assert _printed(newest_fix(tally.last)) == "\nTo fix key_missing:\n  Send it.\n"


def test_without_an_event_there_are_only_the_totals() -> None:
    assert printed(Tally()) == "0 rejected, 0 accepted\n"


@pytest.mark.parametrize(("live", "cells"), [(True, 3), (False, 2)])
def test_the_rate_is_shown_only_live(*, live: bool, cells: int) -> None:
    tally = Tally()
    tally.add(REJECTED, 5.0)
    (row,) = [
        line.split()
        for line in printed(tally, live=live).splitlines()
        if line.startswith("upgrade_missing")
    ]
    assert len(row) == cells


def test_beyond_eight_names_the_others_are_one_row() -> None:
    tally = Tally()
    for number in range(11):
        tally.add(replace(REJECTED, path=f"/{number}"), 5.0)
    output = printed(tally)
    assert (
        "\n/7                                 1\nother                              3\n"
        in (output)
    )


def test_a_name_that_is_too_long_goes_on_below_its_number() -> None:
    tally = Tally()
    tally.add(replace(REJECTED, path="/" + "a" * 100), 5.0)
    table = printed(tally).partition("Path")[2].splitlines()[1:3]

    assert table[0].endswith("a       1")
    assert (len(table[0]), set(table[1])) == (80, {"a"})


def test_an_event_that_is_too_long_goes_on_below() -> None:
    tally = Tally()
    tally.add(replace(REJECTED, client="2001:db8:85a3:8d3:1319:8a2e:370:7348"), 5.0)

    assert (
        "\n12:00:01  upgrade_missing (proxy_stripped_upgrade) on /ws from\n"
        "          2001:db8:85a3:8d3:1319:8a2e:370:7348\n"
    ) in printed(tally)
