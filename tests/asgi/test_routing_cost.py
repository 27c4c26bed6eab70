"""What a hint costs: nothing until it is asked for, and little then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, WebSocketRoute

from tests.support.asgi import CLOSE, ask
from tests.support.handshakes import VALID
from tests.support.stopwatch import takes_less_than
from ws_handshake.asgi.routing import what_the_app_did
from ws_handshake.diagnosis.causes import NO_ROUTE
from ws_handshake.outcome.record import no_hint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.websockets import WebSocket

    from ws_handshake.asgi.scope import Scope


async def chat(_socket: WebSocket) -> None:
    raise AssertionError


class Counted(list[BaseRoute]):
    """Routes that count how many of them are looked at."""

    looked_at = 0

    def __iter__(self) -> Iterator[BaseRoute]:
        """Yield them, and count."""
        for route in super().__iter__():
            self.looked_at += 1
            yield route


def routes(number: int) -> Counted:
    return Counted(
        WebSocketRoute(f"/api/v1/resource-{n}/{{room}}/live", chat)
        for n in range(number)
    )


def denied(app: Starlette, path: str, **changes: str) -> Scope:
    """Let an application route a path, and return the scope that it leaves behind."""
    scope = VALID.websocket_scope(path=path, **changes)
    ask(app, scope, {"type": "websocket.connect"})
    return scope


def with_routes(number: int) -> tuple[Starlette, Counted]:
    app, listed = Starlette(), routes(number)
    app.router.routes = listed
    return app, listed


def test_a_hint_that_is_not_asked_for_looks_for_no_near_route() -> None:
    app, listed = with_routes(20)
    scope = denied(app, "/nope")
    listed.looked_at = 0

    causes, suggest = what_the_app_did(scope, CLOSE)
    assert causes == (NO_ROUTE,)
    assert listed.looked_at == 2 * 20  # to count them, and to ask them

    assert suggest() is not None
    assert listed.looked_at == 3 * 20


@pytest.mark.parametrize("number", [201, 5_000])
def test_of_many_routes_the_first_200_are_looked_at(number: int) -> None:
    app, listed = with_routes(number)
    scope = denied(app, "/api/v1/resource-7/a/life")
    listed.looked_at = 0

    causes, suggest = what_the_app_did(scope, CLOSE)
    hint = suggest()

    assert causes == (NO_ROUTE,)
    assert listed.looked_at == 201 + 200
    assert hint is not None
    assert "nearest: '/api/v1/resource-7/{room}/live', " in hint


def test_of_a_mounted_application_with_many_routes_nothing_is_said() -> None:
    few, many = (
        Starlette(routes=[Mount("/in", Starlette(routes=list(routes(number))))])
        for number in (200, 201)
    )

    assert what_the_app_did(denied(few, "/in/nope"), CLOSE)[0] == (NO_ROUTE,)
    assert what_the_app_did(denied(many, "/in/nope"), CLOSE) == ((), no_hint)


PATHS = {
    "a path as usual": "/api/v1/resource-7/a/life",
    "two letters over and over": "/" + "ab" * 30_000,
    "the root path over and over": "/a" * 30_000,
    "slashes": "/" * 60_000,
}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("number", [20, 1000])
def test_a_hint_takes_less_than_2_ms_whatever_the_path(path: str, number: int) -> None:
    app, _ = with_routes(number)
    scope = denied(app, PATHS[path], root_path="/a")

    def hinted() -> str | None:
        return what_the_app_did(scope, CLOSE)[1]()

    assert hinted() is not None
    assert takes_less_than(2e-3, hinted)


def test_routes_that_cannot_be_looked_through_give_no_hint() -> None:
    app = Starlette()
    _, suggest = what_the_app_did(denied(app, "/nope"), CLOSE)
    vars(app.router)["routes"] = 7

    assert suggest() is None
