"""A page with marks, between which a bench writes what it measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class MarkedPage:
    """A page with old text between the marks of a name, and text around them."""

    def __init__(self, folder: Path, name: str) -> None:
        self.path = folder / "page.md"
        self._begin = f"Before\n<!-- {name}: begin -->\n"
        self._end = f"<!-- {name}: end -->\nAfter\n"
        self.path.write_text(f"{self._begin}old\n{self._end}", encoding="utf-8")

    def written(self) -> str:
        """Return what stands between the marks; around them nothing may differ."""
        text = self.path.read_text(encoding="utf-8")
        assert text.startswith(self._begin)
        assert text.endswith(self._end)
        return text.removeprefix(self._begin).removesuffix(self._end)
