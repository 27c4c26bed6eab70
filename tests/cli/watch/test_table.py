from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest

from ws_handshake.cli.screen import Screen
from ws_handshake.cli.watch.events import Event
from ws_handshake.cli.watch.table import tables
from ws_handshake.cli.watch.tally import Tally

REJECTED = Event(
    outcome="rejected",
    reason="upgrade_missing",
    cause="proxy_stripped_upgrade",
    path="/ws",
    client="203.0.113.9",
    fix="Forward it.",
    time="2026-11-21T12:00:01.5Z",
)

WHOLE = """\
1,003 rejected, 2 accepted; 1,003 rejected in the last minute
1,000 of them suppressed by the flood gate, and counted by reason
1 of them accepted under report_only
1 line without an event

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

Last      reason           cause                   path  client
12:00:01  upgrade_missing  proxy_stripped_upgrade  /ws   203.0.113.9
12:00:02  upgrade_missing  proxy_stripped_upgrade  /ws   203.0.113.9
          key_missing                              /ws   203.0.113.9
          odd

To fix proxy_stripped_upgrade:
  Forward it.

To fix key_missing:
  Send it.
"""


def printed(tally: Tally, *, live: bool = False) -> str:
    out = io.StringIO()
    screen = Screen.of(out, io.StringIO(), {"COLUMNS": "80"})
    screen.out.print(tables(tally, 5.0, live=live))
    return re.sub(r"(?m) +$", "", out.getvalue())


def test_everything_that_was_counted_is_shown() -> None:
    tally = Tally(other_lines=1)
    tally.add(replace(REJECTED, suppressed=1000), 5.0)
    tally.add(replace(REJECTED, report_only=True, time="Nov 21 12:00:02"), 5.0)
    other = replace(REJECTED, reason="key_missing", cause=None, fix="Send it.")
    tally.add(replace(other, time="1795262400"), 5.0)
    tally.add(Event(outcome="accepted"), 5.0)
    tally.add(Event(outcome="accepted", warning="odd"), 5.0)
    assert printed(tally, live=True) == WHOLE


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


def test_a_name_that_is_too_long_is_cut_and_its_number_is_not() -> None:
    tally = Tally()
    tally.add(replace(REJECTED, path="/" + "a" * 200), 5.0)
    (row,) = [line for line in printed(tally).splitlines() if line.startswith("/a")]
    assert row.endswith("a…       1")
    assert len(row) == 80
