"""The verdict of this server on what a person pastes or types."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from demo_app.app import create_app
from demo_app.inspector.pages.by_hand import ByHand
from demo_app.inspector.trials.catalogue import TRIALS
from demo_app.inspector.trials.request import Request, wire
from demo_app.inspector.verdicts import Judge
from tests.support.bending import bent
from tests.support.demo_trials import CODES
from tests.support.demos import inspector, posted
from tests.support.docs_examples import application, outcome
from tests.support.handshakes import ACCEPT, Handshake
from tests.support.handshakes import VALID as HANDSHAKE
from ws_handshake import WebSocketHandshakeMiddleware

HERE = "127.0.0.1:8000"

DEMO = create_app(8000)
assert isinstance(DEMO, ByHand)
assert isinstance(DEMO.app, WebSocketHandshakeMiddleware)
SERVER = DEMO.app
SERVER.app = application  # the same policy, and an application that responds to all
JUDGE = Judge(SERVER.policy)


def text_of(trial: str) -> str:
    sends = TRIALS[trial].sends
    assert isinstance(sends, Request)
    return sends.text(HERE)


VALID = text_of("valid")

PLAIN = (
    "This is a plain request. Nothing in it says that it is a handshake, and the path "
    "is none of websocket_paths: it goes to the application."
)
NO_HTTP = (
    "This is no HTTP/1.1 request. Nothing in it says that it is a handshake either, so "
    "uvicorn responds with a bare 400."
)
NO_ROUTE = (
    "The handshake is valid. But the application has no WebSocket at this path, and "
    "will reject it as denied_by_app."
)
RAISES = (
    "The handshake is valid. But the application raises here before it decides: the "
    "server responds with 500, and the log has app_did_not_respond."
)


# What a verdict has that says nothing.
NOTHING: dict[str, object] = {
    **dict.fromkeys(("read_as", "head", "problem", "fix", "page", "status")),
    "accept_token": None,
    "parsed": True,
    "accepted": False,
    "notes": [],
    "violations": [],
    "causes": [],
}


def verdict(text: str) -> Any:
    return JUDGE.of_paste(text)


def codes(row: Any) -> list[str]:
    return [violation["code"] for violation in row["violations"]]


def test_a_valid_handshake_has_its_accept_token() -> None:
    accepted = {"accepted": True, "status": 101, "accept_token": ACCEPT}
    assert verdict(VALID) == {**NOTHING, **accepted}


def test_a_violation_has_all_that_the_catalogue_says_and_its_lines() -> None:
    row = verdict(VALID.replace("dGhlIHNhbXBsZSBub25jZQ==", "AAAA"))
    assert row == {
        **NOTHING,
        "status": 400,
        "violations": [
            {
                "code": "key_malformed",
                "header": "Sec-WebSocket-Key",
                "what": "The Sec-WebSocket-Key header is not base64 of 16 bytes.",
                "expected": "16 random bytes in base64 (24 characters)",
                "received": "4 characters, base64 of 3 bytes",
                "fix": "Encode 16 random bytes in base64, which are 24 characters.",
                "rfc": "RFC 6455 section 4.2.1(5)",
                "status": 400,
                "lines": [5],
            }
        ],
    }


def test_a_cause_is_reported_with_its_certainty() -> None:
    row = verdict(text_of("old_draft"))
    assert row["causes"] == [
        {
            "code": "old_draft",
            "certainty": "certain",
            "detail": "The client speaks a draft from before RFC 6455 (2011).",
            "fix": "Update the client, or the library that it uses.",
        }
    ]


@pytest.mark.parametrize("name", CODES)
def test_a_behaviour_has_its_codes_and_its_cause_first(name: str) -> None:
    row = verdict(text_of(name))
    if name == "no_route":
        assert (codes(row), row["problem"]) == ([], NO_ROUTE)
    else:
        assert codes(row) == CODES[name]
        assert row["causes"][0]["code"] == name


CURL = """\
curl 'ws://127.0.0.1:8000/ws' -H 'Sec-WebSocket-Version: 8'
"""
READ = """\
GET /ws HTTP/1.1
Host: 127.0.0.1:8000
User-Agent: curl
Accept: */*
Sec-WebSocket-Version: 8
Upgrade: websocket
Connection: Upgrade
Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==

"""


def test_a_request_is_found_in_what_explain_reads_and_shown_as_it_was_read() -> None:
    row = verdict(CURL)
    assert row["read_as"] == "a curl command"
    assert row["head"] == READ
    assert row["notes"] == [
        "For ws:// and wss:// curl adds the fields of a handshake that are not given."
    ]
    assert codes(row) == ["version_unsupported"]
    assert {**verdict(READ), "notes": row["notes"]} == {
        **row,
        "read_as": None,
        "head": None,
    }


def test_a_line_of_a_log_has_a_meaning_a_fix_and_a_page() -> None:
    row = verdict('INFO: 127.0.0.1:52622 - "GET /ws HTTP/1.0" 404 Not Found')
    assert row["read_as"] == "an access log line of uvicorn"
    assert row["problem"].startswith("If this is the handshake, it arrived as a plain")
    assert row["fix"].startswith("nginx: proxy_http_version 1.1;")
    assert row["page"] == "proxy_stripped_upgrade"
    assert (row["status"], row["violations"]) == (None, [])


def test_a_status_that_a_client_saw_has_a_meaning_without_a_page() -> None:
    row = verdict("GET https://chat.example.com/ws 502")
    assert row["problem"].startswith("The server responded with 502: ")
    assert row["page"] is None


def test_what_a_parser_rejects_is_judged_all_the_same() -> None:
    row = verdict(VALID.replace("Upgrade:", "Odd Name: b\nUpgrade:", 1))
    assert (row["parsed"], row["status"]) == (False, 400)
    assert codes(row) == ["head_malformed"]
    assert row["violations"][0]["lines"] == [2]


@pytest.mark.parametrize(
    "text", ["", "hello", "GET\n", "PRI * HTTP/2.0\n\nSM\n\n", "GET http://[ HTTP/1.1"]
)
def test_what_is_not_http_at_all_is_left_to_uvicorn(text: str) -> None:
    row = verdict(text)
    assert (row["parsed"], row["accepted"]) == (False, False)
    assert (row["problem"], row["violations"]) == (NO_HTTP, [])


@pytest.mark.parametrize("target", ["/", "/health?a=b", "http://127.0.0.1:8000/", "*"])
def test_a_plain_request_goes_to_the_application(target: str) -> None:
    row = verdict(f"GET {target} HTTP/1.1\nHost: a\n")
    assert (row["parsed"], row["problem"]) == (True, PLAIN)
    assert row["status"] is None


@pytest.mark.parametrize("target", ["/ws", "/ws?a", "http://a/ws?b", "/%77s"])
def test_a_plain_request_to_a_websocket_is_rejected(target: str) -> None:
    assert codes(verdict(f"GET {target} HTTP/1.1\nHost: a\n")) == ["not_a_handshake"]


@pytest.mark.parametrize("target", ["/raises", "/raises?a", "http://a/raises"])
def test_a_path_at_which_the_application_raises_is_reported_so(target: str) -> None:
    row = verdict(VALID.replace("/ws", target))
    assert (row["accepted"], row["accept_token"]) == (True, ACCEPT)
    assert row["problem"] == RAISES


@pytest.mark.parametrize("target", ["/ws/", "/nowhere", "http://a", "http://a/b?c"])
def test_a_valid_handshake_without_a_route_is_reported_so(target: str) -> None:
    row = verdict(VALID.replace("/ws", target))
    assert (row["accepted"], row["accept_token"]) == (True, ACCEPT)
    assert row["problem"] == NO_ROUTE


def test_the_origin_is_judged_as_the_server_does_it() -> None:
    ours = VALID.rstrip("\n") + "\nOrigin: http://127.0.0.1:8000"
    assert verdict(ours)["accepted"]
    assert codes(verdict(ours.replace("8000", "80", 1))) == ["origin_not_allowed"]


def response(text: str) -> tuple[int | None, tuple[str, ...]]:
    """Return the status and codes that the editor expects of the server."""
    row: Any = JUDGE.of_head(text)
    if row["violations"]:
        return row["status"], tuple(codes(row))
    if row["accepted"]:
        return 101, ()
    return (404 if row["parsed"] else 400), ()


# targets that only an upgrade can have, and heads that uvicorn rejects by itself
@example(HANDSHAKE.asked(target=b"wss://u:p@example.com:8000"))
@example(HANDSHAKE.asked(target=b"http://[::1]?x"))
@example(HANDSHAKE.asked(target=b"*").but(b"connection", b"close"))
@example(HANDSHAKE.plus(b"transfer-encoding", b"13").asked(target=b"*"))
@example(Handshake(target=b"/", headers=((b"host", b"a"),)))
@example(Handshake(target=b"/", headers=((b"host a", b"a"),)))
@settings(max_examples=150, deadline=None)
@given(bent().filter(lambda handshake: handshake.wire().isascii()))
def test_the_editor_expects_what_the_server_responds(handshake: Handshake) -> None:
    text = handshake.wire().decode("ascii").replace("\r\n", "\n")
    real = outcome(
        SERVER, wire(text), http="ws_handshake.uvicorn:AutoHTTPProtocol"
    ).response
    assert response(text) == (real.status, real.codes)


typed = st.one_of(
    st.text(),
    st.text("GET/ws:HTP1.\r\n \t,;=\x00\x7f\ud800Upgradebocknti-y"),
    st.lists(st.sampled_from([*VALID.split("\n"), "\r", ": ", "Host", "\ud800"])).map(
        "\n".join
    ),
)


@settings(max_examples=500, deadline=None)
@given(typed)
def test_nothing_that_is_typed_raises(text: str) -> None:
    row = verdict(text)
    number = len((row["head"] or text).split("\n"))
    lines = [line for violation in row["violations"] for line in violation["lines"]]
    assert all(0 <= line < number for line in lines)
    assert row["accepted"] == (row["accept_token"] is not None)


def test_nothing_that_is_posted_makes_the_server_fail() -> None:
    with inspector() as port:

        @settings(max_examples=100, deadline=None)
        @given(typed)
        def post(text: str) -> None:
            reply = posted(port, "/verdict", head=text)
            assert reply.status == 200
            assert reply.parsed == verdict(text)

        post()
