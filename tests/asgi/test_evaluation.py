from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.handshakes import VALID
from ws_handshake import Policy, Verdict, judge
from ws_handshake.asgi.evaluation import Evaluation
from ws_handshake.asgi.scope import VERDICT_KEY, HandedOver, Over, PassedOn
from ws_handshake.core.reasons import HEAD_MALFORMED
from ws_handshake.core.violation import Violation

if TYPE_CHECKING:
    from ws_handshake.outcome.record import HandshakeRecord

SHORT_KEY = VALID.but(b"sec-websocket-key", b"short")
FOREIGN = VALID.plus(b"origin", b"https://evil.example")


def codes(record: HandshakeRecord | None) -> tuple[str, ...]:
    return record.rejection.codes if record and record.rejection else ()


def rejected(scope: dict[str, Any], **options: Any) -> tuple[str, ...]:
    return codes(Evaluation(Policy(**options)).rejected(scope))


def at_the_protocol(verdict: Verdict) -> dict[str, Any]:
    return {VERDICT_KEY: verdict}


def passed_on(verdict: Verdict) -> dict[str, Any]:
    return at_the_protocol(PassedOn(*verdict))


def handed_over(verdict: Verdict, host: bytes) -> dict[str, Any]:
    altered = HandedOver(*verdict)
    altered.host = host
    return at_the_protocol(altered)


def test_a_broken_handshake_over_http_is_rejected_with_all_violations() -> None:
    assert rejected(VALID.without(b"host", b"upgrade").http_scope()) == (
        *("host_missing", "upgrade_missing"),
    )


def test_a_valid_handshake_that_came_as_http_was_not_upgraded() -> None:
    assert rejected(VALID.http_scope()) == ("server_did_not_upgrade",)


def test_what_the_protocol_class_has_judged_stands_and_our_policy_is_added() -> None:
    seen = Verdict(VALID.head(), (Violation(HEAD_MALFORMED, "x"),), None)
    foreign = FOREIGN.http_scope(state=at_the_protocol(seen))

    assert rejected(foreign, allowed_origins=["https://good.example"]) == (
        *("origin_not_allowed", "head_malformed"),
    )
    assert rejected(VALID.http_scope(state=at_the_protocol(seen))) == (
        "head_malformed",
    )


def test_what_the_protocol_class_found_too_is_not_named_twice() -> None:
    seen = judge(SHORT_KEY.head())

    assert rejected(SHORT_KEY.http_scope(state=at_the_protocol(seen))) == (
        "key_malformed",
    )


def test_a_scope_without_state_is_judged() -> None:
    scope = SHORT_KEY.http_scope()
    del scope["state"]

    assert rejected(scope) == ("key_malformed",)


def test_the_protocol_classes_verdict_stands_and_our_policy_is_added() -> None:
    scope = FOREIGN.websocket_scope(state=at_the_protocol(judge(FOREIGN.head())))

    assert rejected(scope, allowed_origins=["https://good.example"]) == (
        "origin_not_allowed",
    )
    assert not scope["state"][VERDICT_KEY].accepted


def test_the_protocol_classes_verdict_is_the_one_the_app_reads() -> None:
    verdict = judge(VALID.head())
    scope = VALID.websocket_scope(state=at_the_protocol(verdict))

    assert rejected(scope) == ()
    assert scope["state"][VERDICT_KEY] == verdict


def test_under_report_only_nothing_is_reported_twice() -> None:
    broken = SHORT_KEY.websocket_scope(state=at_the_protocol(judge(SHORT_KEY.head())))

    assert rejected(broken, report_only=True) == ()


def test_what_another_only_reported_is_rejected_by_one_that_enforces() -> None:
    broken = SHORT_KEY.websocket_scope(state=at_the_protocol(judge(SHORT_KEY.head())))

    assert rejected(broken) == ("key_malformed",)


def test_a_trial_reports_what_its_own_policy_adds_to_what_was_reported() -> None:
    foreign = SHORT_KEY.plus(b"origin", b"https://evil.example")
    options: dict[str, Any] = {"allowed_origins": ["same-origin"], "report_only": True}
    at_protocol = foreign.websocket_scope(state=at_the_protocol(judge(foreign.head())))
    within = foreign.http_scope(state=passed_on(judge(foreign.head())))

    assert rejected(at_protocol, **options) == ("origin_not_allowed",)
    assert at_protocol["state"][VERDICT_KEY].codes == (
        *("key_malformed", "origin_not_allowed"),
    )
    assert rejected(within, **options) == ("origin_not_allowed",)


