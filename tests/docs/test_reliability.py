"""The page about reliability says what is run, and by which command."""

from __future__ import annotations

import re

import pytest

from tests.fuzz import campaigns as fuzz
from tests.fuzz.differences import THEY_ACCEPT, Row
from tests.fuzz.differences_strict import THEY_READ, THEY_REJECT
from tests.fuzz.targets import TARGETS
from tests.mutants import __main__ as mutants
from tests.support.docs_examples import DOCS, renewed, sections

PAGE = DOCS / "reliability.md"


def table(rows: tuple[Row, ...], what: str) -> str:
    """Return one line for each difference, with the peers that have it."""
    peers: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        clause = row.rfc.removeprefix("RFC ").replace(" section", "")
        peers.setdefault((row.code, clause), []).append(row.who)
    lines = [
        f"| {code} | {clause} | {', '.join(who)} |"
        for (code, clause), who in peers.items()
    ]
    head = f"| {what} | RFC, section | who |"
    return "\n".join([head, "| --- | --- | --- |", *lines]) + "\n"


@pytest.mark.parametrize(
    ("title", "what", "rows"),
    [
        ("What they accept, and we reject", "our reason", THEY_ACCEPT),
        (
            *("What they reject, and we accept", "what it is"),
            (*THEY_REJECT, *THEY_READ),
        ),
    ],
)
def test_every_difference_is_on_the_page_with_its_clause(
    title: str, what: str, rows: tuple[Row, ...]
) -> None:
    section = sections(PAGE.read_text(encoding="utf-8"))[title] + "\n"
    shown = re.search(r"(?m)(^\|.*\n)+", section)

    assert shown is not None
    wanted = table(rows, what)
    assert renewed(PAGE, shown[0], wanted) == wanted, "RENEW=1 writes it anew"


def test_the_page_names_every_campaign_target_and_module() -> None:
    text = PAGE.read_text(encoding="utf-8")

    for name in (*fuzz.CAMPAIGNS, *TARGETS, *mutants.MODULES):
        assert f"`{name}`" in text
