"""What an application decided, or did not, as a record."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from starlette.routing import Router

from tests.support.asgi import ACCEPT, CLOSE
from tests.support.handshakes import VALID
from ws_handshake import Policy
from ws_handshake.asgi.evaluation import Evaluation
from ws_handshake.outcome.record import SUBPROTOCOL_NOT_OFFERED
from ws_handshake.outcome.rejection import Denial

if TYPE_CHECKING:
    from ws_handshake.outcome.record import HandshakeRecord

DENIAL = {"type": "websocket.http.response.start", "status": 401}


def codes(record: HandshakeRecord | None) -> tuple[str, ...]:
    return record.rejection.codes if record and record.rejection else ()


def accepted(scope: dict[str, Any], **message: Any) -> HandshakeRecord:
    evaluation = Evaluation(Policy())
    assert evaluation.rejected(scope) is None
    record = evaluation.accepted(scope, {"type": "websocket.accept", **message})
    assert record is not None
    return record


def denied(
    scope: dict[str, Any], message: dict[str, Any], **options: Any
) -> HandshakeRecord:
    return Evaluation(Policy(**options)).denied(scope, message)


def test_an_accepted_handshake_over_http2_has_the_status_200() -> None:
    head = VALID.without(b"upgrade", b"connection", b"sec-websocket-key")
    record = accepted(head.websocket_scope(http_version="2"))

    assert (record.outcome, record.status, record.rejection) == ("accepted", 200, None)


@pytest.mark.parametrize(
    ("offered", "chosen", "warning"),
    [
        (None, None, None),
        (b"chat, superchat", "superchat", None),
        (b"chat", None, "subprotocol_not_chosen"),
        (b"chat", "", "subprotocol_not_chosen"),
        (b"chat", "soap", "subprotocol_not_offered"),
        (None, "chat", "subprotocol_not_offered"),
    ],
)
def test_a_subprotocol_that_clients_stumble_over_is_remarked(
    offered: bytes | None, chosen: str | None, warning: str | None
) -> None:
    offer = VALID if offered is None else VALID.plus(b"sec-websocket-protocol", offered)
    names = [] if offered is None else offered.decode().split(", ")
    scope = offer.websocket_scope(subprotocols=names)
    record = accepted(scope, subprotocol=chosen)

    assert (record.warning and record.warning.code) == warning


def unsent(scope: dict[str, Any], chosen: str | None) -> HandshakeRecord | None:
    evaluation = Evaluation(Policy())
    assert evaluation.rejected(scope) is None
    message = {"type": "websocket.accept", "subprotocol": chosen}
    return evaluation.accepted(scope, message, RuntimeError("not sent"))


def test_an_acceptance_that_was_not_sent_is_none() -> None:
    offer = VALID.plus(b"sec-websocket-protocol", b"chat")

    assert unsent(VALID.websocket_scope(), None) is None
    assert unsent(offer.websocket_scope(), None) is None
    assert unsent(offer.websocket_scope(), "chat") is None


def test_a_choice_that_the_server_did_not_send_is_remarked_all_the_same() -> None:
    record = unsent(VALID.websocket_scope(), "chat")

    assert record is not None
    assert (record.outcome, record.status) == ("accepted", 500)
    assert record.warning is SUBPROTOCOL_NOT_OFFERED


def test_an_app_that_empties_its_state_is_reported_without_warning() -> None:
    evaluation, scope = Evaluation(Policy()), VALID.websocket_scope()
    assert evaluation.rejected(scope) is None
    scope["state"].clear()
    record = evaluation.accepted(
        scope, {"type": "websocket.accept", "subprotocol": "x"}
    )

    assert record is not None
    assert (record.status, record.warning) == (101, None)


def test_a_denial_is_reported_even_where_routes_are_none() -> None:
    scope = VALID.websocket_scope(router=SimpleNamespace(routes=["/ws"]))
    record = denied(scope, CLOSE)

    assert codes(record) == ("denied_by_app",)
    assert record.rejection is not None
    assert (record.rejection.causes, record.hint) == ((), None)


@pytest.mark.parametrize("query", [None, "text"])
def test_a_denial_is_reported_even_where_the_scope_cannot_be_read(query: Any) -> None:
    scope = VALID.websocket_scope(query_string=query)
    record = denied(scope, {**CLOSE, "code": 4403, "reason": "loopback only"})

    assert codes(record) == ("denied_by_app",)
    assert record.rejection is not None
    assert record.rejection.denial == Denial()


def test_what_the_application_says_is_in_the_record() -> None:
    close = denied(VALID.websocket_scope(), {**CLOSE, "code": 4403, "reason": "no"})
    response = Evaluation(Policy()).denied(VALID.websocket_scope(), DENIAL, b"Who?")

    assert close.rejection is not None
    assert close.rejection.denial == Denial(4403, "no")
    assert response.rejection is not None
    assert response.rejection.denial == Denial(None, "Who?")


def test_an_acceptance_that_no_observer_wants_has_a_record_for_a_warning_only() -> None:
    evaluation, scope = Evaluation(Policy()), VALID.websocket_scope()
    assert evaluation.rejected(scope) is None
    odd = evaluation.accepted(scope, {**ACCEPT, "subprotocol": "soap"}, wanted=False)

    assert evaluation.accepted(scope, ACCEPT, wanted=False) is None
    assert odd is not None
    assert odd.warning is not None


def test_a_denial_of_the_apps_is_recorded_with_the_status_that_is_sent() -> None:
    record = denied(VALID.websocket_scope(), DENIAL)

    assert record.status == 401
    assert codes(record) == ("denied_by_app",)
    assert record.rejection is not None
    assert record.rejection.causes == ()


def test_a_close_before_the_acceptance_is_a_403() -> None:
    assert denied(VALID.websocket_scope(), CLOSE).status == 403


def test_a_plain_response_to_a_websocket_ends_in_a_500_and_is_named() -> None:
    record = denied(VALID.websocket_scope(), {"type": "http.response.start"})

    assert record.status == 500
    assert record.rejection is not None
    assert [c.code for c in record.rejection.causes] == ["http_response_on_websocket"]


def test_a_path_without_a_route_is_a_cause_and_a_hint_for_the_log() -> None:
    scope = VALID.websocket_scope(router=Router())
    record = denied(scope, CLOSE)

    assert record.rejection is not None
    assert [c.code for c in record.rejection.causes] == ["no_route"]
    assert record.hint == (
        "No WebSocket route matches '/ws'; the application has none."
    )


def test_a_denial_of_the_apps_is_in_force_whatever_we_only_report() -> None:
    assert denied(VALID.websocket_scope(), CLOSE, report_only=True).enforced


def test_an_application_that_ends_undecided_is_recorded_with_what_it_raised() -> None:
    evaluation, scope = Evaluation(Policy()), VALID.websocket_scope()
    returned = evaluation.ended(scope, None, duration=0.5)
    raised = evaluation.ended(scope, LookupError("canary"), duration=0.5)

    for record in (returned, raised):
        assert codes(record) == ("app_did_not_respond",)
        assert (record.status, record.enforced, record.duration) == (500, True, 0.5)
        assert record.request.path == "/ws"
    assert (returned.error, raised.error) == (None, "LookupError")
