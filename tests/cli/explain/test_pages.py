"""The pages of all codes. Those in the package are copies of docs/ (RENEW=1)."""

from __future__ import annotations

import io
import json
import os
import re
from importlib.resources import files
from pathlib import Path

import pytest

from tests.support.cli_runs import Terminal
from tests.support.docs_examples import DOCS
from ws_handshake.cli.client.failures import FAILURES
from ws_handshake.cli.explain.pages import (
    ENTRIES,
    TITLES,
    Entry,
    entries_of,
    nearest,
    print_codes,
    print_pages,
)
from ws_handshake.cli.screen import Screen
from ws_handshake.core.reasons import CATALOGUE
from ws_handshake.diagnosis.causes import CAUSES

PAGES = Path(str(files("ws_handshake.cli.explain"))) / "pages"
COPIED = ("reasons", "causes")

_style = re.compile(r"\x1b\[[0-9;]*m")


def read(directory: Path) -> dict[str, str]:
    """Return the pages in a directory, without the index, by where they are."""
    pages = [path for kind in COPIED for path in directory.glob(f"{kind}/*.md")]
    return {
        path.relative_to(directory).as_posix(): path.read_text("utf-8")
        for path in pages
        if path.name != "index.md"
    }


def renew(directory: Path, pages: dict[str, str]) -> None:
    """Make a directory hold these pages, and no others."""
    for name in read(directory).keys() - pages.keys():
        (directory / name).unlink()
    for name, text in pages.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text, "utf-8")


def carried(directory: Path, pages: dict[str, str], *, anew: bool) -> dict[str, str]:
    """Return the pages of a directory; first make it hold these, if that is asked."""
    if anew:
        renew(directory, pages)
    return read(directory)


def test_the_package_has_the_pages_of_the_documentation_word_for_word() -> None:
    wanted, anew = read(DOCS), os.environ.get("RENEW") == "1"
    assert carried(PAGES, wanted, anew=anew) == wanted, "RENEW=1 copies them"


def test_pages_are_copied_and_old_ones_removed(tmp_path: Path) -> None:
    renew(tmp_path, {"reasons/old.md": "old", "causes/kept.md": "before"})
    wanted = {"reasons/new.md": "new", "causes/kept.md": "after"}
    assert carried(tmp_path, wanted, anew=False) != wanted
    assert carried(tmp_path, wanted, anew=True) == wanted


def test_every_reason_and_every_cause_has_its_page() -> None:
    for entry in ENTRIES:
        if entry.kind in {"reason", "cause"}:
            page = entry.page()
            assert page.startswith(f"# {entry.code}\n\n{entry.what}\n")
            example = "Example" if entry.kind == "reason" else "How it looks"
            assert f"\n## {example}\n" in page


def test_all_codes_are_listed() -> None:
    codes = [*(row.code for row in CATALOGUE), *CAUSES, *(row.code for row in FAILURES)]
    warnings = ["subprotocol_not_chosen", "subprotocol_not_offered"]
    assert [entry.code for entry in ENTRIES] == [*codes, *warnings]
    assert {entry.kind for entry in ENTRIES} == set(TITLES)


def test_a_relative_link_is_printed_as_its_text() -> None:
    (entry,) = entries_of("key_missing")
    assert "](../" not in entry.page()
    assert "](https://www.rfc-editor.org/" in entry.page()
    (entry,) = entries_of("http2_client")
    assert "is [strips" not in entry.page()
    assert "proxy that strips the fields leaves" in " ".join(entry.page().split())


KIND_PAGE = """\
# accept_wrong

Sec-WebSocket-Accept does not belong to the key that was sent.

## How to fix it

Compute it from the key of each request; let no cache respond.

## Reference

- Code: `accept_wrong`
- It is a failure that only a client sees, with `ws-handshake probe`
- RFC 6455 section 4.2.2(5)
"""


def test_what_has_no_page_is_reported_from_its_catalogue() -> None:
    (entry,) = entries_of("accept_wrong")
    assert entry.page() == KIND_PAGE
    warning = Entry("such_a_warning", "warning", "What it says.")
    assert warning.page() == (
        "# such_a_warning\n\nWhat it says.\n\n## Reference\n\n"
        "- Code: `such_a_warning`\n"
        "- It is a warning in the log, about an accepted handshake\n"
    )


@pytest.mark.parametrize(
    "word",
    [
        "key_malformed",
        "KEY-MALFORMED",
        "urn:ws-handshake:key_malformed",
        "https://docs.example/reasons/key_malformed",
        "docs/reasons/key_malformed.md",
    ],
)
def test_a_code_may_be_part_of_an_address(word: str) -> None:
    (entry,) = entries_of(word)
    assert (entry.code, entry.kind) == ("key_malformed", "reason")


