"""What `conformance` prints."""

from __future__ import annotations

import io
from typing import Any

from ws_handshake.cli.client.target import parse_target
from ws_handshake.cli.conformance.case import Case
from ws_handshake.cli.conformance.judgement import Kind, Outcome
from ws_handshake.cli.conformance.report import (
    Report,
    document_of,
    print_catalogue,
    print_report,
)
from ws_handshake.cli.screen import Screen

VALID = Case("valid", "A valid one.", b"", "accept", "RFC 1")
BROKEN = Case("no_key", "There is no key.", b"", "reject", "RFC 2", ("key_missing",))
EITHER = Case("odd", "It is odd.", b"", "either", "RFC 3: a choice")

GOOD = Outcome(VALID, None, "101 Switching Protocols", 101)
OPAQUE = Outcome(BROKEN, Kind.OPAQUE, "400 Bad Request", 400)
SILENT = Outcome(EITHER, Kind.NO_RESPONSE, "no response in time")

OPAQUE_LINE = (
    "  no_key: There is no key. Expected: a rejection, key_missing (RFC 2). "
    "Received: 400 Bad Request."
)
SILENT_LINE = (
    "  odd: It is odd. Expected: 101 or a rejection (RFC 3: a choice). "
    "Received: no response in time."
)
GOOD_LINE = (
    "  valid: A valid one. Expected: 101 (RFC 1). Received: 101 Switching Protocols."
)


def report(*outcomes: Outcome, chosen: int = 3, stopped: str | None = None) -> Report:
    target = parse_target("ws://127.0.0.1:8000/ws?token=secret")
    return Report(target, chosen, outcomes, stopped, 1.23456)


def screen() -> tuple[Screen, io.StringIO]:
    out = io.StringIO()
    return Screen.of(out, io.StringIO(), {"COLUMNS": "80", "TERM": "dumb"}), out


def printed(shown: Report, **options: Any) -> str:
    onto, out = screen()
    print_report(shown, onto, **{"verbose": False, **options})
    return out.getvalue()


def test_the_summary_comes_first_then_every_failure_by_kind() -> None:
    assert printed(report(GOOD, OPAQUE, SILENT)) == (
        "  no response          1  none came; where there is a choice, closing counts "
        "as one\n"
        "  server error         0\n"
        "  wrongly accepted     0\n"
        "  wrongly rejected     0\n"
        "  wrong response       0\n"
        "  opaque               1  a rejection that does not say what is wrong\n"
        "  as it should be      1\n"
        "\nno response\n" + SILENT_LINE + "\n"
        "\nopaque\n" + OPAQUE_LINE + "\n"
        "\nwebsocket handshake: 1/3\n"
    )


def test_verbose_shows_every_handshake_and_what_opaque_means() -> None:
    output = printed(report(GOOD, OPAQUE, SILENT), verbose=True)
    assert f"{GOOD_LINE}\n{OPAQUE_LINE}\n{SILENT_LINE}\n" in output
    assert "  wrongly rejected     0  no 101 for a handshake that must be" in output
    assert "A rejection is opaque if it does not say what is wrong." in output


def test_what_was_not_sent_is_reported_with_why() -> None:
    output = printed(report(GOOD, stopped="the time limit of 60 s was over"))
    assert output.endswith(
        "\n2 of 3 were not sent, or not waited for: the time limit of 60 s was over.\n"
        "websocket handshake: 1/3\n"
    )


def test_the_exit_status_is_valid_only_where_all_was_sent_and_right() -> None:
    assert report(GOOD, chosen=1).exit_status == 0
    assert report(GOOD, chosen=2).exit_status == 1
    assert report(GOOD, OPAQUE, chosen=2).exit_status == 1


def test_a_clean_sheet_is_short() -> None:
    assert printed(report(GOOD, chosen=1)).endswith(
        "  as it should be      1\n\nwebsocket handshake: 1/1\n"
    )


def test_the_document_has_every_result_and_no_query() -> None:
    document = document_of(report(GOOD, OPAQUE, stopped="interrupted"))
    results = document.pop("results")
    assert document == {
        "url": "ws://127.0.0.1:8000/ws?...",
        "badge": "websocket handshake: 1/3",
        "chosen": 3,
        "sent": 2,
        "right": 1,
        "failures": {
            "no response": 0,
            "server error": 0,
            "wrongly accepted": 0,
            "wrongly rejected": 0,
            "wrong response": 0,
            "opaque": 1,
        },
        "stopped": "interrupted",
        "seconds": 1.235,
    }
    assert isinstance(results, list)
    assert results[1] == {
        "name": "no_key",
        "sentence": "There is no key.",
        "expected": "reject",
        "codes": ["key_missing"],
        "rfc": "RFC 2",
        "kind": "opaque",
        "status": 400,
        "received": "400 Bad Request",
    }
    assert results[0]["kind"] is None


def test_the_catalogue_is_printed_a_line_each() -> None:
    onto, out = screen()
    print_catalogue((VALID, BROKEN), onto)
    assert out.getvalue() == (
        "valid: A valid one. Expected: 101 (RFC 1).\n"
        "no_key: There is no key. Expected: a rejection, key_missing (RFC 2).\n"
    )
