"""The navigation is short, and every page is reached from it."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from tests.support.built_site import CONFIGURATION
from tests.support.docs_examples import DOCS

NAVIGATION: list[dict[str, list[Any]]] = tomllib.loads(
    CONFIGURATION.read_text(encoding="utf-8")
)["project"]["nav"]
GROUPS = {name: pages for group in NAVIGATION for name, pages in group.items()}
_MOST = 7

_link = re.compile(r"\]\((\w+)\.md\)")


def _named(entry: str | dict[str, str]) -> str:
    """Return the page of an entry, which may have a title."""
    return entry if isinstance(entry, str) else next(iter(entry.values()))


def _listed() -> list[str]:
    return [_named(entry) for pages in GROUPS.values() for entry in pages]


def test_there_are_at_most_seven_groups() -> None:
    assert len(GROUPS) <= _MOST


@pytest.mark.parametrize("name", GROUPS)
def test_a_group_has_at_most_seven_pages(name: str) -> None:
    assert 1 <= len(GROUPS[name]) <= _MOST


def test_every_page_is_in_the_navigation_once() -> None:
    pages = {path.name for path in DOCS.glob("*.md")}
    assert sorted(_listed()) == sorted({*pages, "reasons/index.md", "causes/index.md"})


@pytest.mark.parametrize("kind", ["reasons", "causes"])
def test_the_index_leads_to_the_page_of_every_code(kind: str) -> None:
    index = (DOCS / kind / "index.md").read_text(encoding="utf-8")
    pages = {path.stem for path in (DOCS / kind).glob("*.md")} - {"index"}
    assert set(_link.findall(index)) >= pages
