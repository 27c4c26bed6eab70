"""The files of the inspector's page: nothing inline, nothing from elsewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.support.page_files import MAKES_HTML_OR_CODE, elements_of
from tests.support.wires import ROOT

if TYPE_CHECKING:
    from pathlib import Path

STATIC = ROOT / "middleware" / "ws_handshake" / "inspector" / "static"
MODULES = sorted(STATIC.glob("*.js"))
STYLES = sorted(STATIC.glob("*.css"))

# What makes HTML or code of a text, or a style that the policy would reject; and
# addresses that are not relative: no one knows where the inspector is mounted.
_UNSAFE = (
    rf"{MAKES_HTML_OR_CODE}|https?://(?!www\.w3\.org/2000/svg)"
    r'|(?:from|import|URL\() ?"/'
)

_named = re.compile(r'(?:from|import) "\./([^"]+)"')


ELEMENTS = elements_of(STATIC / "index.html")


def test_nothing_in_the_page_is_inline_and_all_that_it_names_is_there() -> None:
    named = []
    for tag, attributes in ELEMENTS:
        assert tag != "style"
        assert not [name for name in attributes if re.match(r"on|style$", name)], tag
        address = attributes.get("src") or attributes.get("href") or "#"
        named += [] if address.startswith("#") else [address]
    assert all(
        (STATIC.parent / address).is_file() and address.startswith("static/")
        for address in named
    )
    assert len(named) == 8


def test_every_part_of_the_page_that_is_named_by_another_is_there() -> None:
    names = {attributes["id"] for _, attributes in ELEMENTS if "id" in attributes}
    for _, attributes in ELEMENTS:
        assert set((attributes.get("aria-labelledby") or "").split()) <= names
        if (address := attributes.get("href") or "").startswith("#"):
            assert address[1:] in names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_a_module_is_short_says_what_it_is_and_sets_text_only(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.match(r"// [A-Z].+\.\n(//|\n)", text)
    assert text.count("\n") <= 200
    assert not re.search(_UNSAFE, text)
    assert all((STATIC / name).is_file() for name in _named.findall(text))


def test_every_module_is_used() -> None:
    texts = [path.read_text(encoding="utf-8") for path in MODULES]
    used = {name for text in texts for name in _named.findall(text)}
    assert {path.name for path in MODULES} - used == {"page.js"}


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_a_style_is_short_and_asks_for_nothing(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.match(r"/\* [A-Z].+\. \*/\n\n", text)
    assert text.count("\n") <= 200
    assert not re.search(r"url\(|@import|@font-face", text)


def test_every_colour_that_is_used_is_named_in_both_schemes() -> None:
    theme = (STATIC / "theme.css").read_text(encoding="utf-8")
    light, dark = (
        set(re.findall(r"(--[\w-]+): #", part))
        for part in theme.split("(prefers-color-scheme: dark)")
    )
    texts = [path.read_text(encoding="utf-8") for path in (*STYLES, *MODULES)]
    used = {name for text in texts for name in re.findall(r"var\((--[\w-]+)\)", text)}
    assert light == dark
    assert used - {"--mono"} == light