def test_what_the_policy_of_a_middleware_further_out_said_is_its_own() -> None:
    theirs = judge(FOREIGN.head(), Policy(allowed_origins=["https://good.example"]))
    foreign = FOREIGN.websocket_scope(state=passed_on(theirs))

    assert theirs.codes == ("origin_not_allowed",)
    assert rejected(foreign) == ()
    verdict = foreign["state"][VERDICT_KEY]
    assert (verdict.codes, type(verdict)) == ((), PassedOn)


def test_what_is_rejected_is_not_passed_on() -> None:
    broken = SHORT_KEY.websocket_scope()
    assert rejected(broken) == ("key_malformed",)
    assert type(broken["state"][VERDICT_KEY]) is Verdict


def test_a_verdict_whose_application_has_returned_is_none() -> None:
    state = at_the_protocol(Over(*judge(VALID.head())))

    assert rejected(SHORT_KEY.websocket_scope(state=state)) == ("key_malformed",)


def test_a_state_that_is_no_dictionary_is_left_alone() -> None:
    state = SimpleNamespace()
    scope = SHORT_KEY.websocket_scope(state=state)

    assert rejected(scope) == ("key_malformed",)
    assert rejected(VALID.websocket_scope(state=state)) == ()
    assert vars(state) == {}


def test_a_host_that_the_protocol_class_wrote_differently_is_put_back() -> None:
    written = VALID.but(b"host", b"xn-%2Dfa-hia.example").plus(
        b"origin", b"http://xn--fa-hia.example"
    )
    state = handed_over(judge(VALID.head()), b"xn--fa-hia.example")
    scope = written.websocket_scope(state=state)

    assert rejected(scope, allowed_origins=["same-origin"]) == ()
    assert dict(scope["headers"])[b"host"] == b"xn--fa-hia.example"


@pytest.mark.parametrize(
    ("path", "root"), [("/ws", ""), ("/api/ws", "/api"), ("/api/ws", "/api/")]
)
def test_a_declared_path_is_the_one_within_the_root_path(path: str, root: str) -> None:
    plain = VALID.asked(headers=(), target=path.encode()).http_scope(root_path=root)

    assert rejected(plain, websocket_paths=["/ws"]) == ("not_a_handshake",)
    assert rejected(plain, websocket_paths=["/other"]) == ()


def test_a_plain_request_is_rejected_on_a_declared_path_only() -> None:
    plain = VALID.asked(headers=((b"host", b"127.0.0.1"),)).http_scope()

    assert rejected(plain) == ()
    assert rejected(plain, websocket_paths=["/other"]) == ()
    assert rejected(plain, websocket_paths=["/ws"]) == ("not_a_handshake",)


def test_something_else_in_the_place_of_the_verdict_is_not_believed() -> None:
    scope = SHORT_KEY.websocket_scope(state={VERDICT_KEY: "accepted"})

    assert rejected(scope) == ("key_malformed",)


def test_a_rejection_has_its_cause() -> None:
    record = Evaluation(Policy()).rejected(VALID.asked(version="1.0").http_scope())

    assert record is not None
    assert record.rejection is not None
    assert [c.code for c in record.rejection.causes] == ["proxy_speaks_http10"]


@pytest.mark.parametrize(("extensions", "status"), [({}, 403), (None, 403)])
def test_a_rejection_that_becomes_a_close_is_recorded_as_403(
    extensions: dict[str, object] | None, status: int
) -> None:
    scope = SHORT_KEY.websocket_scope(extensions=extensions)
    record = Evaluation(Policy()).rejected(scope)

    assert record is not None
    assert record.status == status


def test_a_fault_of_our_own_tells_where_and_no_value() -> None:
    record = Evaluation(Policy()).rejected(
        {"type": "websocket", "headers": 7, "x": "canary"}
    )

    assert record is not None
    assert codes(record) == ("internal_error",)
    assert record.error is not None
    assert record.error.startswith("TypeError in request_head.py:")
    assert "canary" not in repr(record)
