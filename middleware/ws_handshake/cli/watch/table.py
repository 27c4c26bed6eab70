"""The counts, as tables for a terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ws_handshake.core.redaction import counted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from rich.console import RenderableType

    from ws_handshake.cli.watch.events import Event
    from ws_handshake.cli.watch.tally import Names, Tally

_ROWS = 8
_time = re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{2}")
_TITLES = {
    "reason": "Reason",
    "cause": "Cause",
    "path": "Path",
    "client": "Client",
    "warning": "Warning about an acceptance",
}


def tables(tally: Tally, now: float) -> Group:
    """Return the totals, a table for each dimension, the last events, their fixes."""
    dimensions, fixes = _dimensions(tally, now, live=False), _fixes(tally.last)
    return Group(_totals(tally), *dimensions, *_last(tally.last), *fixes)


def live_tables(tally: Tally, now: float) -> Group:
    """Return the totals and the last events, then the tables, with the last minute.

    That is the rate of lines as they arrive.
    """
    rate = f"; {tally.rate.per_minute(now):,} rejected in the last minute"
    dimensions = _dimensions(tally, now, live=True)
    return Group(_totals(tally, rate), *_last(tally.last), *dimensions)


def newest_fix(events: Iterable[Event]) -> Group:
    """Return the fix for the newest event that has one."""
    return Group(*list(_fixes(events))[-2:])


def _dimensions(tally: Tally, now: float, *, live: bool) -> Iterator[RenderableType]:
    for name, names in tally.by.items():
        rows, _ = names.top(1, now)
        if rows:
            yield Text()
            yield _table(_TITLES[name], names, now, live=live)


def _totals(tally: Tally, rate: str = "") -> Text:
    text = Text(style="bold")
    text.append(f"{tally.rejected:,} rejected", "red" if tally.rejected else "")
    text.append(f", {tally.accepted:,} accepted")
    text.append(rate)
    for number, what in (
        (tally.suppressed, "held back by the rate limit, and counted by reason"),
        (tally.report_only, "accepted under report_only"),
    ):
        text.append(f"\n{number:,} of them {what}" if number else "")
    lines = counted(tally.other_lines, "line")
    text.append(f"\n{lines} without an event" if tally.other_lines else "")
    return text


def _table(title: str, names: Names, now: float, *, live: bool) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(title, overflow="fold", min_width=28)
    table.add_column("number", justify="right", no_wrap=True)
    if live:
        table.add_column("last minute", justify="right", no_wrap=True)
    rows, other = names.top(_ROWS, now)
    for row in rows:
        rate = [f"{row.per_minute:,}"] if live else []
        table.add_row(Text(row.name), f"{row.number:,}", *rate)
    if other:
        table.add_row(Text("other", "italic"), f"{other:,}")
    return table


def _last(events: Collection[Event]) -> Iterator[RenderableType]:
    """Yield the last events, if there are any; what does not fit goes on below."""
    if not events:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Last", no_wrap=True, min_width=8)
    table.add_column(overflow="fold")
    for event in events:
        table.add_row(_time_of(event), Text(_in_words(event)))
    yield Text()
    yield table


def _in_words(event: Event) -> str:
    cause = f" ({event.cause})" if event.cause else ""
    where = f" on {event.path}" if event.path else ""
    who = f" from {event.client}" if event.client else ""
    return f"{event.reason or event.warning}{cause}{where}{who}"


def _time_of(event: Event) -> Text:
    """Return the time of day, if the log writes it in a usual form."""
    found = _time.search(event.time or "")
    return Text(found[0] if found else "")


def _fixes(events: Iterable[Event]) -> Iterator[RenderableType]:
    """Yield the fixes for the last events, each once."""
    fixes = {e.cause or e.reason: e.fix for e in events if e.fix}
    for code, fix in fixes.items():
        yield Text(f"\nTo fix {code}:")
        yield Padding(Text(fix), (0, 0, 0, 2))
