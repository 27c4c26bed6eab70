"""What `conformance` prints."""

from __future__ import annotations

import io
from typing import Any

from ws_handshake.cli.client.target import parse_target
from ws_handshake.cli.conformance.cases import Case
from ws_handshake.cli.conformance.judgement import ADVICE, Kind, Outcome
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
    "  no_key: There is no key.\n    Expected: a rejection, key_missing (RFC 2). "
    "Received: 400 Bad Request.\n\n"
)
SILENT_LINE = (
    "  odd: It is odd.\n    Expected: 101 or a rejection (RFC 3: a choice). Received: "
    "no response in\n    time.\n\n"
)
GOOD_LINE = (
    "  valid: A valid one.\n    Expected: 101 (RFC 1). Received: 101 Switching "
    "Protocols.\n\n"
)
SUMMARY = """\
  no response          1  none came; where there is a choice, closing counts as
                          one
  server error         0
  wrongly accepted     0
  wrongly rejected     0
  wrong response       0
  opaque               1  a rejection that does not say what is wrong
  as it should be      1

websocket handshake: 1/3

What to do:
  no response       Read the server's log: these clients wait in vain.
  opaque            Name what is wrong in the response, as the middleware of
                    ws_handshake does in front of an ASGI application.
  One of them alone:
    ws-handshake conformance ws://127.0.0.1:8000/ws?... --only odd -v
"""


def report(*outcomes: Outcome, chosen: int = 3, stopped: str | None = None) -> Report:
    target = parse_target("ws://127.0.0.1:8000/ws?token=secret")
    return Report(target, chosen, outcomes, stopped, 1.23456)


def screen() -> tuple[Screen, io.StringIO]:
    out = io.StringIO()
    return Screen.of(out, io.StringIO(), {"COLUMNS": "80", "TERM": "dumb"}), out


def printed(shown: Report, **options: Any) -> str:
    onto, out = screen()
    print_report(shown, onto, **{"verbose": False, "quiet": False, **options})
    return out.getvalue()


def test_every_failure_by_kind_then_the_summary_and_what_to_do() -> None:
    assert printed(report(GOOD, OPAQUE, SILENT)) == (
        f"no response\n{SILENT_LINE}opaque\n{OPAQUE_LINE}{SUMMARY}"
    )


def test_quiet_leaves_the_failures_out() -> None:
    assert printed(report(GOOD, OPAQUE, SILENT), quiet=True) == SUMMARY


def test_no_line_is_wider_than_a_terminal() -> None:
    everything = printed(report(GOOD, OPAQUE, SILENT), verbose=True)
    assert max(map(len, everything.splitlines())) <= 80


def test_every_kind_has_its_advice() -> None:
    assert set(ADVICE) == set(Kind)


def test_verbose_shows_every_handshake_and_what_opaque_means() -> None:
    output = printed(report(GOOD, OPAQUE, SILENT), verbose=True)
    assert output.startswith(f"{GOOD_LINE}{OPAQUE_LINE}{SILENT_LINE}")
    assert "  wrongly rejected     0  no 101 for a handshake that must be" in output
    assert "A rejection is opaque if it does not say what is wrong, by" in output


def test_what_was_not_sent_is_reported_with_why() -> None:
    output = printed(report(GOOD, stopped="the time limit of 60 s was over"))
    assert output.startswith(
        "2 of 3 were not sent, or not waited for: the time limit of 60 s was over.\n\n"
    )
    assert output.endswith("\nwebsocket handshake: 1/3\n")


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
        "valid: A valid one.\n    Expected: 101 (RFC 1).\n"
        "no_key: There is no key.\n    Expected: a rejection, key_missing (RFC 2).\n"
    )
