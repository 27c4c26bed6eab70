from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.handshakes import VALID
from ws_handshake import Violation, judge
from ws_handshake.core.reasons import (
    CATALOGUE,
    DENIED_BY_APP,
    HEAD_MALFORMED,
    KEY_MALFORMED,
    NOT_A_HANDSHAKE,
    VERSION_DUPLICATED,
    VERSION_MISSING,
    Reason,
)
from ws_handshake.diagnosis.cause import Cause, Certainty, Config
from ws_handshake.diagnosis.causes import HTTP2_CLIENT, OLD_DRAFT
from ws_handshake.outcome import problem as rendering
from ws_handshake.outcome.problem import render
from ws_handshake.outcome.rejection import Denial, Rejection

ONE = Rejection((Violation(KEY_MALFORMED, "5 characters"),))

# More faults than one request can have: one of each field, with long values.
MOST = tuple(
    Violation(reason, "x" * 64)
    for reason in CATALOGUE
    if not reason.code.endswith(("_duplicated", "_missing"))
)


def problem(rejection: Rejection) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(render(rejection, http1=True).body)
    return content


def headers(rejection: Rejection, *, http1: bool = True) -> dict[bytes, bytes]:
    fields = render(rejection, http1=http1).headers
    assert len({*fields}) == len(fields)
    return dict(fields)


def test_one_violation_is_listed_with_its_fix() -> None:
    assert problem(ONE) == {
        "type": "urn:ws-handshake:key_malformed",
        "title": "The Sec-WebSocket-Key header is not base64 of 16 bytes.",
        "status": 400,
        "detail": "Send 16 random bytes in standard base64, padding included.",
        "code": "key_malformed",
        "violations": [
            {
                "code": "key_malformed",
                "header": "Sec-WebSocket-Key",
                "expected": "16 random bytes in base64 (24 characters)",
                "received": "5 characters",
                "fix": "Send 16 random bytes in standard base64, padding included.",
                "rfc": "RFC 6455 section 4.2.1(5)",
            }
        ],
    }


def test_several_violations_are_all_listed_and_the_first_gives_the_status() -> None:
    rejection = Rejection(
        judge(VALID.asked(method="POST").without(b"host").head()).violations
    )
    body = problem(rejection)

    assert (body["status"], body["code"]) == (405, "method_not_get")
    assert body["detail"] == (
        "2 violations in this opening handshake; each is listed with its fix."
    )
    assert [row["code"] for row in body["violations"]] == [
        *("method_not_get", "host_missing"),
    ]


def test_the_headers_are_those_of_a_response_that_must_not_be_kept() -> None:
    assert headers(ONE) == {
        b"content-type": b"application/problem+json",
        b"content-length": b"%d" % len(render(ONE, http1=True).body),
        b"cache-control": b"no-store",
        b"x-content-type-options": b"nosniff",
        b"websocket-handshake-error": b"key_malformed",
        b"connection": b"close",
    }


def test_over_http2_no_field_is_connection_specific() -> None:
    plain = Rejection((Violation(NOT_A_HANDSHAKE),))

    assert not headers(ONE, http1=False).keys() & {b"connection", b"upgrade"}
    assert not headers(plain, http1=False).keys() & {b"connection", b"upgrade"}


def test_426_names_the_protocol_as_it_must() -> None:
    plain = Rejection((Violation(NOT_A_HANDSHAKE),))

    assert headers(plain)[b"upgrade"] == b"websocket"
    fields = render(plain, http1=True).headers
    lines = [value for name, value in fields if name == b"connection"]
    assert lines == [b"upgrade", b"close"]


def test_a_version_fault_brings_the_version_we_speak_once() -> None:
    both = Rejection((Violation(VERSION_MISSING), Violation(VERSION_DUPLICATED)))

    assert headers(both)[b"sec-websocket-version"] == b"13"


@pytest.mark.parametrize("reason", CATALOGUE, ids=lambda reason: reason.code)
def test_no_rejection_has_a_field_that_an_acceptance_has(reason: Reason) -> None:
    fields = headers(Rejection((Violation(reason, "x"),)))

    assert (b"upgrade" in fields) == (reason.status == 426)
    assert not fields.keys() & {
        b"sec-websocket-accept",
        b"sec-websocket-protocol",
        b"sec-websocket-extensions",
    }


@pytest.mark.parametrize("number", range(1, len(MOST) + 1))
def test_however_many_violations_the_body_stays_small_and_names_them_all(
    number: int,
) -> None:
    rejection = Rejection(MOST[:number], "https://docs.example.com/reasons")
    body = render(rejection, http1=True).body

    assert len(body) <= 2048
    assert body.isascii()
    assert [row["code"] for row in json.loads(body)["violations"]] == list(
        rejection.codes
    )


def test_a_full_body_leaves_out_what_it_can_do_without() -> None:
    kept = [
        set(problem(Rejection(MOST[:n]))["violations"][0]) for n in (1, 8, len(MOST))
    ]

    assert kept[0] == {"code", "header", "expected", "received", "fix", "rfc"}
    assert kept[1] < kept[0]
    assert {"code", "header"} <= kept[2] < kept[1]


