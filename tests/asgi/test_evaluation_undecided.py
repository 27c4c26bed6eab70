"""The record of an application that ends without a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.handshakes import VALID
from ws_handshake import Policy
from ws_handshake.asgi.evaluation import Evaluation

if TYPE_CHECKING:
    from ws_handshake.outcome.record import HandshakeRecord

# What an application may have made of its own scope by the time that it ends.
CHANGES: tuple[dict[str, Any], ...] = (
    {"headers": None},
    {"headers": [b"no pair"]},
    {"headers": [("text", "text")]},
    {"subprotocols": 7},
    {"client": 7},
    {"path": 7},
    {"state": None},
)


def ended(scope: dict[str, Any], error: Exception | None = None) -> HandshakeRecord:
    return Evaluation(Policy()).ended(scope, error, duration=0.5)


def raised(error: Exception) -> Exception:
    try:
        raise error
    except type(error) as caught:
        return caught


@pytest.mark.parametrize("change", CHANGES, ids=repr)
def test_whatever_an_application_makes_of_its_scope_its_end_is_recorded(
    change: dict[str, Any],
) -> None:
    record = ended({**VALID.websocket_scope(), **change}, LookupError("canary"))

    assert record.rejection is not None
    assert record.rejection.codes == ("app_did_not_respond",)
    assert (record.status, record.error) == (500, "LookupError")
    assert record.request.subprotocol_count == 0


def test_a_scope_that_was_emptied_is_a_request_of_which_nothing_is_known() -> None:
    record = ended({})

    assert record.status == 500
    assert record.request.path is None


def test_the_place_is_where_it_was_raised_and_the_message_is_nowhere() -> None:
    record = ended(VALID.websocket_scope(), raised(LookupError("canary")))

    assert record.error is not None
    assert record.error.startswith("LookupError in test_evaluation_undecided.py:")
    assert "canary" not in repr(record)


def test_a_name_is_printable_ascii_and_no_longer_than_any_other_text() -> None:
    named = type("Fehlér\n\x1b[1m" + "x" * 300, (Exception,), {})
    record = ended(VALID.websocket_scope(), raised(named()))

    assert record.error is not None
    assert record.error.startswith(r"Fehl\xe9r\n\x1b[1mxxx")
    assert (len(record.error), record.error[-3:]) == (256, "...")
