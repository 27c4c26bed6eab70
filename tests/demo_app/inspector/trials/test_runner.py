"""Trials: what no browser sends, what comes back, and the event that is its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from demo_app import nginx, trials
from demo_app.inspector.trials.catalogue import TRIALS, catalogue
from tests.support import proxies
from tests.support.demos import inspector, posted, tried
from tests.support.handshakes import ACCEPT

if TYPE_CHECKING:
    from collections.abc import Iterator

REPORTED: dict[str, Any] = catalogue(1)
REASONS = [row for row in REPORTED["reasons"] if row["head"]]
BEHAVIOURS = [row for row in REPORTED["behaviours"] if row["head"]]

# What uvicorn does without us; 101 is the handshake that nobody should have accepted.
ALONE = {
    **dict.fromkeys(("method_not_get", "host_missing", "host_duplicated"), 400),
    **dict.fromkeys(("key_missing", "version_missing", "head_malformed"), 400),
    **dict.fromkeys(("upgrade_missing", "upgrade_not_websocket"), 404),
    **dict.fromkeys(("connection_missing", "connection_not_upgrade"), 404),
    **dict.fromkeys(("version_unsupported", "version_duplicated"), 426),
    "not_a_handshake": 404,
    "denied_by_app": 403,
    "app_did_not_respond": 500,
}

# Where the application does not respond, there is no response of ours.
RESPONDED_BY_UVICORN = "app_did_not_respond"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with inspector() as running:
        yield running


@pytest.mark.parametrize("row", REASONS, ids=lambda row: row["code"])
def test_every_reason_comes_about_and_has_its_event(port: int, row: Any) -> None:
    reported = tried(port, row["code"])
    assert reported["response"]["status"] == row["status"]
    named = (
        f"\nwebsocket-handshake-error: {row['code']}\n" in reported["response"]["text"]
    )
    assert named is (row["code"] != RESPONDED_BY_UVICORN)
    assert (reported["response"]["note"], reported["guard"]) == (None, True)
    (event,) = reported["events"]
    assert event["codes"] == [row["code"]]
    assert event["fields"]["error.type"] == row["code"]
    assert event["status"] == row["status"]


@pytest.mark.parametrize("row", REASONS, ids=lambda row: row["code"])
def test_without_the_guard_uvicorn_does_what_it_does_and_tells_nobody(
    port: int, row: Any
) -> None:
    reported = tried(port, row["code"], guard=False)
    assert reported["response"]["status"] == ALONE.get(row["code"], 101)
    assert "websocket-handshake-error" not in reported["response"]["text"]
    assert (reported["events"], reported["guard"]) == ([], False)
    assert reported["sent"] == tried(port, row["code"])["sent"]


def test_an_application_that_fails_is_an_error_with_its_exception(port: int) -> None:
    (event,) = tried(port, RESPONDED_BY_UVICORN)["events"]
    assert event["path"] == "/faulty"
    assert event["fields"]["level"] == "error"
    assert event["fields"]["exception.type"].startswith("LookupError in faulty.py:")
    assert "to show what comes of it" not in str(event)


@pytest.mark.parametrize("row", BEHAVIOURS, ids=lambda row: row["id"])
def test_every_behaviour_brings_about_its_cause(port: int, row: Any) -> None:
    reported = tried(port, row["id"])
    assert reported["response"]["status"] == row["status"]
    expected = [] if row["id"] == "http2_preface" else [(row["codes"], row["cause"])]
    if row["codes"] != ["denied_by_app"]:
        assert [(e["codes"], e["cause"]) for e in reported["events"]] == expected
    else:
        assert [event["cause"] for event in reported["events"]] == ["no_route"]


def test_a_valid_one_is_accepted_with_its_token_and_without_its_frames(
    port: int,
) -> None:
    reported = tried(port, "valid")
    assert reported["sent"] == TRIALS["valid"].text(f"127.0.0.1:{port}")
    assert reported["response"]["status"] == 101
    assert reported["response"]["text"].endswith("\n\n")
    assert f"\nSec-WebSocket-Accept: {ACCEPT}\n" in reported["response"]["text"]
    assert [event["outcome"] for event in reported["events"]] == ["accepted"]
    assert 0 < reported["took_ms"] < 2000


def test_what_was_typed_is_sent_as_it_was_typed(port: int) -> None:
    head = "GET /ws HTTP/1.1\r\nHost: a\nX-Odd: \u00e9\nSec-WebSocket-Key: \x01"
    reported = tried(port, "own", head=head)
    assert reported["sent"] == (
        "GET /ws HTTP/1.1\nHost: a\nX-Odd: \\xc3\\xa9\nSec-WebSocket-Key: \\x01\n\n"
    )
    assert "head_malformed" in reported["events"][0]["codes"]


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        (
            {"trial": "own"},
            'head is the text of a request: {"head": "GET /ws HTTP/1.1"}.',
        ),
        ({"trial": "origin_missing"}, trials._UNKNOWN),
        ({"trial": ["valid"]}, trials._UNKNOWN),
        ({}, trials._UNKNOWN),
        ({"trial": "valid", "guard": "on"}, "guard is true or false."),
        ({"trial": "valid", "through": "apache"}, 'through is "direct" or "nginx".'),
        ({"trial": "valid", "through": []}, 'through is "direct" or "nginx".'),
    ],
)
def test_what_cannot_be_tried_gets_a_hint(port: int, asked: Any, problem: str) -> None:
    reply = posted(port, "/trials", **asked)
    assert (reply.status, reply.parsed) == (400, {"problem": problem})


def test_of_trials_at_the_same_time_each_has_its_own_event(port: int) -> None:
    codes = [row["code"] for row in REASONS]
    with ThreadPoolExecutor(trials.MOST_AT_ONCE) as pool:
        for reported, code in zip(
            pool.map(lambda code: tried(port, code), codes * 4), codes * 4, strict=True
        ):
            assert [event["codes"] for event in reported["events"]] == [[code]]


def test_where_the_system_has_one_loopback_address_there_is_one_trial_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(trials, "_FIRST_ADDRESS", "203.0.113.9")
    codes = [row["code"] for row in REASONS]
    with inspector() as port, ThreadPoolExecutor(trials.MOST_AT_ONCE) as pool:
        for reported, code in zip(
            pool.map(lambda code: tried(port, code), codes), codes, strict=True
        ):
            (event,) = reported["events"]
            assert (event["codes"], event["client"]) == ([code], "127.0.0.1")


SILENT = "POST /verdict HTTP/1.1\nHost: a\nContent-Type: application/json\n"
SILENT += "Content-Length: 9\n"


def test_with_eight_trials_under_way_there_is_no_ninth(port: int) -> None:
    with ThreadPoolExecutor(9) as pool:
        reported = list(
            pool.map(
                lambda _: posted(port, "/trials", trial="own", head=SILENT), range(9)
            )
        )
    assert sorted(reply.status for reply in reported) == [*[200] * 8, 429]
    (busy,) = [reply.parsed for reply in reported if reply.status == 429]
    assert busy == {"problem": "8 trials are running; ask again in a moment."}
    waited = next(reply.parsed for reply in reported if reply.status == 200)
    assert waited["response"] == {
        "status": None,
        "text": "",
        "note": "No response within 2 s: the client would hang.",
    }
    assert waited["took_ms"] >= 1900


@pytest.mark.parametrize("guard", [True, False])
def test_nginx_with_its_default_configuration_strips_what_it_must_forward(
    port: int, *, guard: bool
) -> None:
    proxies.require("nginx")
    reported = tried(port, "valid", guard=guard, through="nginx")
    assert reported["through"] == "nginx"
    assert "\nServer: nginx/" in reported["response"]["text"]
    if guard:
        assert reported["response"]["status"] == 400
        (event,) = reported["events"]
        assert event["cause"] == "proxy_stripped_upgrade"
        assert "upgrade_missing" in event["codes"]
    else:
        assert (reported["response"]["status"], reported["events"]) == (404, [])


def test_without_nginx_it_is_reported_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(nginx, "program", lambda: None)
    with inspector() as port:
        reply = posted(port, "/trials", trial="valid", through="nginx")
        assert (reply.status, reply.parsed) == (503, {"problem": nginx.INSTALL})
        assert tried(port, "valid")["response"]["status"] == 101
