from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.handshakes import VALID
from ws_handshake import Policy, judge
from ws_handshake.core.reasons import (
    CATALOGUE,
    DENIED_BY_APP,
    HOST_MISSING,
    KEY_MISSING,
    METHOD_NOT_GET,
    ORIGIN_MISSING,
    ORIGIN_NOT_ALLOWED,
)
from ws_handshake.core.violation import Violation
from ws_handshake.diagnosis.causes import NO_ROUTE, ORIGIN_DENIED_BY_APP
from ws_handshake.outcome.rejection import Rejection, explained

if TYPE_CHECKING:
    from ws_handshake.core.reasons import Reason

REJECTION = Rejection((Violation(METHOD_NOT_GET, "POST"), Violation(HOST_MISSING)))


def test_the_first_violation_gives_the_status() -> None:
    assert REJECTION.reason is METHOD_NOT_GET
    assert REJECTION.status == 405
    assert REJECTION.codes == ("method_not_get", "host_missing")


@pytest.mark.parametrize(
    ("lost", "code"),
    [
        ((b"upgrade", b"connection"), "upgrade_missing"),
        ((b"connection",), "connection_missing"),
        ((), "http_version_too_old"),
    ],
)
def test_over_http10_the_missing_header_is_what_to_act_on(
    lost: tuple[bytes, ...], code: str
) -> None:
    arrived = VALID.without(*lost).asked(version="1.0").head()
    rejection = explained(arrived, judge(arrived).violations, Policy())

    assert rejection.reason.code == code
    assert rejection.main in rejection.violations
    assert rejection.codes[0] == "http_version_too_old"
    swapped = VALID.but(b"upgrade", b"upgrade").asked(version="1.0").head()
    assert Rejection(judge(swapped).violations).reason.code == "upgrade_not_websocket"


def test_a_violation_that_has_nothing_to_do_with_a_proxy_keeps_its_place() -> None:
    arrived = VALID.but(b"sec-websocket-key", b"x").asked(version="1.0").head()

    rejection = Rejection(judge(arrived).violations)
    assert rejection.main is rejection.violations[0]


def test_a_type_is_a_urn_or_the_address_of_its_page() -> None:
    linked = Rejection(REJECTION.violations, "https://docs.example.com/reasons")

    assert REJECTION.type_of(HOST_MISSING) == "urn:ws-handshake:host_missing"
    assert linked.type_of(HOST_MISSING) == (
        "https://docs.example.com/reasons/host_missing"
    )


@pytest.mark.parametrize("reason", CATALOGUE, ids=lambda reason: reason.code)
def test_the_origin_is_reported_only_where_it_is_the_reason(reason: Reason) -> None:
    expected = reason is ORIGIN_NOT_ALLOWED

    assert Rejection((Violation(reason),)).shows_origin() is expected
    both = Rejection((Violation(KEY_MISSING), Violation(reason)))
    assert both.shows_origin() is expected


def test_the_origin_is_reported_where_the_application_denied_it() -> None:
    denied = (Violation(DENIED_BY_APP),)
    cause = ORIGIN_DENIED_BY_APP._replace(fix="Another.")

    assert Rejection(denied, None, (cause,)).shows_origin()
    assert not Rejection(denied, None, (NO_ROUTE,)).shows_origin()


def test_a_missing_origin_cannot_be_reported() -> None:
    assert not Rejection((Violation(ORIGIN_MISSING),)).shows_origin()


def test_a_rejection_is_explained_by_the_causes_of_its_violations() -> None:
    old = VALID.but(b"sec-websocket-version", b"8").head()
    violations = judge(old).violations
    rejection = explained(
        old, violations, Policy(docs_url="https://docs.example/reasons")
    )

    assert rejection.violations == violations
    assert [cause.code for cause in rejection.causes] == ["old_draft"]
    assert rejection.docs_url == "https://docs.example/reasons"
