"""Writes what was measured into docs/servers.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.docs_examples import together
from tests.support.http2 import Http2Response
from tests.support.other_judgement import DIFFERENCES, OVERTAKEN
from tests.support.wires import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from tests.support.other_servers import Measured, Outcome

PAGE = ROOT / "docs" / "servers.md"

_ACCEPTED = (101, 200)

_SUMMARY_HEAD = (
    "server",
    "broken: our reasons in the response",
    "broken: our reasons in the log only",
    "broken: rejected by the server",
    "broken: accepted, cannot be seen",
    "valid: accepted",
    "valid: our 501",
    "valid: rejected by the server",
)


def is_up_to_date(page: Path, tables: str, *, renew: bool, of: str = "table") -> bool:
    """Return whether the page has these tables, between the marks of `of`.

    `renew` puts them there.
    """
    text = page.read_text(encoding="utf-8")
    begin, end = f"<!-- {of}: begin -->\n", f"<!-- {of}: end -->\n"
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    current = before + begin + tables + end + after
    if renew:
        page.write_text(current, encoding="utf-8")
    return renew or text == current


def tables_of(measured: Mapping[str, Measured]) -> str:
    """Return the summary, and below it what became of every request.

    Requests that fare alike on every server share a row.
    """
    parts = [
        "## Summary",
        _summary(measured),
        "## Over HTTP/1.1",
        _long_tables({name: m.http1 for name, m in measured.items()}),
        "## Over HTTP/2",
        _long_tables({name: m.http2 for name, m in measured.items() if m.http2}),
        "## Where the response differs",
        _differences(),
    ]
    return "\n" + "\n\n".join(parts) + "\n\n"


def cell(outcome: Outcome) -> str:
    """Return who responded to a request, and with which status."""
    status = outcome.response.status
    if outcome.rejections:
        return f"{outcome.scope} {outcome.rejections[0].status}"
    if outcome.scope is None:
        if status is None:
            over_http2 = isinstance(outcome.response, Http2Response)
            return "broken off" if over_http2 else "no response"
        return f"{'parser' if outcome.response.codes else 'server'} {status}"
    if status in _ACCEPTED:
        return f"*{status}*" if outcome.case.codes else str(status)
    by = f"{outcome.scope}, server" if outcome.case.attempt else outcome.scope
    return f"{by} {status}"


def _summary(measured: Mapping[str, Measured]) -> str:
    rows = [(name, *_counts(m.http1)) for name, m in measured.items()]
    rows += [
        (f"{n}, HTTP/2", *_counts(m.http2)) for n, m in measured.items() if m.http2
    ]
    return _table(_SUMMARY_HEAD, rows)


def _counts(outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    broken = [outcome for outcome in outcomes if outcome.case.codes]
    valid = [outcome for outcome in outcomes if outcome.case.valid]
    accepted = [
        o for o in broken if o.response.status in _ACCEPTED and not o.rejections
    ]
    reported = [o for o in broken if o.response.codes]
    logged = [o for o in broken if o.rejections and not o.response.codes]
    welcome = [o for o in valid if o.response.status in _ACCEPTED]
    ours = [o for o in valid if o.rejections]
    return tuple(
        str(number)
        for number in (
            len(reported),
            len(logged),
            len(broken) - len(reported) - len(logged) - len(accepted),
            len(accepted),
            len(welcome),
            len(ours),
            len(valid) - len(welcome) - len(ours),
        )
    )


def _long_tables(columns: Mapping[str, Sequence[Outcome]]) -> str:
    """Return a table of what all servers do alike, and one of the rest."""
    head = ("request", "what is wrong")
    rows = [
        (
            outcomes[0].case.name,
            ", ".join(f"`{code}`" for code in outcomes[0].case.codes)
            or ("nothing" if outcomes[0].case.attempt else "no handshake"),
            *map(cell, outcomes),
        )
        for outcomes in zip(*columns.values(), strict=True)
    ]
    alike = [row[:3] for row in rows if len({*row[2:]}) == 1]
    others = [row for row in rows if len({*row[2:]}) > 1]
    return "\n\n".join(
        [
            _table((*head, "every server"), together(alike)),
            _table((*head, *columns), together(others)),
        ]
    )


def _differences() -> str:
    rows: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
    whys = {place: why for place, (_, why) in DIFFERENCES.items()} | OVERTAKEN
    for (server, case), why in whys.items():
        servers, cases = rows.setdefault(why, ({}, {}))
        servers[server] = cases[case] = None
    return _table(
        ("server", "request", "why"),
        [
            (", ".join(servers), "; ".join(cases), why)
            for why, (servers, cases) in rows.items()
        ],
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
