"""What can be tried: nothing of the catalogues is missing."""

from __future__ import annotations

from typing import Any

import pytest

from demo_app.inspector.trials.behaviours import BEHAVIOURS
from demo_app.inspector.trials.catalogue import GROUPS, TRIALS, catalogue
from demo_app.inspector.trials.reasons import Never
from ws_handshake.core.reasons import BY_CODE, CATALOGUE
from ws_handshake.diagnosis.causes import CAUSES

LISTED: dict[str, Any] = catalogue(8000)
ROWS = [row for group in LISTED["groups"] for row in group["trials"]]
NEVER = [
    *("path_prefix_doubled", "origin_denied_by_app", "socketio_below_mount"),
    *("no_websocket_support", "connect_not_bridged", "http_response_on_websocket"),
    *("origin_missing", "http1_handshake_over_http2", "server_did_not_upgrade"),
    "internal_error",
]


def test_every_reason_and_every_cause_is_a_trial_and_so_are_two_others() -> None:
    assert set(TRIALS) == {"valid", "http2_preface", *BY_CODE, *CAUSES}
    assert sum(map(len, GROUPS.values())) == len(TRIALS)


def test_the_trials_are_grouped_by_what_people_know() -> None:
    titles = [group["title"] for group in LISTED["groups"]]
    assert titles == ["A proxy", "A client", "A route", "A server", "The bytes"]
    assert ROWS[0]["id"] == "proxy_stripped_upgrade"
    routes = [row["id"] for row in LISTED["groups"][2]["trials"]]
    assert routes == ["no_route", "denied_by_app", "app_did_not_respond"]


def test_the_bytes_stand_in_the_order_of_the_catalogue() -> None:
    codes = [row["id"] for row in LISTED["groups"][4]["trials"]]
    assert codes == [reason.code for reason in CATALOGUE if reason.code in codes]
    assert all(row["about"] == BY_CODE[row["id"]].what for row in ROWS[-20:])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_a_row_has_a_title_a_sentence_and_a_line_for_a_terminal(
    row: dict[str, Any],
) -> None:
    assert row["about"].endswith((".", ";", "…"))
    assert row["title"]
    assert "127.0.0.1:8000" in row["line"]
    stays_open = row["id"] in {"valid", "server_reads_one_line"}
    assert ("--max-time 1" in row["line"]) == stays_open


def test_what_cannot_happen_on_this_server_says_why_and_is_no_trial() -> None:
    assert [row["id"] for row in LISTED["never"]] == NEVER
    assert all(row["why"].endswith(".") and row["title"] for row in LISTED["never"])
    assert {row["id"] for row in ROWS} == TRIALS.keys() - set(NEVER)


def test_a_proxy_that_is_played_changes_what_it_gets() -> None:
    for one in BEHAVIOURS["A proxy"]:
        assert not isinstance(one.sends, Never)
        assert one.before != one.sends
        assert one.by or one.before is None
    rows = {row["id"]: row["by"] for row in ROWS}
    assert rows["proxy_stripped_upgrade"] == "nginx"
    assert rows["key_missing"] == ""
