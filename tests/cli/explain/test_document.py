from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.handshakes import ACCEPT, VALID, Handshake
from ws_handshake.cli.explain.document import complaint, document
from ws_handshake.cli.explain.explained import Explained, explain
from ws_handshake.cli.pasted.head import PastedHead
from ws_handshake.outcome.problem import render

BROKEN = {
    "one": VALID.but(b"sec-websocket-key", b"AAAA"),
    "several": VALID.asked(method="POST").without(b"host"),
    "one cause": VALID.asked(version="1.0"),
    "two causes": VALID.without(b"upgrade", b"connection"),
}


def explained(handshake: Handshake) -> Explained:
    return explain(PastedHead(handshake.head(), notes=("a note",), responded=400))


def only(handshake: Handshake) -> dict[str, Any]:
    whole: Any = document("a request head", [explained(handshake)])
    (one,) = whole.pop("handshakes")
    assert whole == {"taken_for": "a request head", "valid": one["valid"]}
    return dict(one)


@pytest.mark.parametrize("handshake", BROKEN.values(), ids=BROKEN)
def test_a_rejection_has_the_members_of_a_servers_respond(handshake: Handshake) -> None:
    rejection = explained(handshake).rejection
    assert rejection is not None
    response = json.loads(render(rejection, http1=True).body)
    reported = only(handshake)

    assert {name: reported[name] for name in response} == response
    assert set(reported) - set(response) == {
        *("valid", "request", "headers", "responded", "notes")
    }


def test_an_acceptance_has_the_token_and_the_response() -> None:
    reported = only(VALID)
    assert reported["valid"] is True
    assert reported["status"] == 101
    assert reported["accept"] == ACCEPT
    assert reported["response"][0] == "HTTP/1.1 101 Switching Protocols"


def test_the_request_is_reported_line_by_line() -> None:
    reported = only(VALID.without(b"upgrade"))
    assert reported["request"] == "GET /ws HTTP/1.1"
    assert reported["headers"][0] == "Host: (9 characters)"
    assert reported["headers"][-1] == "Upgrade: (missing)"
    assert reported["responded"] == 400
    assert reported["notes"] == ["a note", "The server responded to it with 400."]


def test_of_several_all_must_be_valid() -> None:
    both = document("a HAR file", [explained(VALID), explained(BROKEN["one"])])
    assert both["valid"] is False
    assert document("a HAR file", [explained(VALID)] * 2)["valid"] is True


def test_a_complaint_has_the_same_form() -> None:
    assert complaint("Nothing.") == {
        "taken_for": None,
        "valid": False,
        "handshakes": [],
        "error": "Nothing.",
    }
