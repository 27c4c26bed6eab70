"""What an application denied or returned, whatever it was routed to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.apps_frameworks import (
    GOOD_ORIGIN,
    cause_of,
    origin_validator,
    recorded,
    socketio_app,
    url_router,
)
from tests.support.asgi import CLOSE
from tests.support.handshakes import VALID
from ws_handshake.asgi.routing import is_unrouted, what_the_app_did, why_it_raised
from ws_handshake.outcome.record import no_hint

if TYPE_CHECKING:
    from tests.support.handshakes import Handshake
    from ws_handshake.asgi.scope import ASGIApp


async def chat(_socket: object) -> None:
    raise AssertionError  # no route leads here


FOREIGN = VALID.plus(b"origin", b"https://evil.example")


@pytest.mark.parametrize(
    ("handshake", "origin", "hint"),
    [
        (FOREIGN, "https://evil.example", None),
        (VALID, None, "The handshake has no Origin."),
    ],
)
def test_where_a_framework_denies_the_origin_it_is_reported_or_that_there_is_none(
    handshake: Handshake, origin: str | None, hint: str | None
) -> None:
    record = recorded(origin_validator(GOOD_ORIGIN), handshake)

    assert record.rejection is not None
    assert record.rejection.shows_origin()
    assert (record.request.origin, record.hint) == (origin, hint)


@pytest.mark.parametrize(
    ("app", "nearest"),
    [(socketio_app(), "/socket.io"), (url_router({"chat/": chat}), "/chat/")],
)
def test_frameworks_that_leave_no_traces_in_the_scope_have_routes_all_the_same(
    app: ASGIApp, nearest: str
) -> None:
    record = recorded(app, VALID)

    assert cause_of(record)[0] == "no_route"
    assert record.hint == f"No WebSocket route matches '/ws'; nearest: '{nearest}'."


def test_an_application_that_only_returns_has_no_cause() -> None:
    assert why_it_raised(VALID.websocket_scope(), None) == ((), no_hint)
    assert why_it_raised(VALID.websocket_scope(), ValueError()) == ((), no_hint)


def test_an_app_that_shows_no_routes_is_not_judged() -> None:
    assert not is_unrouted(VALID.websocket_scope())
    assert what_the_app_did(VALID.websocket_scope(), CLOSE) == ((), no_hint)


def test_a_plain_response_to_a_websocket_is_named() -> None:
    (cause,), suggest = what_the_app_did(
        VALID.websocket_scope(), {"type": "http.response.start", "status": 200}
    )

    assert cause.code == "http_response_on_websocket"
    assert suggest() is None
