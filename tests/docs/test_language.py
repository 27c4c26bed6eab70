"""What people read is plain English: no old words, and few long sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.plain_english import (
    CODE,
    LONGEST,
    MOST_LONG,
    PAGES,
    SCREENS,
    Place,
    messages,
    old_words,
    sentences,
    words,
)
from tests.support.wires import ROOT

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "path", PAGES + SCREENS, ids=lambda path: str(path.relative_to(ROOT))
)
def test_no_page_has_an_old_word(path: Path) -> None:
    found = old_words(path.read_text(encoding="utf-8"))
    assert [str(Place(path, line, what)) for line, what in found] == []


def test_no_message_has_an_old_word() -> None:
    found = [
        str(Place(path, begin + line - 1, what))
        for path in CODE
        for begin, text in messages(path.read_text(encoding="utf-8"))
        for line, what in old_words(text)
    ]
    assert found == []


def test_few_sentences_are_long() -> None:
    counts = [
        (Place(path, line, sentence), words(sentence))
        for path in PAGES
        for line, sentence in sentences(path.read_text(encoding="utf-8"))
    ]
    long = [str(place) for place, count in counts if count > LONGEST]
    assert len(long) < MOST_LONG * len(counts), "\n".join(long)


def test_what_has_no_word_is_no_sentence() -> None:
    assert list(sentences("One.\n\n...\n")) == [(1, "One.")]
