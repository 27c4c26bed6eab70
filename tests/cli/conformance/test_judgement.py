"""What an answer means for a handshake of the conformance catalogue."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.handshakes import ACCEPT, SOUND
from ws_handshake.cli.client.answer import Answer
from ws_handshake.cli.client.faults import CONNECTION_REFUSED, Finding
from ws_handshake.cli.conformance.case import Case
from ws_handshake.cli.conformance.judgement import MEANINGS, Kind, judged
from ws_handshake.cli.conformance.send import CLOSED, Came

if TYPE_CHECKING:
    from ws_handshake.cli.conformance.judgement import Outcome

MUST = Case("a", "A.", b"", "accept", "RFC 1")
MAY = replace(MUST, expected="either")
MUST_NOT = replace(MUST, expected="refuse", codes=("key_malformed",))
VERSION = replace(
    MUST_NOT, codes=("version_unsupported",), needs="Sec-WebSocket-Version"
)

SWITCHING = Answer(
    "1.1",
    101,
    b"Switching Protocols",
    (
        (b"upgrade", b"websocket"),
        (b"connection", b"Upgrade"),
        (b"sec-websocket-accept", ACCEPT.encode()),
    ),
)
REFUSAL = Answer("1.1", 400, b"Bad Request", (), b"no key")
TOLD = "101 Switching Protocols"


def outcome(case: Case, answer: Answer, **changes: Any) -> Outcome:
    return judged(case, Came(SOUND.head(), replace(answer, **changes)))


def kind(case: Case, answer: Answer, **changes: Any) -> Kind | None:
    return outcome(case, answer, **changes).kind


def test_what_comes_out_as_it_should_is_no_fault() -> None:
    assert outcome(MUST, SWITCHING).came == TOLD
    assert outcome(MUST, SWITCHING).status == 101
    assert kind(MUST, SWITCHING) is None
    assert kind(MUST_NOT, REFUSAL) is None


def test_where_there_is_a_choice_both_are_right() -> None:
    assert kind(MAY, SWITCHING) is None
    assert kind(MAY, REFUSAL, body=b"", status=200) is None


def test_a_101_for_what_must_be_refused_is_wrong() -> None:
    assert kind(MUST_NOT, SWITCHING) is Kind.WRONGLY_ACCEPTED


def test_anything_but_a_101_for_what_must_be_accepted_is_wrong() -> None:
    assert kind(MUST, REFUSAL) is Kind.WRONGLY_REFUSED
    assert kind(MUST, REFUSAL, status=200) is Kind.WRONGLY_REFUSED


@pytest.mark.parametrize("case", [MUST, MAY, MUST_NOT])
def test_a_5xx_is_a_server_error_whatever_was_sent(case: Case) -> None:
    assert kind(case, REFUSAL, status=500) is Kind.SERVER_ERROR
    assert kind(case, REFUSAL, status=503) is Kind.SERVER_ERROR


def test_501_and_505_say_that_something_is_not_supported() -> None:
    assert kind(MUST_NOT, REFUSAL, status=501) is None
    assert kind(MUST, REFUSAL, status=505) is Kind.WRONGLY_REFUSED


@pytest.mark.parametrize("case", [MUST, MAY])
def test_a_101_that_a_client_must_not_take_is_a_wrong_answer(case: Case) -> None:
    headers = (*SWITCHING.headers[:2], (b"sec-websocket-accept", b"x"))
    found = outcome(case, SWITCHING, headers=headers)
    assert found.kind is Kind.WRONG_ANSWER
    assert found.came == (
        f"{TOLD}: Sec-WebSocket-Accept does not belong to the key that was sent."
    )


def test_all_that_a_101_lacks_is_told() -> None:
    found = outcome(MUST, SWITCHING, headers=SWITCHING.headers[2:])
    assert found.came == (
        f"{TOLD}: The response has no Upgrade header. "
        "The response has no Connection header."
    )


def test_a_subprotocol_that_was_not_offered_is_a_wrong_answer() -> None:
    headers = (*SWITCHING.headers, (b"sec-websocket-protocol", b"chat"))
    assert kind(MUST, SWITCHING, headers=headers) is Kind.WRONG_ANSWER


def test_a_refusal_that_names_nothing_is_opaque() -> None:
    assert kind(MUST_NOT, REFUSAL, body=b"") is Kind.OPAQUE
    assert kind(MUST_NOT, REFUSAL, status=200) is Kind.OPAQUE


@pytest.mark.parametrize(
    ("status", "header", "clause"),
    [
        (405, "Allow", "RFC 9110 section 15.5.6"),
        (426, "Upgrade", "RFC 9110 section 15.5.22"),
    ],
)
def test_a_refusal_has_what_its_status_demands(
    status: int, header: str, clause: str
) -> None:
    found = outcome(MUST_NOT, REFUSAL, status=status)
    assert found.kind is Kind.WRONG_ANSWER
    assert found.came == f"{status} Bad Request without {header} ({clause})"
    headers = ((header.lower().encode(), b"x"),)
    assert kind(MUST_NOT, REFUSAL, status=status, headers=headers) is None


def test_a_refusal_of_a_version_has_the_versions_that_are_understood() -> None:
    found = outcome(VERSION, REFUSAL)
    assert found.kind is Kind.WRONG_ANSWER
    assert found.came == "400 Bad Request without Sec-WebSocket-Version"
    headers = ((b"sec-websocket-version", b"13"),)
    assert kind(VERSION, REFUSAL, headers=headers) is None


def test_silence_is_a_fault_whatever_was_sent() -> None:
    for case in (MUST, MAY, MUST_NOT):
        found = judged(case, Came(SOUND.head(), silence="no answer in time"))
        assert (found.kind, found.came) == (Kind.UNANSWERED, "no answer in time")


def test_where_there_is_a_choice_to_close_is_one() -> None:
    closed = Came(SOUND.head(), silence=CLOSED)
    assert judged(MAY, closed).kind is None
    assert judged(MAY, closed).came == CLOSED
    assert judged(MUST, closed).kind is judged(MUST_NOT, closed).kind is Kind.UNANSWERED


def test_a_connection_that_did_not_come_about_is_told() -> None:
    found = judged(MAY, Came(SOUND.head(), blocked=Finding(CONNECTION_REFUSED)))
    assert found.kind is Kind.UNANSWERED
    assert found.came == "Nobody listens on this port."


def test_a_phrase_off_the_wire_is_made_printable_and_short() -> None:
    found = outcome(MUST, REFUSAL, phrase=b"\x1b[31m" + b"x" * 99)
    assert found.came == "400 \\x1b[31m" + "x" * 29 + "..."
    assert outcome(MUST, REFUSAL, phrase=b"").came == "400"


def test_every_kind_has_a_meaning() -> None:
    assert MEANINGS.keys() == set(Kind)
