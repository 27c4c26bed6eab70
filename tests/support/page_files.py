"""What is asked of the files of a page: the demo's, and the inspector's."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    Element = tuple[str, dict[str, str | None]]

#: What makes HTML or code of a text, or a style that the policy would reject.
MAKES_HTML_OR_CODE = (
    r"innerHTML|outerHTML|insertAdjacent|document\.write|srcdoc|DOMParser"
    r"|createContextualFragment|setHTML|\beval\b|new Function|javascript:"
    r'|setAttribute\("style|cssText'
)


class _Page(HTMLParser):
    """Notes the elements of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))


def elements_of(path: Path) -> list[Element]:
    """Return the elements of a page, each with its attributes."""
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page.elements
