"""What a response means for a handshake of the conformance catalogue."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.handshakes import ACCEPT, VALID
from ws_handshake.cli.client.failures import CONNECTION_REFUSED, Failure
from ws_handshake.cli.client.response import Response
from ws_handshake.cli.conformance.cases import CASES, Case
from ws_handshake.cli.conformance.judgement import (
    MEANINGS,
    WORDS,
    Kind,
    judged,
    names_violation,
)
from ws_handshake.cli.conformance.send import CLOSED, Reply

if TYPE_CHECKING:
    from ws_handshake.cli.conformance.judgement import Outcome
    from ws_handshake.core.request import RequestHead

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

SENT = VALID.head()
BARE = Response("1.1", 400, b"Bad Request")


def outcome(case: Case, response: Response, **changes: Any) -> Outcome:
    return judged(case, Reply(VALID.head(), replace(response, **changes)))


def kind(case: Case, response: Response, **changes: Any) -> Kind | None:
    return outcome(case, response, **changes).kind


def test_a_right_outcome_is_no_failure() -> None:
    assert outcome(MUST, SWITCHING).received == REPORTED
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
    assert found.received == (
        f"{REPORTED}: Sec-WebSocket-Accept does not belong to the key that was sent."
    )


def test_all_that_a_101_lacks_is_reported() -> None:
    found = outcome(MUST, SWITCHING, headers=SWITCHING.headers[2:])
    assert found.received == (
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
    assert found.received == f"{status} Bad Request without {header} ({clause})"
    headers = ((header.lower().encode(), b"x"),)
    assert kind(MUST_NOT, REJECTION, status=status, headers=headers) is None


def test_a_rejection_of_a_version_names_the_supported_versions() -> None:
    found = outcome(VERSION, REJECTION)
    assert found.kind is Kind.WRONG_RESPONSE
    assert found.received == "400 Bad Request without Sec-WebSocket-Version"
    headers = ((b"sec-websocket-version", b"13"),)
    assert kind(VERSION, REJECTION, headers=headers) is None


def test_silence_is_a_failure_whatever_was_sent() -> None:
    for case in (MUST, MAY, MUST_NOT):
        found = judged(case, Reply(VALID.head(), silence="no response in time"))
        assert (found.kind, found.received) == (
            Kind.NO_RESPONSE,
            "no response in time",
        )


def test_where_there_is_a_choice_closing_is_one() -> None:
    closed = Reply(VALID.head(), silence=CLOSED)
    assert judged(MAY, closed).kind is None
    assert judged(MAY, closed).received == CLOSED
    assert (
        judged(MUST, closed).kind is judged(MUST_NOT, closed).kind is Kind.NO_RESPONSE
    )


def test_a_connection_that_was_not_made_is_reported() -> None:
    found = judged(MAY, Reply(VALID.head(), blocked=Failure(CONNECTION_REFUSED)))
    assert found.kind is Kind.NO_RESPONSE
    assert found.received == "Nothing is listening on this port."


def test_a_reason_phrase_is_made_printable_and_short() -> None:
    found = outcome(MUST, REJECTION, phrase=b"\x1b[31m" + b"x" * 99)
    assert found.received == "400 \\x1b[31m" + "x" * 29 + "..."
    assert outcome(MUST, REJECTION, phrase=b"").received == "400"


def test_every_kind_has_a_meaning() -> None:
    assert MEANINGS.keys() == set(Kind)


def named(
    code: str, body: bytes = b"", *, sent: RequestHead = SENT, **changes: Any
) -> bool:
    return names_violation((code,), sent, replace(BARE, body=body, **changes))


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("key_malformed", b"Invalid Sec-WebSocket-Key"),
        ("key_missing", b"<p>No KEY</p>"),
        ("key_malformed", b'{"code":"key_malformed"}'),
        ("version_missing", b"unsupported version"),
        ("method_not_get", b"method must be GET"),
        ("http_version_too_old", b"needs HTTP/1.1"),
        ("host_duplicated", b"two hosts"),
        ("upgrade_missing", b"Can upgrade only to WebSocket"),
        ("connection_not_upgrade", b"bad Connection"),
        ("subprotocol_malformed", b"bad subprotocol"),
        ("body_unexpected", b"Content-Length is odd"),
        ("head_malformed", b"Invalid HTTP request received."),
    ],
)
def test_a_body_names_a_violation_by_a_word(code: str, body: bytes) -> None:
    assert named(code, body) is True


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("key_malformed", b""),
        ("key_malformed", b"Bad Request"),
        ("key_malformed", b"monkey business"),
        ("key_malformed", b'<a href="/key">No</a>'),
        ("body_unexpected", b"<body>Bad Request</body>"),
        ("subprotocol_malformed", b"protocol error"),
    ],
)
def test_a_body_that_says_something_else_is_opaque(code: str, body: bytes) -> None:
    assert named(code, body) is False


def test_a_reason_phrase_and_a_header_for_errors_are_read() -> None:
    assert named("host_missing", phrase=b"HTTP Host header missing") is True
    reject = ((b"x-websocket-reject-reason", b"no key"),)
    assert named("key_missing", headers=reject) is True
    assert named("key_missing", headers=((b"server", b"keyserver"),)) is False


def test_a_value_that_is_repeated_names_the_violation() -> None:
    sent = VALID.but(b"sec-websocket-key", b"Sample").head()
    assert named("key_malformed", b"Handshake error: 'sample'", sent=sent) is True
    short = VALID.but(b"sec-websocket-key", b"ab").head()
    assert named("key_malformed", b"about", sent=short) is False


def test_a_status_that_is_made_for_the_violation_counts() -> None:
    assert named("method_not_get", status=405, phrase=b"") is True
    assert named("method_not_get", status=501, phrase=b"") is True
    assert named("http_version_too_old", status=505, phrase=b"") is True
    assert named("key_missing", status=405, phrase=b"") is False


def test_a_header_that_is_made_for_the_violation_counts() -> None:
    assert named("method_not_get", headers=((b"allow", b"GET"),)) is True
    ours = ((b"sec-websocket-version", b"13"),)
    assert named("version_unsupported", headers=ours) is True
    assert named("key_malformed", headers=ours) is False


def test_a_status_below_400_names_nothing() -> None:
    assert named("key_missing", b"the key is missing", status=200) is False


def test_one_of_several_violations_is_enough() -> None:
    response = Response("1.1", 400, b"", (), b"no key")
    assert names_violation(("key_missing", "version_missing"), SENT, response) is True
    assert names_violation(("host_missing", "version_missing"), SENT, response) is False


def test_there_is_a_word_for_every_code_of_the_catalogue() -> None:
    codes = {code for case in CASES for code in case.codes}
    assert {c if c in WORDS else c.partition("_")[0] for c in codes} == WORDS.keys()
