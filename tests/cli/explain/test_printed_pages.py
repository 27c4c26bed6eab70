from __future__ import annotations

import io
import json
import re

from tests.support.cli_runs import Terminal
from ws_handshake.cli.explain.pages import ENTRIES, entries_of
from ws_handshake.cli.explain.printed_pages import print_codes, print_pages
from ws_handshake.cli.screen import Screen

_style = re.compile(r"\x1b\[[0-9;]*m")


def pages(word: str, *, as_json: bool = False, terminal: bool = False) -> str:
    out = Terminal() if terminal else io.StringIO()
    environ = {"COLUMNS": "120", "TERM": "xterm", "NO_COLOR": "1"}
    screen = Screen.of(out, io.StringIO(), environ)
    print_pages(screen, entries_of(word), as_json=as_json)
    return out.getvalue()


def codes(*, as_json: bool = False, terminal: bool = False) -> str:
    out = Terminal() if terminal else io.StringIO()
    environ = {"COLUMNS": "80", "TERM": "xterm", "NO_COLOR": "1"}
    screen = Screen.of(out, io.StringIO(), environ)
    print_codes(screen, as_json=as_json)
    return out.getvalue()


def test_where_nobody_watches_a_page_is_markdown() -> None:
    (entry,) = entries_of("http2_client")
    assert pages("http2_client") == entry.page()


def test_on_a_terminal_a_page_is_laid_out() -> None:
    reported = _style.sub("", pages("key_missing", terminal=True))
    assert "The Sec-WebSocket-Key header is missing." in reported
    assert "##" not in reported
    assert "```" not in reported
    assert max(map(len, reported.splitlines())) == 100


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
    reported = codes().splitlines()
    for entry in ENTRIES:
        assert any(
            line.startswith(f"  {entry.code} ") and line.endswith(f"  {entry.what}")
            for line in reported
        )
    assert reported[0] == "Reasons for which a request is rejected"
    assert reported[-1] == "ws-handshake explain CODE prints the page of a code."
    line = "  key_missing                    The Sec-WebSocket-Key header is missing."
    assert line in reported


def test_on_a_terminal_a_line_is_no_longer_than_the_terminal_is_wide() -> None:
    reported = _style.sub("", codes(terminal=True)).splitlines()
    assert len(reported) == len(codes().splitlines())
    assert max(map(len, reported)) == 80


def test_the_list_as_json_has_every_code() -> None:
    reported = json.loads(codes(as_json=True))["entries"]
    assert [(row["code"], row["kind"]) for row in reported] == [
        (entry.code, entry.kind) for entry in ENTRIES
    ]
