from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.handshakes import ACCEPT, SOUND, Handshake
from ws_handshake.cli.explain.document import complaint, document
from ws_handshake.cli.explain.explained import Explained, explain
from ws_handshake.cli.pasted.head import PastedHead
from ws_handshake.outcome.problem import render

BROKEN = {
    "one": SOUND.but(b"sec-websocket-key", b"AAAA"),
    "several": SOUND.asked(method="POST").without(b"host"),
    "one cause": SOUND.asked(version="1.0"),
    "two causes": SOUND.without(b"upgrade", b"connection"),
}


def explained(handshake: Handshake) -> Explained:
    return explain(PastedHead(handshake.head(), notes=("a note",), answered=400))


def only(handshake: Handshake) -> dict[str, Any]:
    whole: Any = document("a request head", [explained(handshake)])
    (one,) = whole.pop("handshakes")
    assert whole == {"taken_for": "a request head", "sound": one["sound"]}
    return dict(one)


@pytest.mark.parametrize("handshake", BROKEN.values(), ids=BROKEN)
def test_a_refusal_has_the_members_of_a_servers_answer(handshake: Handshake) -> None:
    refusal = explained(handshake).refusal
    assert refusal is not None
    answer = json.loads(render(refusal, http1=True).body)
    told = only(handshake)

    assert {name: told[name] for name in answer} == answer
    assert set(told) - set(answer) == {
        *("sound", "request", "headers", "answered", "notes")
    }


def test_an_acceptance_has_the_token_and_the_answer() -> None:
    told = only(SOUND)
    assert told["sound"] is True
    assert told["status"] == 101
    assert told["accept"] == ACCEPT
    assert told["answer"][0] == "HTTP/1.1 101 Switching Protocols"


def test_the_request_is_told_line_by_line() -> None:
    told = only(SOUND.without(b"upgrade"))
    assert told["request"] == "GET /ws HTTP/1.1"
    assert told["headers"][0] == "Host: (9 characters)"
    assert told["headers"][-1] == "Upgrade: (missing)"
    assert told["answered"] == 400
    assert told["notes"] == ["a note", "The server answered it with 400."]


def test_of_several_all_must_be_sound() -> None:
    both = document("a HAR file", [explained(SOUND), explained(BROKEN["one"])])
    assert both["sound"] is False
    assert document("a HAR file", [explained(SOUND)] * 2)["sound"] is True


def test_a_complaint_has_the_same_form() -> None:
    assert complaint("Nothing.") == {
        "taken_for": None,
        "sound": False,
        "handshakes": [],
        "error": "Nothing.",
    }
