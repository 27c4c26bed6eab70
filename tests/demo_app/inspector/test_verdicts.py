"""The verdict of this server on a request head that a person is typing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from demo_app.app import create_app
from demo_app.inspector.pages.by_hand import ByHand
from demo_app.inspector.trials.behaviours import BEHAVIOURS
from demo_app.inspector.trials.catalogue import TRIALS
from demo_app.inspector.trials.request import wire
from demo_app.inspector.verdicts import Judge
from tests.support.bending import bent
from tests.support.demos import inspector, posted
from tests.support.docs_examples import application, outcome
from tests.support.handshakes import ACCEPT, Handshake
from tests.support.handshakes import VALID as HANDSHAKE
from ws_handshake import WebSocketHandshakeMiddleware

pytestmark = pytest.mark.busy

HERE = "127.0.0.1:8000"

DEMO = create_app(8000)
assert isinstance(DEMO, ByHand)
assert isinstance(DEMO.app, WebSocketHandshakeMiddleware)
SERVER = DEMO.app
SERVER.app = application  # the same policy, and an application that responds to all
JUDGE = Judge(SERVER.policy)

VALID = TRIALS["valid"].text(HERE)

PLAIN = (
    "This is a plain request: nothing in it says that it is a handshake, and the path "
    "is none of websocket_paths. It goes to the application."
)
NO_HTTP = (
    "The HTTP parser of this server rejects this, and nothing in it says that it is a "
    "handshake: uvicorn responds with a bare 400."
)
NO_ROUTE = (
    "The handshake is valid, but the application has no WebSocket at this path. It "
    "will be rejected as denied_by_app."
)
RAISES = (
    "The handshake is valid, but the application raises here before it decides. "
    "The server responds with 500, and the log has app_did_not_respond."
)


def verdict(text: str) -> Any:
    return JUDGE.verdict(text)


def codes(row: Any) -> list[str]:
    return [violation["code"] for violation in row["violations"]]


def test_a_valid_handshake_has_its_accept_token() -> None:
    assert verdict(VALID) == {
        "parsed": True,
        "problem": None,
        "accepted": True,
        "status": 101,
        "accept_token": ACCEPT,
        "violations": [],
        "causes": [],
    }


def test_a_violation_has_all_that_the_catalogue_says_and_its_lines() -> None:
    row = verdict(VALID.replace("dGhlIHNhbXBsZSBub25jZQ==", "AAAA"))
    assert row == {
        "parsed": True,
        "problem": None,
        "accepted": False,
        "status": 400,
        "accept_token": None,
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
        "causes": [],
    }


def test_a_cause_is_reported_with_its_certainty() -> None:
    row = verdict(TRIALS["old_draft"].text(HERE))
    assert row["causes"] == [
        {
            "code": "old_draft",
            "certainty": "certain",
            "detail": "The client speaks a draft from before RFC 6455 (2011).",
            "fix": "Update the client, or the library that it uses.",
        }
    ]


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda behaviour: behaviour.id)
def test_a_behaviour_has_the_codes_that_it_announces(
    behaviour: Any,
) -> None:
    head = TRIALS.get(behaviour.id)
    if head is None:
        assert behaviour.sends.why.endswith(".")
    elif behaviour.codes in {(), ("denied_by_app",)}:
        assert codes(verdict(head.text(HERE))) == []
    else:
        row = verdict(head.text(HERE))
        assert tuple(codes(row)) == behaviour.codes
        assert row["status"] == behaviour.status
        assert row["causes"][0]["code"] == behaviour.id


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


@pytest.mark.parametrize("target", ["/ws", "/ws?a", "/live", "http://a/ws?b", "/%77s"])
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
    row = verdict(text)
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
    number = len(text.split("\n"))
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
            assert reply.parsed == verdict(text.replace(HERE, f"127.0.0.1:{port}"))

        post()
