"""What a response means for a handshake of the conformance catalogue."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.handshakes import ACCEPT, VALID
from ws_handshake.cli.client.failures import CONNECTION_REFUSED, Failure
from ws_handshake.cli.client.response import Response
from ws_handshake.cli.conformance.case import Case
from ws_handshake.cli.conformance.judgement import MEANINGS, Kind, judged
from ws_handshake.cli.conformance.send import CLOSED, Came

if TYPE_CHECKING:
    from ws_handshake.cli.conformance.judgement import Outcome

MUST = Case("a", "A.", b"", "accept", "RFC 1")
MAY = replace(MUST, expected="either")
MUST_NOT = replace(MUST, expected="reject", codes=("key_malformed",))
VERSION = replace(
    MUST_NOT, codes=("version_unsupported",), needs="Sec-WebSocket-Version"
)

SWITCHING = Response(
    "1.1",
    101,
    b"Switching Protocols",
    (
        (b"upgrade", b"websocket"),
        (b"connection", b"Upgrade"),
        (b"sec-websocket-accept", ACCEPT.encode()),
    ),
)
REJECTION = Response("1.1", 400, b"Bad Request", (), b"no key")
REPORTED = "101 Switching Protocols"


def outcome(case: Case, response: Response, **changes: Any) -> Outcome:
    return judged(case, Came(VALID.head(), replace(response, **changes)))


def kind(case: Case, response: Response, **changes: Any) -> Kind | None:
    return outcome(case, response, **changes).kind


def test_what_comes_out_as_it_should_is_no_fault() -> None:
    assert outcome(MUST, SWITCHING).came == REPORTED
    assert outcome(MUST, SWITCHING).status == 101
    assert kind(MUST, SWITCHING) is None
    assert kind(MUST_NOT, REJECTION) is None


def test_where_there_is_a_choice_both_are_right() -> None:
    assert kind(MAY, SWITCHING) is None
    assert kind(MAY, REJECTION, body=b"", status=200) is None


def test_a_101_for_what_must_be_rejected_is_wrong() -> None:
    assert kind(MUST_NOT, SWITCHING) is Kind.WRONGLY_ACCEPTED


def test_anything_but_a_101_for_what_must_be_accepted_is_wrong() -> None:
    assert kind(MUST, REJECTION) is Kind.WRONGLY_REJECTED
    assert kind(MUST, REJECTION, status=200) is Kind.WRONGLY_REJECTED


@pytest.mark.parametrize("case", [MUST, MAY, MUST_NOT])
def test_a_5xx_is_a_server_error_whatever_was_sent(case: Case) -> None:
    assert kind(case, REJECTION, status=500) is Kind.SERVER_ERROR
    assert kind(case, REJECTION, status=503) is Kind.SERVER_ERROR


def test_501_and_505_say_that_something_is_not_supported() -> None:
    assert kind(MUST_NOT, REJECTION, status=501) is None
    assert kind(MUST, REJECTION, status=505) is Kind.WRONGLY_REJECTED


@pytest.mark.parametrize("case", [MUST, MAY])
def test_a_101_that_a_client_must_not_take_is_a_wrong_response(case: Case) -> None:
    headers = (*SWITCHING.headers[:2], (b"sec-websocket-accept", b"x"))
    found = outcome(case, SWITCHING, headers=headers)
    assert found.kind is Kind.WRONG_RESPONSE
    assert found.came == (
        f"{REPORTED}: Sec-WebSocket-Accept does not belong to the key that was sent."
    )


def test_all_that_a_101_lacks_is_reported() -> None:
    found = outcome(MUST, SWITCHING, headers=SWITCHING.headers[2:])
    assert found.came == (
        f"{REPORTED}: The response has no Upgrade header. "
        "The response has no Connection header."
    )


def test_a_subprotocol_that_was_not_offered_is_a_wrong_response() -> None:
    headers = (*SWITCHING.headers, (b"sec-websocket-protocol", b"chat"))
    assert kind(MUST, SWITCHING, headers=headers) is Kind.WRONG_RESPONSE


def test_a_rejection_that_names_nothing_is_opaque() -> None:
    assert kind(MUST_NOT, REJECTION, body=b"") is Kind.OPAQUE
    assert kind(MUST_NOT, REJECTION, status=200) is Kind.OPAQUE


@pytest.mark.parametrize(
    ("status", "header", "clause"),
    [
        (405, "Allow", "RFC 9110 section 15.5.6"),
        (426, "Upgrade", "RFC 9110 section 15.5.22"),
    ],
)
def test_a_rejection_has_what_its_status_demands(
    status: int, header: str, clause: str
) -> None:
    found = outcome(MUST_NOT, REJECTION, status=status)
    assert found.kind is Kind.WRONG_RESPONSE
    assert found.came == f"{status} Bad Request without {header} ({clause})"
    headers = ((header.lower().encode(), b"x"),)
    assert kind(MUST_NOT, REJECTION, status=status, headers=headers) is None


def test_a_rejection_of_a_version_has_the_versions_that_are_understood() -> None:
    found = outcome(VERSION, REJECTION)
    assert found.kind is Kind.WRONG_RESPONSE
    assert found.came == "400 Bad Request without Sec-WebSocket-Version"
    headers = ((b"sec-websocket-version", b"13"),)
    assert kind(VERSION, REJECTION, headers=headers) is None


def test_silence_is_a_fault_whatever_was_sent() -> None:
    for case in (MUST, MAY, MUST_NOT):
        found = judged(case, Came(VALID.head(), silence="no response in time"))
        assert (found.kind, found.came) == (
            Kind.WITHOUT_RESPONSE,
            "no response in time",
        )


def test_where_there_is_a_choice_to_close_is_one() -> None:
    closed = Came(VALID.head(), silence=CLOSED)
    assert judged(MAY, closed).kind is None
    assert judged(MAY, closed).came == CLOSED
    assert (
        judged(MUST, closed).kind
        is judged(MUST_NOT, closed).kind
        is Kind.WITHOUT_RESPONSE
    )


def test_a_connection_that_did_not_come_about_is_reported() -> None:
    found = judged(MAY, Came(VALID.head(), blocked=Failure(CONNECTION_REFUSED)))
    assert found.kind is Kind.WITHOUT_RESPONSE
    assert found.came == "Nobody listens on this port."


def test_a_phrase_off_the_wire_is_made_printable_and_short() -> None:
    found = outcome(MUST, REJECTION, phrase=b"\x1b[31m" + b"x" * 99)
    assert found.came == "400 \\x1b[31m" + "x" * 29 + "..."
    assert outcome(MUST, REJECTION, phrase=b"").came == "400"


def test_every_kind_has_a_meaning() -> None:
    assert MEANINGS.keys() == set(Kind)
