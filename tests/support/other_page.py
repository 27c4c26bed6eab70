"""Writes what was measured into docs/servers.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.http2 import Http2Response
from tests.support.other_judgement import DIFFERENCES, OVERTAKEN
from tests.support.other_servers import SETUPS
from tests.support.wires import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from tests.support.other_servers import Measured, Outcome

PAGE = ROOT / "docs" / "servers.md"

_ACCEPTED = (101, 200)

_SUMMARY_HEAD = (
    "server",
    "broken: rejected, our reasons in the response",
    "broken: rejected, our reasons in the log only",
    "broken: rejected by the server itself",
    "broken: accepted, the violation cannot be seen",
    "valid: accepted",
    "valid: our 501",
    "valid: rejected by the server itself",
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
    """Return the summary, and below it what became of every request."""
    http2 = {f"{n}, HTTP/2": m for n, m in measured.items() if SETUPS[n].http2}
    parts = [
        "## Summary",
        _summary(measured, http2),
        "## Over HTTP/1.1",
        _long_table({name: m.http1 for name, m in measured.items()}),
        "## Over HTTP/2",
        _long_table({name: m.http2 for name, m in http2.items()}),
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
    if status not in _ACCEPTED and outcome.case.attempt:
        return f"{outcome.scope}, server {status}"
    seen = f"{outcome.scope} {status}"
    return f"*{seen}*" if outcome.case.codes else seen


def _summary(measured: Mapping[str, Measured], http2: Mapping[str, Measured]) -> str:
    rows = [(name, *_counts(m.http1)) for name, m in measured.items()]
    rows += [(name, *_counts(m.http2)) for name, m in http2.items()]
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


def _long_table(columns: Mapping[str, Sequence[Outcome]]) -> str:
    head = ("request", "what is wrong with it", *columns)
    rows = [
        (
            outcomes[0].case.name,
            ", ".join(f"`{code}`" for code in outcomes[0].case.codes)
            or ("nothing" if outcomes[0].case.attempt else "no handshake"),
            *map(cell, outcomes),
        )
        for outcomes in zip(*columns.values(), strict=True)
    ]
    return _table(head, rows)


def _differences() -> str:
    lines = [
        f"- {server}, {case}: {difference.why}."
        for (server, case), difference in DIFFERENCES.items()
    ]
    lines += [
        f"- {server}, {case}: {why}." for (server, case), why in OVERTAKEN.items()
    ]
    return "\n".join(lines)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
