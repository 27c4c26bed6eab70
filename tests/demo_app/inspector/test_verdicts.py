"""What this server would say of a request head, while somebody is typing it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from demo_app.inspector.trials.behaviours import BEHAVIOURS
from demo_app.inspector.trials.catalogue import TRIALS
from demo_app.inspector.trials.exchange import wire
from demo_app.inspector.site import SOCKETS, options
from demo_app.inspector.verdicts import Judge
from tests.support.bending import bent
from tests.support.demos import inspector, posted
from tests.support.docs_examples import application, outcome
from tests.support.handshakes import ACCEPT, Handshake
from tests.support.handshakes import VALID as SHAKEN
from ws_handshake import WebSocketHandshakeMiddleware

pytestmark = pytest.mark.busy

HERE = "127.0.0.1:8000"
JUDGE = Judge(SOCKETS, options(8000))
SERVER = WebSocketHandshakeMiddleware(application, **options(8000))
VALID = TRIALS["valid"].text(HERE)

PLAIN = (
    "This is a plain request: nothing in it says that it is a handshake, and the path "
    "is none of websocket_paths. It goes to the application."
)
NO_HTTP = (
    "The HTTP parser of this server does not read this, and nothing in it says that it "
    "is a handshake: uvicorn responds with a bare 400."
)
NO_ROUTE = (
    "The handshake is valid. The application has no WebSocket at this path, and so it "
    "will be rejected as denied_by_app."
)
FAULTY = (
    "The handshake is valid. The application raises at this path before it decides: "
    "the server responds with 500, and the log has app_did_not_respond."
)


def verdict(text: str) -> Any:
    return JUDGE.verdict(text)


def codes(reported: Any) -> list[str]:
    return [violation["code"] for violation in reported["violations"]]


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
    reported = verdict(VALID.replace("dGhlIHNhbXBsZSBub25jZQ==", "AAAA"))
    assert reported == {
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
                "received": "4 characters",
                "fix": "Send 16 random bytes in standard base64, padding included.",
                "rfc": "RFC 6455 section 4.2.1(5)",
                "status": 400,
                "lines": [5],
            }
        ],
        "causes": [],
    }


def test_a_cause_is_reported_with_its_certainty() -> None:
    reported = verdict(TRIALS["old_draft"].text(HERE))
    assert reported["causes"] == [
        {
            "code": "old_draft",
            "certainty": "certain",
            "detail": "The client speaks a draft from before RFC 6455 (2011).",
            "fix": "Update the client, or the library that it uses.",
        }
    ]


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda behaviour: behaviour.id)
def test_what_a_behaviour_is_said_to_bring_about_is_what_it_does(
    behaviour: Any,
) -> None:
    head = TRIALS.get(behaviour.id)
    if head is None:
        assert behaviour.sends.why.endswith(".")
    elif behaviour.codes in {(), ("denied_by_app",)}:
        assert codes(verdict(head.text(HERE))) == []
    else:
        reported = verdict(head.text(HERE))
        assert tuple(codes(reported)) == behaviour.codes
        assert reported["status"] == behaviour.status
        assert reported["causes"][0]["code"] == behaviour.id


def test_what_a_parser_rejects_is_judged_all_the_same() -> None:
    reported = verdict(VALID.replace("Upgrade:", "Odd Name: b\nUpgrade:", 1))
    assert (reported["parsed"], reported["status"]) == (False, 400)
    assert codes(reported) == ["head_malformed"]
    assert reported["violations"][0]["lines"] == [2]


@pytest.mark.parametrize(
    "text", ["", "hello", "GET\n", "PRI * HTTP/2.0\n\nSM\n\n", "GET http://[ HTTP/1.1"]
)
def test_what_is_no_http_at_all_is_left_to_uvicorn(text: str) -> None:
    reported = verdict(text)
    assert (reported["parsed"], reported["accepted"]) == (False, False)
    assert (reported["problem"], reported["violations"]) == (NO_HTTP, [])


@pytest.mark.parametrize("target", ["/", "/health?a=b", "http://127.0.0.1:8000/", "*"])
def test_a_plain_request_is_none_of_ours(target: str) -> None:
    reported = verdict(f"GET {target} HTTP/1.1\nHost: a\n")
    assert (reported["parsed"], reported["problem"]) == (True, PLAIN)
    assert reported["status"] is None


@pytest.mark.parametrize("target", ["/ws", "/ws?a", "/live", "http://a/ws?b", "/%77s"])
def test_a_plain_request_to_a_websocket_is(target: str) -> None:
    assert codes(verdict(f"GET {target} HTTP/1.1\nHost: a\n")) == ["not_a_handshake"]


@pytest.mark.parametrize("target", ["/faulty", "/faulty?a", "http://a/faulty"])
def test_a_path_at_which_the_application_fails_is_named(target: str) -> None:
    reported = verdict(VALID.replace("/ws", target))
    assert (reported["accepted"], reported["accept_token"]) == (True, ACCEPT)
    assert reported["problem"] == FAULTY


@pytest.mark.parametrize("target", ["/ws/", "/nowhere", "http://a", "http://a/b?c"])
def test_a_valid_handshake_with_nowhere_to_go_is_reported_so(target: str) -> None:
    reported = verdict(VALID.replace("/ws", target))
    assert (reported["accepted"], reported["accept_token"]) == (True, ACCEPT)
    assert reported["problem"] == NO_ROUTE


def test_the_origin_is_judged_as_the_server_does_it() -> None:
    ours = VALID.rstrip("\n") + "\nOrigin: http://127.0.0.1:8000"
    assert verdict(ours)["accepted"]
    assert codes(verdict(ours.replace("8000", "80", 1))) == ["origin_not_allowed"]


def response(text: str) -> tuple[int | None, tuple[str, ...]]:
    """Return what the editor says that the server will respond."""
    reported = verdict(text)
    if reported["violations"]:
        return reported["status"], tuple(codes(reported))
    if reported["accepted"]:
        return 101, ()
    return (404 if reported["parsed"] else 400), ()


# a target that only an upgrade can do without, and what uvicorn responds by itself
@example(SHAKEN.asked(target=b"wss://u:p@example.com:8000"))
@example(SHAKEN.asked(target=b"http://[::1]?x"))
@example(SHAKEN.asked(target=b"*").but(b"connection", b"close"))
@example(SHAKEN.plus(b"transfer-encoding", b"13").asked(target=b"*"))
@example(Handshake(target=b"/", headers=((b"host", b"a"),)))
@example(Handshake(target=b"/", headers=((b"host a", b"a"),)))
@settings(max_examples=150, deadline=None)
@given(bent().filter(lambda handshake: handshake.wire().isascii()))
def test_the_editor_says_what_the_server_responds(handshake: Handshake) -> None:
    text = handshake.wire().decode("ascii").replace("\r\n", "\n")
    reported = outcome(
        SERVER, wire(text), http="ws_handshake.uvicorn:AutoHTTPProtocol"
    ).response
    assert response(text) == (reported.status, reported.codes)


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
    reported = verdict(text)
    number = len(text.split("\n"))
    lines = [
        line for violation in reported["violations"] for line in violation["lines"]
    ]
    assert all(0 <= line < number for line in lines)
    assert reported["accepted"] == (reported["accept_token"] is not None)


def test_nothing_that_is_posted_makes_the_server_fail() -> None:
    with inspector() as port:

        @settings(max_examples=100, deadline=None)
        @given(typed)
        def post(text: str) -> None:
            reply = posted(port, "/verdict", head=text)
            assert reply.status == 200
            assert reply.parsed == verdict(text.replace(HERE, f"127.0.0.1:{port}"))

        post()