def test_the_cause_stands_beside_the_faults_with_its_fix() -> None:
    rejection = Rejection(ONE.violations, None, (OLD_DRAFT,))

    assert problem(rejection)["cause"] == {
        "code": "old_draft",
        "certainty": "certain",
        "detail": "The client speaks a draft from before RFC 6455 (2011).",
        "fix": "Update the client, or the library that it uses.",
    }
    assert "cause" not in problem(ONE)


def test_what_an_application_said_is_a_member() -> None:
    denial = Denial(4403, "loopback only")
    rejection = Rejection((Violation(DENIED_BY_APP),), None, (), denial)

    member = problem(rejection)["denial"]
    assert member == {"close_code": 4403, "reason": "loopback only"}
    assert "denial" not in problem(rejection._replace(denial=None))


def test_of_two_causes_that_look_alike_the_likelier_stands_first() -> None:
    other = HTTP2_CLIENT.as_certain_as(Certainty.POSSIBLE)
    rejection = Rejection(ONE.violations, None, (OLD_DRAFT, other))
    cause = problem(rejection)["cause"]

    assert cause["code"] == "old_draft"
    assert cause["alternative"]["code"] == "http2_client"
    assert cause["alternative"]["certainty"] == "possible"


LINES = Config("nginx, location { }", "proxy_set_header Upgrade $http_upgrade;\n" * 3)
LONG = Cause("long", "d" * 180, "f" * 190, Certainty.LIKELY, (LINES,))


def test_the_lines_to_paste_stand_in_the_cause_each_with_its_place() -> None:
    cause = problem(Rejection(ONE.violations, None, (LONG, LONG)))["cause"]

    assert cause["config"] == [{"place": LINES.place, "lines": LINES.lines}]
    assert cause["alternative"]["config"] == cause["config"]
    assert "config" not in problem(Rejection(ONE.violations, None, (OLD_DRAFT,)))


def test_the_detail_begins_with_the_cause_and_says_how_sure_it_is() -> None:
    sure = Rejection(ONE.violations, None, (OLD_DRAFT,))
    unsure = OLD_DRAFT.as_certain_as(Certainty.POSSIBLE)

    assert problem(sure)["detail"] == OLD_DRAFT.detail
    assert problem(Rejection(ONE.violations, None, (unsure,)))["detail"] == (
        "The client speaks a draft from before RFC 6455 (2011) (possible)."
    )


def test_with_two_causes_the_body_stays_small_too() -> None:
    full = Rejection(MOST, "https://docs.example.com", (LONG, LONG))
    body = render(full, http1=True).body

    assert len(body) <= 2048
    cause = json.loads(body)["cause"]
    assert cause["code"] == "long"
    assert "alternative" not in cause


@pytest.mark.parametrize(
    ("number", "members", "alternative"),
    [
        (2, {"rfc", "fix", "expected", "received"}, True),
        (3, {"expected", "received"}, False),
        (5, {"received"}, False),
        (6, set(), False),
    ],
)
def test_the_lines_to_paste_are_among_what_is_left_out_last(
    number: int,
    members: set[str],
    alternative: bool,  # noqa: FBT001  (a parameter of the test)
) -> None:
    shown = problem(Rejection(MOST[:number], None, (LONG, LONG)))

    kept = set(shown["violations"][0]) - {"code", "header"}
    assert kept == members
    assert "config" in shown["cause"]
    assert ("config" in shown["cause"]["alternative"]) is alternative


def test_what_has_no_room_for_any_lines_has_none() -> None:
    huge = LONG.as_certain_as(Certainty.LIKELY, config=(LINES,) * 12)
    cause = problem(Rejection(ONE.violations, None, (huge, huge)))["cause"]

    assert set(cause) == {"code", "certainty", "detail", "fix"}


def test_docs_url_makes_the_type_a_link() -> None:
    rejection = Rejection(ONE.violations, "https://docs.example.com/reasons")

    assert (
        problem(rejection)["type"] == "https://docs.example.com/reasons/key_malformed"
    )


def test_a_protocol_class_writes_the_response_as_bytes() -> None:
    response = render(Rejection((Violation(HEAD_MALFORMED),)), http1=True)
    head, _, body = response.to_http1(
        method="GET", extra=[(b"server", b"uvicorn")]
    ).partition(b"\r\n\r\n")

    assert head.split(b"\r\n")[:2] == [b"HTTP/1.1 400 Bad Request", b"server: uvicorn"]
    assert body == response.body


def test_the_response_to_head_ends_with_its_headers() -> None:
    response = render(ONE, http1=True).to_http1(method="HEAD")

    assert response.endswith(b"connection: close\r\n\r\n")


def test_the_whole_problem_has_what_a_response_may_have_no_room_for() -> None:
    full = Rejection(MOST)
    members = ["code", "header", "expected", "received", "fix", "rfc"]
    whole: Any = rendering.problem(full)

    assert rendering.problem(ONE) == problem(ONE)
    assert set(problem(full)["violations"][0]) < set(members)
    assert all(list(violation) == members for violation in whole["violations"])
