"""The conformance catalogue as a whole."""

from __future__ import annotations

import base64
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.support.conformance_proof import PLACES, codes_of, unproved
from tests.support.protocols import observed_echo, talk
from ws_handshake.cli.conformance.cases import CASES, FIRST, Case, read_cases, template
from ws_handshake.core.reasons import CATALOGUE
from ws_handshake.uvicorn import H11Protocol, HttpToolsProtocol

if TYPE_CHECKING:
    from tests.support.wires import Response

# What a handshake cannot show: an operator's policy, an application, HTTP/2, or what is
# too large for a server.
NOT_SENT = {
    *("origin_missing", "origin_not_allowed", "origin_duplicated"),
    *("extensions_malformed", "headers_too_large", "http1_handshake_over_http2"),
    *("not_a_handshake", "server_did_not_upgrade", "denied_by_app"),
    *("app_did_not_respond", "internal_error"),
}


def test_there_are_100_to_200_handshakes_each_with_a_name_of_its_own() -> None:
    names = Counter(case.name for case in CASES)
    assert 100 <= len(CASES) <= 200
    assert [name for name, times in names.items() if times > 1] == []


def test_the_first_is_the_valid_one() -> None:
    assert CASES[0] is FIRST
    assert FIRST.expected == "accept"
    assert codes_of(FIRST) == ()


def test_the_rules_say_the_same_of_every_handshake() -> None:
    assert unproved(CASES) == {}
    assert sum(case.expected == "accept" for case in CASES) >= 40
    assert sum(case.expected == "reject" for case in CASES) >= 100


def test_every_handshake_has_a_sentence_and_a_clause() -> None:
    wrong = [
        case.name
        for case in CASES
        if not (case.sentence.endswith(".") and case.rfc.startswith("RFC "))
    ]
    assert wrong == []


def test_only_a_rejection_has_codes_and_every_rejection_has_one() -> None:
    assert {case.expected for case in CASES if case.codes} == {"reject"}
    assert all(case.codes for case in CASES if case.expected == "reject")


def test_every_reason_that_a_handshake_can_show_is_sent() -> None:
    sent = {code for case in CASES for code in case.codes}
    assert {reason.code for reason in CATALOGUE} == sent | NOT_SENT
    assert sent.isdisjoint(NOT_SENT)


def test_nothing_is_sent_but_a_handshake_and_its_body() -> None:
    longest = max(len(case.template) for case in CASES)
    assert longest < 80_000


def test_the_placeholders_are_filled_in_and_nothing_else_changes() -> None:
    key = base64.b64encode(bytes(16))
    sent = FIRST.filled({**PLACES, "key": key, "headers": b"Cookie: {key}\r\n"})
    assert sent == (
        b"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:8000\r\nUpgrade: websocket\r\n"
        b"Connection: Upgrade\r\nSec-WebSocket-Key: " + key + b"\r\n"
        b"Sec-WebSocket-Version: 13\r\nCookie: {key}\r\n\r\n"
    )


@pytest.mark.parametrize("protocol", [H11Protocol, HttpToolsProtocol])
def test_our_protocol_classes_do_what_the_catalogue_expects(
    protocol: type[H11Protocol | HttpToolsProtocol],
) -> None:
    app = observed_echo()[0]
    responses = {case: talk(protocol, app, case.filled(PLACES)) for case in CASES}
    wrong = {
        case.name: response.codes
        for case, response in responses.items()
        if not _is_as_expected(case, response)
    }
    assert wrong == {}


def _is_as_expected(case: Case, response: Response) -> bool:
    if case.expected == "either":
        return response.status is not None
    accepted = case.expected == "accept"
    return (response.status == 101) is accepted and response.codes == case.codes


HEAD = (
    b"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\n"
    b"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
)
ADDED = b"{headers}{origin}{subprotocols}\r\n"
KEY = b"Sec-WebSocket-Key: {key}\r\n"

CHANGES = [
    ("POST / HTTP/1.1", HEAD.replace(b"GET {path}", b"POST /") + ADDED),
    ("Host: a", HEAD.replace(b"{host}", b"a") + ADDED),
    ("Host: a\nHost:", HEAD.replace(b"{host}", b"a\r\nHost: ") + ADDED),
    ("X-Note: 1", HEAD + b"X-Note: 1\r\n" + ADDED),
    ("X-Note : \\t\\xff", HEAD + b"X-Note : \t\xff\r\n" + ADDED),
    ("X-Note: [ab x 3]", HEAD + b"X-Note: ababab\r\n" + ADDED),
    ("- Sec-WebSocket-Key", HEAD.replace(KEY, b"") + ADDED),
    ("- Sec-WebSocket-Key\n+ Host: b", HEAD.replace(KEY, b"") + b"Host: b\r\n" + ADDED),
    ("> body", HEAD + ADDED + b"body"),
    ("s/: /:/", HEAD.replace(b": ", b":") + ADDED),
    ("Origin: null", HEAD + b"Origin: null\r\n{headers}{subprotocols}\r\n"),
    (
        "Sec-WebSocket-Protocol: a",
        HEAD + b"Sec-WebSocket-Protocol: a\r\n{headers}{origin}\r\n",
    ),
]


@pytest.mark.parametrize(("changes", "sent"), CHANGES)
def test_a_handshake_is_changed_line_by_line(changes: str, sent: bytes) -> None:
    assert template() == HEAD + ADDED
    assert template(changes.split("\n")) == sent


def test_braces_that_are_no_placeholder_are_sent_unchanged() -> None:
    case = Case("a", "A.", b"{host} {room} {", "either", "RFC 1")
    assert case.filled(PLACES) == b"127.0.0.1:8000 {room} {"


GROUPS = """\
accept | RFC 1: valid
  a: A: b.
  b: B.
    > b

reject key_malformed version_missing
  c: C.

reject key_malformed | RFC 2 | Allow
  d: D.
"""


def test_a_group_says_what_must_come_back() -> None:
    codes = ("key_malformed", "version_missing")
    assert list(read_cases(GROUPS)) == [
        Case("a", "A: b.", template(), "accept", "RFC 1: valid"),
        Case("b", "B.", template(["> b"]), "accept", "RFC 1: valid"),
        Case("c", "C.", template(), "reject", "RFC 6455 section 4.2.1(5)", codes),
        Case("d", "D.", template(), "reject", "RFC 2", codes[:1], "Allow"),
    ]
