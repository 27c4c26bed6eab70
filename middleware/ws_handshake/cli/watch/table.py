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
    from collections.abc import Iterable, Iterator

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


def tables(tally: Tally, now: float, *, live: bool) -> Group:
    """Return the totals, a table for each dimension, and the last events.

    The rate is that of lines as they arrive, so it is shown only `live`.
    """
    return Group(*_parts(tally, now, live=live))


def _parts(tally: Tally, now: float, *, live: bool) -> Iterator[RenderableType]:
    yield _totals(tally, now, live=live)
    for name, names in tally.by.items():
        rows, _ = names.top(1, now)
        if rows:
            yield Text()
            yield _table(_TITLES[name], names, now, live=live)
    if tally.last:
        yield Text()
        yield _last(tally.last)
        yield from _fixes(tally.last)


def _totals(tally: Tally, now: float, *, live: bool) -> Text:
    text = Text(
        f"{tally.rejected:,} rejected", "bold red" if tally.rejected else "bold"
    )
    text.append(f", {tally.accepted:,} accepted", "bold")
    if live:
        text.append(f"; {tally.rate.per_minute(now):,} rejected in the last minute")
    for number, what in (
        (tally.suppressed, "suppressed by the flood gate, and counted by reason"),
        (tally.report_only, "accepted under report_only"),
    ):
        text.append(f"\n{number:,} of them {what}" if number else "")
    lines = counted(tally.other_lines, "line")
    text.append(f"\n{lines} without an event" if tally.other_lines else "")
    return text


def _table(title: str, names: Names, now: float, *, live: bool) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    # on a narrow terminal rich shortens this column first
    table.add_column(title, overflow="ellipsis", min_width=28)
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


def _last(events: Iterable[Event]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Last", "reason", "cause", "path", "client"):
        table.add_column(title, no_wrap=title != "path", overflow="ellipsis")
    for event in events:
        cells = (event.reason or event.warning, event.cause, event.path, event.client)
        table.add_row(_time_of(event), *(Text(cell or "") for cell in cells))
    return table


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
