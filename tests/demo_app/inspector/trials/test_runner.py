"""Trials: what is sent, what arrives, what comes back, and what is logged."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from demo_app.inspector.trials import nginx, runner
from tests.support import proxies
from tests.support.demo_trials import ALONE, CODES, REASONS
from tests.support.demos import inspector, posted, tried
from tests.support.handshakes import ACCEPT
from ws_handshake.core.reasons import BY_CODE

if TYPE_CHECKING:
    from collections.abc import Iterator

# Where the application does not respond, there is no response of ours.
RAISES = "app_did_not_respond"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with inspector() as running:
        yield running


def codes(result: Any) -> list[str]:
    return [violation["code"] for violation in result["verdict"]["violations"]]


@pytest.mark.parametrize("code", REASONS)
def test_every_reason_comes_about_and_has_its_event(port: int, code: str) -> None:
    result = tried(port, code)
    ours, *alone = result["responses"]
    assert ours["status"] == BY_CODE[code].status
    assert ours["note"] is None
    named = f"\nwebsocket-handshake-error: {code}\n" in ours["text"]
    assert named is (code != RAISES)
    (event,) = result["events"]
    assert event["fields"]["error.type"] == code
    assert codes(result) == [code]
    assert (result["sent"], result["by"]) == (result["arrived"], "")
    assert all("handshake-error" not in one["text"] for one in alone)


@pytest.mark.parametrize("code", REASONS)
def test_uvicorn_alone_responds_in_its_own_way(port: int, code: str) -> None:
    _, *alone = tried(port, code)["responses"]
    assert [one["server"] for one in alone] == [
        *("uvicorn with wsproto", "uvicorn with websockets")
    ]
    assert tuple(one["status"] for one in alone) == ALONE[code]


def test_an_application_that_raises_is_an_error_with_its_exception(port: int) -> None:
    (event,) = tried(port, RAISES)["events"]
    assert event["fields"]["level"] == "error"
    assert event["fields"]["exception.type"].startswith("LookupError in reasons.py:")
    assert "to show what comes of it" not in str(event)


@pytest.mark.parametrize("name", CODES)
def test_every_behaviour_brings_about_its_cause(port: int, name: str) -> None:
    result = tried(port, name)
    assert result["verdict"]["causes"][0]["code"] == name
    assert codes(result) == CODES[name]
    (event,) = result["events"]
    assert event["fields"]["websocket.handshake.cause"] == name
    assert f"Cause: {name} (" in event["line"]


def test_a_cause_has_the_lines_to_paste_and_their_places(port: int) -> None:
    (cause,) = tried(port, "proxy_stripped_upgrade")["verdict"]["causes"]
    assert [one["place"] for one in cause["config"]] == [
        *("nginx, http { }", "nginx, location { }")
    ]
    assert "map $http_upgrade" in cause["config"][0]["lines"]


def test_a_proxy_that_is_played_is_named_and_what_came_before_it_is_there(
    port: int,
) -> None:
    result = tried(port, "proxy_miswrote_upgrade")
    assert result["by"] == "nginx"
    assert "\nUpgrade: websocket\n" in result["sent"]
    assert "\nUpgrade: upgrade\n" in result["arrived"]


def test_a_list_that_uvicorn_does_not_read_is_accepted(port: int) -> None:
    result = tried(port, "server_reads_one_line")
    assert [one["status"] for one in result["responses"]] == [101, 404, 404]


def test_what_is_no_handshake_has_a_verdict_and_no_event(port: int) -> None:
    result = tried(port, "http2_preface")
    assert result["events"] == []
    assert "uvicorn responds with a bare 400" in result["verdict"]["problem"]


def test_a_valid_handshake_is_accepted_with_its_token_and_without_its_frames(
    port: int,
) -> None:
    result = tried(port, "valid")
    assert result["sent"].startswith(f"GET /ws HTTP/1.1\nHost: 127.0.0.1:{port}\n")
    for response in result["responses"]:
        assert response["status"] == 101
        assert response["text"].endswith("\n\n")
        assert f"\nsec-websocket-accept: {ACCEPT.lower()}\n" in response["text"].lower()
    assert [event["line"] for event in result["events"]] == [None]
    assert result["verdict"]["accepted"]


def test_what_was_typed_is_sent_as_it_was_typed(port: int) -> None:
    head = "GET /ws HTTP/1.1\r\nHost: a\nX-Odd: \u00e9\nSec-WebSocket-Key: \x01"
    result = tried(port, head=head)
    assert result["sent"] == (
        "GET /ws HTTP/1.1\nHost: a\nX-Odd: \\xc3\\xa9\nSec-WebSocket-Key: \\x01\n\n"
    )
    assert "head_malformed" in codes(result)


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"head": 1}, 'head is the text of a request: {"head": "GET /ws HTTP/1.1"}.'),
        ({"trial": "origin_missing"}, runner._UNKNOWN),
        ({"trial": ["valid"]}, runner._UNKNOWN),
        ({}, runner._UNKNOWN),
        ({"trial": "valid", "nginx": "on"}, "nginx is true or false."),
    ],
)
def test_what_cannot_be_tried_gets_a_hint(port: int, asked: Any, problem: str) -> None:
    reply = posted(port, "/trials", **asked)
    assert (reply.status, reply.parsed) == (400, {"problem": problem})


def test_of_trials_at_the_same_time_each_has_its_own_event(port: int) -> None:
    with ThreadPoolExecutor(runner.MOST_AT_ONCE) as pool:
        results = list(pool.map(lambda code: tried(port, code), REASONS * 2))
    for result, code in zip(results, REASONS * 2, strict=True):
        assert [event["fields"]["error.type"] for event in result["events"]] == [code]


def test_where_the_system_has_one_loopback_address_there_is_one_trial_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(runner, "_FIRST_ADDRESS", "203.0.113.9")
    with inspector() as port, ThreadPoolExecutor(runner.MOST_AT_ONCE) as pool:
        results = list(pool.map(lambda code: tried(port, code), REASONS))
    for result, code in zip(results, REASONS, strict=True):
        (event,) = result["events"]
        assert event["fields"]["error.type"] == code
        assert event["fields"]["client.address"] == "127.0.0.1"


SILENT = "POST /verdict HTTP/1.1\nHost: a\nContent-Type: application/json\n"
SILENT += "Content-Length: 9\n"


def test_with_eight_trials_under_way_there_is_no_ninth(port: int) -> None:
    with ThreadPoolExecutor(9) as pool:
        replies = list(
            pool.map(lambda _: posted(port, "/trials", head=SILENT), range(9))
        )
    assert sorted(reply.status for reply in replies) == [*[200] * 8, 429]
    (busy,) = [reply.parsed for reply in replies if reply.status == 429]
    assert busy == {"problem": "8 trials are running; ask again in a moment."}
    waited = next(reply.parsed for reply in replies if reply.status == 200)
    assert waited["responses"][0] == {
        "server": "ws-handshake",
        "status": None,
        "text": "",
        "note": "No response within 2 s: the client would hang.",
    }


def test_a_real_nginx_forwards_what_is_shown(port: int) -> None:
    proxies.require("nginx")
    result = tried(port, "proxy_stripped_upgrade", nginx=True)
    assert (result["by"], result["sent"][:16]) == ("nginx", "GET /ws HTTP/1.1")
    assert re.match(
        rf"GET /ws HTTP/1\.0\nHost: 127\.0\.0\.1:{port}\nConnection: close\n",
        result["arrived"],
    )
    assert "Upgrade" not in result["arrived"]
    assert [one["status"] for one in result["responses"]] == [400, 404, 404]
    assert all("\nServer: nginx/" in one["text"] for one in result["responses"])
    body = json.loads(result["responses"][0]["text"].partition("\n\n")[2])
    assert body["cause"]["code"] == "proxy_stripped_upgrade"
    (cause,) = result["verdict"]["causes"]
    assert cause["config"] == body["cause"]["config"]


def test_nginx_takes_the_place_of_a_proxy_that_is_played(port: int) -> None:
    proxies.require("nginx")
    result = tried(port, "proxy_rewrote_host", nginx=True)
    assert "\nHost: chat.example.com\n" in result["arrived"]
    assert "X-Forwarded-Server" not in result["arrived"]


def test_without_nginx_the_reply_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(nginx, "program", lambda: None)
    with inspector() as port:
        reply = posted(port, "/trials", trial="valid", nginx=True)
        assert (reply.status, reply.parsed) == (503, {"problem": nginx.INSTALL})
        assert tried(port, "valid")["responses"][0]["status"] == 101
