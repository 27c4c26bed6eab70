"""Trials: what no browser sends, what comes back, and the event of each."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from demo_app.inspector.trials import nginx, runner
from demo_app.inspector.trials.catalogue import TRIALS, catalogue
from tests.support import proxies
from tests.support.demos import inspector, posted, tried
from tests.support.handshakes import ACCEPT

if TYPE_CHECKING:
    from collections.abc import Iterator

LISTED: dict[str, Any] = catalogue(1)
REASONS = [row for row in LISTED["reasons"] if row["head"]]
BEHAVIOURS = [row for row in LISTED["behaviours"] if row["head"]]

# How uvicorn alone responds; each 101 should have been a rejection.
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
RAISES = "app_did_not_respond"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with inspector() as running:
        yield running


@pytest.mark.parametrize("row", REASONS, ids=lambda row: row["code"])
def test_every_reason_comes_about_and_has_its_event(port: int, row: Any) -> None:
    result = tried(port, row["code"])
    assert result["response"]["status"] == row["status"]
    named = (
        f"\nwebsocket-handshake-error: {row['code']}\n" in result["response"]["text"]
    )
    assert named is (row["code"] != RAISES)
    assert (result["response"]["note"], result["with_ws_handshake"]) == (None, True)
    (event,) = result["events"]
    assert event["codes"] == [row["code"]]
    assert event["fields"]["error.type"] == row["code"]
    assert event["status"] == row["status"]


@pytest.mark.parametrize("row", REASONS, ids=lambda row: row["code"])
def test_uvicorn_alone_responds_in_its_own_way_and_there_is_no_event(
    port: int, row: Any
) -> None:
    result = tried(port, row["code"], with_ws_handshake=False)
    assert result["response"]["status"] == ALONE.get(row["code"], 101)
    assert "websocket-handshake-error" not in result["response"]["text"]
    assert (result["events"], result["with_ws_handshake"]) == ([], False)
    assert result["sent"] == tried(port, row["code"])["sent"]


def test_an_application_that_raises_is_an_error_with_its_exception(port: int) -> None:
    (event,) = tried(port, RAISES)["events"]
    assert event["path"] == "/raises"
    assert event["fields"]["level"] == "error"
    assert event["fields"]["exception.type"].startswith("LookupError in reasons.py:")
    assert "to show what comes of it" not in str(event)


@pytest.mark.parametrize("row", BEHAVIOURS, ids=lambda row: row["id"])
def test_every_behaviour_brings_about_its_cause(port: int, row: Any) -> None:
    result = tried(port, row["id"])
    assert result["response"]["status"] == row["status"]
    expected = [] if row["id"] == "http2_preface" else [(row["codes"], row["cause"])]
    if row["codes"] != ["denied_by_app"]:
        assert [(e["codes"], e["cause"]) for e in result["events"]] == expected
    else:
        assert [event["cause"] for event in result["events"]] == ["no_route"]


def test_a_valid_handshake_is_accepted_with_its_token_and_without_its_frames(
    port: int,
) -> None:
    result = tried(port, "valid")
    assert result["sent"] == TRIALS["valid"].text(f"127.0.0.1:{port}")
    assert result["response"]["status"] == 101
    assert result["response"]["text"].endswith("\n\n")
    assert f"\nSec-WebSocket-Accept: {ACCEPT}\n" in result["response"]["text"]
    assert [event["outcome"] for event in result["events"]] == ["accepted"]
    assert 0 < result["took_ms"] < 2000


def test_what_was_typed_is_sent_as_it_was_typed(port: int) -> None:
    head = "GET /ws HTTP/1.1\r\nHost: a\nX-Odd: \u00e9\nSec-WebSocket-Key: \x01"
    result = tried(port, "own", head=head)
    assert result["sent"] == (
        "GET /ws HTTP/1.1\nHost: a\nX-Odd: \\xc3\\xa9\nSec-WebSocket-Key: \\x01\n\n"
    )
    assert "head_malformed" in result["events"][0]["codes"]


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        (
            {"trial": "own"},
            'head is the text of a request: {"head": "GET /ws HTTP/1.1"}.',
        ),
        ({"trial": "origin_missing"}, runner._UNKNOWN),
        ({"trial": ["valid"]}, runner._UNKNOWN),
        ({}, runner._UNKNOWN),
        (
            {"trial": "valid", "with_ws_handshake": "on"},
            "with_ws_handshake is true or false.",
        ),
        ({"trial": "valid", "through": "apache"}, 'through is "direct" or "nginx".'),
        ({"trial": "valid", "through": []}, 'through is "direct" or "nginx".'),
    ],
)
def test_what_cannot_be_tried_gets_a_hint(port: int, asked: Any, problem: str) -> None:
    reply = posted(port, "/trials", **asked)
    assert (reply.status, reply.parsed) == (400, {"problem": problem})


def test_of_trials_at_the_same_time_each_has_its_own_event(port: int) -> None:
    codes = [row["code"] for row in REASONS]
    with ThreadPoolExecutor(runner.MOST_AT_ONCE) as pool:
        for result, code in zip(
            pool.map(lambda code: tried(port, code), codes * 4), codes * 4, strict=True
        ):
            assert [event["codes"] for event in result["events"]] == [[code]]


def test_where_the_system_has_one_loopback_address_there_is_one_trial_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(runner, "_FIRST_ADDRESS", "203.0.113.9")
    codes = [row["code"] for row in REASONS]
    with inspector() as port, ThreadPoolExecutor(runner.MOST_AT_ONCE) as pool:
        for result, code in zip(
            pool.map(lambda code: tried(port, code), codes), codes, strict=True
        ):
            (event,) = result["events"]
            assert (event["codes"], event["client"]) == ([code], "127.0.0.1")


SILENT = "POST /verdict HTTP/1.1\nHost: a\nContent-Type: application/json\n"
SILENT += "Content-Length: 9\n"


def test_with_eight_trials_under_way_there_is_no_ninth(port: int) -> None:
    with ThreadPoolExecutor(9) as pool:
        replies = list(
            pool.map(
                lambda _: posted(port, "/trials", trial="own", head=SILENT), range(9)
            )
        )
    assert sorted(reply.status for reply in replies) == [*[200] * 8, 429]
    (busy,) = [reply.parsed for reply in replies if reply.status == 429]
    assert busy == {"problem": "8 trials are running; ask again in a moment."}
    waited = next(reply.parsed for reply in replies if reply.status == 200)
    assert waited["response"] == {
        "status": None,
        "text": "",
        "note": "No response within 2 s: the client would hang.",
    }
    assert waited["took_ms"] >= 1900


@pytest.mark.parametrize("checked", [True, False])
def test_nginx_with_its_default_configuration_strips_what_it_must_forward(
    port: int, *, checked: bool
) -> None:
    proxies.require("nginx")
    result = tried(port, "valid", with_ws_handshake=checked, through="nginx")
    assert result["through"] == "nginx"
    assert "\nServer: nginx/" in result["response"]["text"]
    if checked:
        assert result["response"]["status"] == 400
        (event,) = result["events"]
        assert event["cause"] == "proxy_stripped_upgrade"
        assert "upgrade_missing" in event["codes"]
    else:
        assert (result["response"]["status"], result["events"]) == (404, [])


def test_without_nginx_the_reply_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(nginx, "program", lambda: None)
    with inspector() as port:
        reply = posted(port, "/trials", trial="valid", through="nginx")
        assert (reply.status, reply.parsed) == (503, {"problem": nginx.INSTALL})
        assert tried(port, "valid")["response"]["status"] == 101
