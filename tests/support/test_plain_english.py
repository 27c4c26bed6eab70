"""What keeps the pages in plain English finds what it should, and where it stands."""

from __future__ import annotations

import pytest

from tests.support import plain_english
from tests.support.plain_english import (
    Place,
    main,
    messages,
    old_words,
    sentences,
    words,
)
from tests.support.wires import ROOT

PAGE = """# A title is no sentence.

The first one ends here. *The second*, with `code. Of more words`, goes
on in [a link to
a page](page.md#place). **Bold.** (In brackets.)
A version such as 1.2 ends none. nginx may begin one.

| a table | has. None |

- An item
- a second one, without
  a full stop

```python
code = "is. None"
```

    A picture. Is none

1. The last
"""


def test_the_sentences_of_a_page_are_found_with_their_lines() -> None:
    assert list(sentences(PAGE)) == [
        (3, "The first one ends here."),
        (3, "*The second*, with code, goes on in a link to a page."),
        (5, "**Bold.**"),
        (5, "(In brackets.)"),
        (6, "A version such as 1.2 ends none."),
        (6, "nginx may begin one."),
        (10, "An item"),
        (11, "a second one, without a full stop"),
        (20, "The last"),
    ]


@pytest.mark.parametrize(
    ("sentence", "count"),
    [("Four words stand here.", 4), ("a -- dash, and & none", 4), ("", 0)],
)
def test_words_are_counted(sentence: str, count: int) -> None:
    assert words(sentence) == count


@pytest.mark.parametrize(
    "word",
    [
        *("mend", "Mended", "nobody", "tells", "told", "whoever", "with us"),
        *("without us", "door", "corked", "journal", "announcer", "refuse"),
        *("Refusal", "owner", "worse than hoped", "as it comes", "sound"),
    ],
)
def test_an_old_word_is_found_with_its_line_and_another_one(word: str) -> None:
    ((line, what),) = old_words(f"One line.\nThen {word}, and more.\n")
    assert line == 2
    assert what.startswith(f"not '{word}', but: ")


@pytest.mark.parametrize(
    "text",
    [
        "journalctl -f",
        "Azure Front Door",
        "curl: connection refused",
        "without user",
        "sounding",
    ],
)
def test_names_and_other_words_are_none(text: str) -> None:
    assert list(old_words(text)) == []


def test_the_messages_of_a_module_are_its_strings() -> None:
    source = '"""Doc."""\n\nnobody = f"{1} a"  # nobody\n'
    assert list(messages(source)) == [(1, "Doc."), (3, " a")]


def test_a_place_is_written_as_compilers_do() -> None:
    assert str(Place(ROOT / "docs" / "a.md", 7, "wrong")) == "docs/a.md:7: wrong"


def test_the_program_prints_places_and_counts(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("pages")
    page = folder / "page.md"
    page.write_text(f"Nobody reads.\n\n{'A long one ' * 11}.\n", encoding="utf-8")
    monkeypatch.setattr(plain_english, "ROOT", folder)
    main([str(page)])
    old, long, counts = capsys.readouterr().out.splitlines()
    assert old == "page.md:1: not 'Nobody', but: no one"
    assert long.startswith("page.md:3: 33 words: A long one A")
    assert counts == "page.md: 36 words, 35 in 2 sentences, 1 of them long"
