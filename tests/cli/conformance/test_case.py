"""A case of the conformance catalogue, and the template it is made of."""

from __future__ import annotations

from tests.support.conformance_proof import PLACES
from ws_handshake.cli.conformance.case import (
    HOST,
    KEY,
    ORIGIN,
    PROTOCOL,
    VALID,
    VERSION,
    Case,
    Template,
    accepted,
    either,
    rejected,
)


def _names(template: Template) -> list[bytes]:
    return [name for name, _ in template.fields]


def test_a_line_replaces_another() -> None:
    bent = VALID.but(HOST, b"a", b"b")
    assert bent.fields[:2] == ((HOST, b"a"), (HOST, b"b"))
    assert _names(bent)[2:] == _names(VALID)[1:]


def test_a_line_that_was_not_there_comes_at_the_end() -> None:
    assert VALID.but(b"X-Note", b"1").fields == (*VALID.fields, (b"X-Note", b"1"))


def test_lines_are_left_out_and_added() -> None:
    bent = VALID.without(KEY, VERSION).plus(b"X", b"1", b"2")
    assert _names(bent) == [HOST, b"Upgrade", b"Connection", b"X", b"X"]


def test_what_a_case_changes_is_not_added_by_the_options() -> None:
    assert VALID.added == b"{headers}{origin}{subprotocols}"
    assert VALID.but(ORIGIN, b"null").added == b"{headers}{subprotocols}"
    assert VALID.but(PROTOCOL, b"").added == b"{headers}{origin}"


def test_the_bytes_have_the_body_after_the_head() -> None:
    bent = Template(fields=((HOST, b"{host}"),)).carrying(b"body")
    assert bent.asked(b"POST {path} HTTP/1.1").wire() == (
        b"POST {path} HTTP/1.1\r\nHost: {host}\r\n"
        b"{headers}{origin}{subprotocols}\r\nbody"
    )


def test_braces_that_are_no_placeholder_are_sent_unchanged() -> None:
    case = Case("a", "A.", b"{host} {room} {", "either", "RFC 1")
    assert case.filled(PLACES) == b"127.0.0.1:8000 {room} {"


def test_a_rejection_has_the_clause_of_its_first_code_unless_it_has_its_own() -> None:
    rows = {"a": ("A.", b"raw")}
    assert rejected("key_malformed version_missing", rows) == (
        Case(
            name="a",
            sentence="A.",
            template=b"raw",
            expected="reject",
            rfc="RFC 6455 section 4.2.1(5)",
            codes=("key_malformed", "version_missing"),
        ),
    )
    (other,) = rejected("key_malformed", rows, rfc="RFC 1", needs="Allow")
    assert (other.rfc, other.needs) == ("RFC 1", "Allow")


def test_what_must_be_accepted_and_what_may_be_have_no_code() -> None:
    rows = {"a": ("A.", VALID)}
    assert accepted("RFC 1", rows) == (
        Case("a", "A.", VALID.wire(), "accept", "RFC 1"),
    )
    assert either("RFC 1", rows) == (Case("a", "A.", VALID.wire(), "either", "RFC 1"),)
