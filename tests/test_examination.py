from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.handshakes import SOUND
from ws_handshake import Policy, Verdict, judge
from ws_handshake.examination import Examiner, _located
from ws_handshake.reasons import HEAD_MALFORMED
from ws_handshake.rules import Finding
from ws_handshake.scopes import HOST_KEY, VERDICT_KEY

if TYPE_CHECKING:
    from ws_handshake.refusal import HandshakeRecord

SHORT_KEY = SOUND.but(b"sec-websocket-key", b"short")
FOREIGN = SOUND.plus(b"origin", b"https://evil.example")


def codes(record: HandshakeRecord | None) -> tuple[str, ...]:
    return record.refusal.codes if record and record.refusal else ()


def refused(scope: dict[str, Any], **options: Any) -> tuple[str, ...]:
    return codes(Examiner(Policy(**options)).refused(scope))


def at_the_door(verdict: Verdict, **more: Any) -> dict[str, Any]:
    return {VERDICT_KEY: verdict, **more}


def test_a_broken_handshake_over_http_is_refused_with_all_findings() -> None:
    assert refused(SOUND.without(b"host", b"upgrade").http_scope()) == (
        *("host_missing", "upgrade_missing"),
    )


def test_what_the_door_has_judged_stands_and_our_policy_is_added() -> None:
    seen = Verdict(SOUND.head(), (Finding(HEAD_MALFORMED, "x"),), None)
    foreign = FOREIGN.http_scope(state=at_the_door(seen))

    assert refused(foreign, allowed_origins=["https://good.example"]) == (
        *("origin_not_allowed", "head_malformed"),
    )
    assert refused(SOUND.http_scope(state=at_the_door(seen))) == ("head_malformed",)


def test_what_the_door_found_too_is_not_said_twice() -> None:
    seen = judge(SHORT_KEY.head())

    assert refused(SHORT_KEY.http_scope(state=at_the_door(seen))) == ("key_malformed",)


def test_a_scope_without_state_is_judged() -> None:
    scope = SHORT_KEY.http_scope()
    del scope["state"]

    assert refused(scope) == ("key_malformed",)


def test_the_doors_verdict_stands_and_our_policy_is_added() -> None:
    scope = FOREIGN.websocket_scope(state=at_the_door(judge(FOREIGN.head())))

    assert refused(scope, allowed_origins=["https://good.example"]) == (
        "origin_not_allowed",
    )
    assert not scope["state"][VERDICT_KEY].accepted


def test_the_doors_verdict_is_the_one_the_app_reads() -> None:
    verdict = judge(SOUND.head())
    scope = SOUND.websocket_scope(state=at_the_door(verdict))

    assert refused(scope) == ()
    assert scope["state"][VERDICT_KEY] is verdict


def test_what_the_door_has_told_in_report_only_is_not_told_again() -> None:
    broken = SHORT_KEY.websocket_scope(state=at_the_door(judge(SHORT_KEY.head())))

    assert refused(broken, report_only=True) == ()


def test_what_another_only_reported_is_refused_by_who_enforces() -> None:
    broken = SHORT_KEY.websocket_scope(state=at_the_door(judge(SHORT_KEY.head())))

    assert refused(broken) == ("key_malformed",)


def test_a_host_that_the_door_wrote_differently_is_put_back() -> None:
    written = SOUND.but(b"host", b"xn-%2Dfa-hia.example")
    state = at_the_door(judge(SOUND.head()), **{HOST_KEY: b"xn--fa-hia.example"})
    scope = written.websocket_scope(state=state)

    assert refused(scope) == ()
    assert dict(scope["headers"])[b"host"] == b"xn--fa-hia.example"
    assert HOST_KEY not in scope["state"]


def test_a_plain_request_is_refused_on_a_declared_path_only() -> None:
    plain = SOUND.asked(headers=((b"host", b"127.0.0.1"),)).http_scope()

    assert refused(plain) == ()
    assert refused(plain, websocket_paths=["/other"]) == ()
    assert refused(plain, websocket_paths=["/ws"]) == ("not_a_handshake",)


def test_something_else_in_the_place_of_the_verdict_is_not_believed() -> None:
    scope = SHORT_KEY.websocket_scope(state={VERDICT_KEY: "accepted"})

    assert refused(scope) == ("key_malformed",)


def test_an_accepted_handshake_over_http2_has_the_status_200() -> None:
    head = SOUND.without(b"upgrade", b"connection", b"sec-websocket-key")
    record = Examiner(Policy()).accepted(head.websocket_scope(http_version="2"))

    assert (record.outcome, record.status, record.refusal) == ("accepted", 200, None)


def test_a_denial_of_the_apps_is_recorded_with_the_status_that_is_sent() -> None:
    examiner = Examiner(Policy())

    assert examiner.denied(SOUND.websocket_scope(), 401).status == 401
    assert codes(examiner.denied(SOUND.websocket_scope(), 401)) == ("denied_by_app",)


def test_a_denial_of_the_apps_is_in_force_whatever_we_only_report() -> None:
    record = Examiner(Policy(report_only=True)).denied(SOUND.websocket_scope(), 403)

    assert record.enforced


@pytest.mark.parametrize(("extensions", "status"), [({}, 403), (None, 403)])
def test_a_refusal_that_becomes_a_close_is_recorded_as_403(
    extensions: dict[str, object] | None, status: int
) -> None:
    scope = SHORT_KEY.websocket_scope(extensions=extensions)
    record = Examiner(Policy()).refused(scope)

    assert record is not None
    assert record.status == status


def test_a_fault_of_our_own_tells_where_and_no_value() -> None:
    record = Examiner(Policy()).refused({"type": "http", "secret": "canary"})

    assert record is not None
    assert codes(record) == ("internal_error",)
    assert record.fault is not None
    assert record.fault.startswith("KeyError in scopes.py:")
    assert "canary" not in repr(record)


def test_a_fault_without_a_trace_is_named_at_least() -> None:
    assert _located(OverflowError("canary")) == "OverflowError"
