"""A rejection by our middleware, read from its response."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.handshakes import VALID
from ws_handshake import judge
from ws_handshake.cli.client.problem import Problem, Violation, problem_of
from ws_handshake.cli.client.response import Response
from ws_handshake.core.policy import Policy
from ws_handshake.diagnosis.cause import Cause, Certainty, Config
from ws_handshake.diagnosis.signatures import diagnose
from ws_handshake.outcome.problem import render
from ws_handshake.outcome.rejection import Rejection

STRIPPED = VALID.without(b"upgrade", b"connection")
ERROR = (b"WebSocket-Handshake-Error", b"key_missing, version_missing")

KEY_MISSING = Violation(
    code="key_missing",
    what="The Sec-WebSocket-Key header is missing.",
    expected="16 random bytes in base64 (24 characters)",
    received="",
    fix="Send Sec-WebSocket-Key with 16 fresh random bytes in base64.",
    rfc="RFC 6455 section 4.2.1(5)",
)


def test_what_our_own_code_writes_is_read_completely() -> None:
    request = STRIPPED.head()
    violations = judge(request).violations
    causes = diagnose(request, frozenset(f.reason for f in violations), Policy())
    response = render(Rejection(violations, None, causes), http1=True)
    problem = problem_of(
        Response("1.1", response.status, b"", response.headers, response.body)
    )

    assert problem is not None
    assert problem.codes == "upgrade_missing, connection_missing"
    assert [v.fix for v in problem.violations] == [f.reason.fix for f in violations]
    assert [v.what for v in problem.violations] == [f.reason.what for f in violations]
    assert problem.causes == causes


def test_two_causes_are_both_read() -> None:
    cause = {"code": "a", "certainty": "likely", "detail": "d", "fix": "f"}
    body = json.dumps(
        {"cause": {**cause, "alternative": {**cause, "code": "b"}}}
    ).encode()
    problem = problem_of(Response("1.1", 400, headers=(ERROR,), body=body))

    assert problem is not None
    assert problem.causes == (
        Cause("a", "d", "f", Certainty.LIKELY),
        Cause("b", "d", "f", Certainty.LIKELY),
    )


def test_without_a_body_header_and_catalogue_are_used() -> None:
    problem = problem_of(Response("2", 400, headers=(ERROR,)))

    assert problem is not None
    assert problem.codes == "key_missing, version_missing"
    assert problem.violations[0] == KEY_MISSING


def test_a_response_of_another_server_is_not_ours() -> None:
    body = b'{"violations": [{"code": "key_missing"}]}'

    assert problem_of(Response("1.1", 400, body=body)) is None


def test_a_code_that_is_newer_than_we_are_is_shown_without_words() -> None:
    headers = ((b"websocket-handshake-error", b"from_the_future"),)
    problem = problem_of(Response("1.1", 400, headers=headers))

    assert problem == Problem((Violation("from_the_future", "", "", "", "", ""),), ())


def test_a_document_that_lies_cannot_move_the_cursor() -> None:
    row = {"code": "x\x1b[2J", "expected": "\x07", "received": 5, "fix": "\u202eabc"}
    body = json.dumps({"violations": [row], "cause": {"code": "\x1b"}}).encode()
    problem = problem_of(Response("1.1", 400, headers=(ERROR,), body=body))

    assert problem == Problem(
        (Violation("x\\x1b[2J", "", "\\x07", "", "\\u202eabc", ""),),
        (Cause("\\x1b", "", "", Certainty.POSSIBLE),),
    )


@pytest.mark.parametrize(
    "body", [b"", b"[" * 5000, b"[]", b'{"violations": 5}', b'{"cause": []}', b"\xff"]
)
def test_a_body_that_is_no_problem_leaves_the_header(body: bytes) -> None:
    problem = problem_of(Response("1.1", 400, headers=(ERROR,), body=body))

    assert problem is not None
    assert problem.codes == "key_missing, version_missing"
    assert problem.causes == ()


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["violations", "code", "cause", "alternative", "fix"]),
            inner,
        )
    ),
    max_leaves=10,
)


@given(_json)
def test_no_document_makes_it_raise(document: object) -> None:
    body = json.dumps(document).encode()

    assert problem_of(Response("1.1", 400, headers=(ERROR,), body=body)) is not None


def test_the_lines_to_paste_are_read_one_by_one() -> None:
    config = [{"place": "nginx", "lines": "a;\n  b\x1b;"}, {"place": 5}, "x"]
    cause = {"code": "a", "certainty": "likely", "config": config}
    body = json.dumps({"cause": cause}).encode()
    problem = problem_of(Response("1.1", 400, headers=(ERROR,), body=body))

    assert problem is not None
    assert problem.causes[0].config == (
        Config("nginx", "a;\n  b\\x1b;"),
        Config("", ""),
    )
