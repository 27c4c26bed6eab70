"""The files of the demo's page: nothing inline, nothing from elsewhere, no HTML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from demo_app.inspector.site import INSPECTOR, STATIC
from tests.support.page_files import MAKES_HTML_OR_CODE, elements_of
from tests.support.wires import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SHARED = ROOT / "middleware" / "ws_handshake" / "inspector" / "static"
MODULES = sorted(STATIC.glob("*.js"))
STYLES = sorted(STATIC.glob("*.css"))

# What makes HTML or code of a text, or a style that the policy would reject.
_UNSAFE = rf"{MAKES_HTML_OR_CODE}|https?://"

_named = re.compile(r'(?:from|import) "((?:/_handshakes)?/static/[^"]+)"')


ELEMENTS = elements_of(STATIC / "index.html")


def on_disk(address: str) -> Path:
    ours, shared = "/static/", f"{INSPECTOR}/static/"
    if address.startswith(shared):
        return SHARED / address.removeprefix(shared)
    assert address.startswith(ours), address
    return STATIC / address.removeprefix(ours)


def test_nothing_in_the_page_is_inline() -> None:
    assert not [tag for tag, _ in ELEMENTS if tag == "style"]
    for tag, attributes in ELEMENTS:
        assert not [name for name in attributes if re.match(r"on|style$", name)], tag
        if tag == "script":
            assert attributes["type"] == "module"
            assert attributes["src"] == "/static/page.js"


def test_every_file_that_the_page_names_is_there() -> None:
    named = [
        address
        for tag, attributes in ELEMENTS
        for address in (attributes.get("src"), attributes.get("href"))
        if address and tag != "a"
    ]
    assert len(named) == 8
    assert all(on_disk(address).is_file() for address in named)


def test_every_part_of_the_page_that_is_named_by_another_is_there() -> None:
    names = {attributes["id"] for _, attributes in ELEMENTS if "id" in attributes}
    for _, attributes in ELEMENTS:
        for key in ("aria-labelledby", "aria-describedby"):
            assert set((attributes.get(key) or "").split()) <= names
        if (address := attributes.get("href") or "").startswith("#"):
            assert address[1:] in names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_a_module_is_short_says_what_it_is_and_sets_text_only(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.match(r"// [A-Z].+\.\n\n", text)
    assert text.count("\n") <= 300
    assert not re.search(_UNSAFE, text)
    assert all(on_disk(address).is_file() for address in _named.findall(text))


def test_every_module_is_used() -> None:
    texts = [path.read_text(encoding="utf-8") for path in MODULES]
    used = {on_disk(address).name for text in texts for address in _named.findall(text)}
    assert {path.name for path in MODULES} - used == {"page.js", "article.js"}


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_a_style_is_short_and_asks_for_nothing(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.match(r"/\* [A-Z].+\. \*/\n\n", text)
    assert text.count("\n") <= 300
    assert not re.search(r"url\(|@import|@font-face", text)


def test_every_colour_that_is_used_is_one_of_the_theme() -> None:
    theme = (SHARED / "theme.css").read_text(encoding="utf-8")
    texts = [path.read_text(encoding="utf-8") for path in (*STYLES, *MODULES)]
    used = {name for text in texts for name in re.findall(r"var\((--[\w-]+)\)", text)}
    assert used - {"--mono"} <= set(re.findall(r"(--[\w-]+): #", theme))
    assert not [text for text in texts if re.search(r"(--[\w-]+): #", text)]
