"""What the page's buttons are made from: nothing of the catalogues is missing."""

from __future__ import annotations

from typing import Any

import pytest

from demo_app.inspector.trials.catalogue import TRIALS, catalogue
from ws_handshake.core.reasons import CATALOGUE
from ws_handshake.diagnosis.causes import CAUSES

LISTED: dict[str, Any] = catalogue(8000)
ROWS = [*LISTED["reasons"], *LISTED["behaviours"]]


def test_every_reason_has_a_row_in_the_order_of_the_catalogue() -> None:
    assert [
        (row["code"], row["status"], row["what"], row["fix"], row["rfc"], row["header"])
        for row in LISTED["reasons"]
    ] == [(r.code, r.status, r.what, r.fix, r.rfc, r.header) for r in CATALOGUE]


def test_every_cause_has_a_row_and_a_behaviour_of_the_same_name() -> None:
    assert LISTED["causes"] == [
        {"code": cause.code, "detail": cause.detail, "fix": cause.fix}
        for cause in CAUSES.values()
    ]
    assert [row["id"] for row in LISTED["behaviours"]] == [*CAUSES, "http2_preface"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.get("code", row.get("id")))
def test_a_row_has_a_head_and_a_line_or_says_why_there_is_none(
    row: dict[str, Any],
) -> None:
    possible = row["never"] is None
    assert [row["head"] is not None, row["line"] is not None] == [possible, possible]
    assert (row.get("code", row.get("id")) in TRIALS) == possible
    assert possible or row["never"].endswith(".")
    assert not possible or "127.0.0.1:8000" in row["line"]
    assert possible or row.get("id") is None or row["status"] is None


def test_what_cannot_happen_on_this_server_is_known() -> None:
    assert [row["code"] for row in LISTED["reasons"] if row["never"]] == [
        "origin_missing",
        "http1_handshake_over_http2",
        "server_did_not_upgrade",
        "internal_error",
    ]
    assert [row["id"] for row in LISTED["behaviours"] if row["never"]] == [
        "no_websocket_support",
        "connect_not_bridged",
        "path_prefix_doubled",
        "origin_denied_by_app",
        "socketio_below_mount",
        "http_response_on_websocket",
    ]


def test_a_behaviour_names_the_cause_that_its_event_names() -> None:
    named = {row["id"]: row["cause"] for row in LISTED["behaviours"] if row["head"]}
    unnamed = [name for name, cause in named.items() if cause is None]
    assert unnamed == ["server_reads_one_line", "http2_preface"]
    assert all(cause in {name, None} for name, cause in named.items())


def test_a_valid_handshake_is_there_to_compare() -> None:
    assert LISTED["address"] == "http://127.0.0.1:8000"
    assert LISTED["valid"]["head"].startswith(
        "GET /ws HTTP/1.1\nHost: 127.0.0.1:8000\n"
    )
    assert LISTED["valid"]["line"].startswith(
        "curl -i http://127.0.0.1:8000/ws --max-time 1 \\\n"
    )