def test_a_code_may_stand_for_two_things() -> None:
    kinds = [entry.kind for entry in entries_of("subprotocol_not_offered")]
    assert kinds == ["failure", "warning"]


@pytest.mark.parametrize("word", ["", "index", "request.txt", "key_malformed.txt"])
def test_what_is_no_code_stands_for_nothing(word: str) -> None:
    assert entries_of(word) == ()


def test_the_nearest_code_is_suggested() -> None:
    assert nearest("key-malformd") == "key_malformed"
    assert nearest("Upgrade_Mising") == "upgrade_missing"
    assert nearest("request.txt") is None


def pages(
    word: str, *, as_json: bool = False, terminal: bool = False, full: bool = False
) -> str:
    out = Terminal() if terminal else io.StringIO()
    environ = {"COLUMNS": "120", "TERM": "xterm", "NO_COLOR": "1"}
    screen = Screen.of(out, io.StringIO(), environ)
    print_pages(screen, entries_of(word), as_json=as_json, full=full)
    return out.getvalue()


def codes(*, as_json: bool = False, terminal: bool = False) -> str:
    out = Terminal() if terminal else io.StringIO()
    environ = {"COLUMNS": "80", "TERM": "xterm", "NO_COLOR": "1"}
    screen = Screen.of(out, io.StringIO(), environ)
    print_codes(screen, as_json=as_json)
    return out.getvalue()


def test_without_a_terminal_a_page_is_markdown() -> None:
    (entry,) = entries_of("http2_client")
    assert pages("http2_client", full=True) == entry.page()


def test_of_a_long_page_the_fix_is_printed() -> None:
    (entry,) = entries_of("http2_client")
    title, what, fix, *_ = pages("http2_client").split("\n\n")
    assert (title, what) == ("# http2_client", entry.page().split("\n\n")[1])
    assert fix == "## The fix"
    assert pages("http2_client").endswith(
        "\n\nThe whole page, with examples: ws-handshake explain http2_client --full\n"
    )


def test_a_short_page_is_printed_whole() -> None:
    (entry,) = entries_of("key_missing")
    assert pages("key_missing") == entry.page()


def test_on_a_terminal_a_page_is_rendered() -> None:
    output = _style.sub("", pages("key_missing", terminal=True))
    assert "The Sec-WebSocket-Key header is missing." in output
    assert "##" not in output
    assert "```" not in output
    assert max(map(len, output.splitlines())) == 100


def test_a_code_for_two_things_prints_both_pages() -> None:
    assert pages("subprotocol_not_offered").count("# subprotocol_not_offered\n") == 2


def test_a_page_as_json_has_the_row_of_the_catalogue() -> None:
    (entry,) = entries_of("host_missing")
    assert json.loads(pages("host_missing", as_json=True)) == {
        "entries": [
            {
                "code": "host_missing",
                "kind": "reason",
                "what": entry.what,
                "fix": entry.fix,
                "rfc": entry.rfc,
                "page": entry.page(),
            }
        ]
    }


def test_every_code_has_one_line() -> None:
    output = codes().splitlines()
    for entry in ENTRIES:
        assert any(
            line.startswith(f"  {entry.code} ") and line.endswith(f"  {entry.what}")
            for line in output
        )
    assert output[0] == "Reasons for which the middleware rejects a request"
    assert output[-1] == "ws-handshake explain CODE prints the page of a code."
    line = "  key_missing                      The Sec-WebSocket-Key header is missing."
    assert line in output


def test_on_a_terminal_what_does_not_fit_goes_on_below() -> None:
    output = _style.sub("", codes(terminal=True))
    assert max(map(len, output.splitlines())) <= 80
    assert output.split() == codes().split()


def test_on_a_terminal_code_has_no_background() -> None:
    out = Terminal()
    screen = Screen.of(out, out, {"COLUMNS": "120", "TERM": "xterm"})
    print_pages(screen, entries_of("key_malformed"), as_json=False)
    assert "\x1b[1m400 Bad Request\x1b[0m" in out.getvalue()
    assert "40m" not in out.getvalue()


def test_the_list_as_json_has_every_code() -> None:
    output = json.loads(codes(as_json=True))["entries"]
    assert [(row["code"], row["kind"]) for row in output] == [
        (entry.code, entry.kind) for entry in ENTRIES
    ]
