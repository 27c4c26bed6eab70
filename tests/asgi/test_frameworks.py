"""What frameworks do by themselves, with the real ones."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from tests.support.apps_frameworks import (
    GOOD_ORIGIN,
    cause_of,
    closing_consumer,
    django_alone,
    origin_validator,
    protocol_router,
    reason_of,
    recorded,
    socketio_app,
    url_router,
)
from tests.support.handshakes import VALID
from ws_handshake.asgi.frameworks import handled_error, origin_check

if TYPE_CHECKING:
    from tests.support.handshakes import Handshake
    from ws_handshake.asgi.scope import ASGIApp, Receive, Scope, Send

FOREIGN = VALID.plus(b"origin", b"https://evil.example")
ASKED = VALID.asked(target=b"/socket.io/?EIO=4&transport=websocket")
DENIED = "https://evil.example is not an accepted origin."


@pytest.mark.parametrize("handshake", [FOREIGN, VALID])
def test_the_origin_validator_of_channels_is_recognised(handshake: Handshake) -> None:
    code, fix = cause_of(recorded(origin_validator(GOOD_ORIGIN), handshake))

    assert code == "origin_denied_by_app"
    assert "ALLOWED_HOSTS" in fix


def test_a_consumer_of_channels_that_closes_does_so_on_purpose() -> None:
    assert cause_of(recorded(origin_validator("*"), FOREIGN)) == ("", "")


def test_the_origin_check_of_socket_io_is_recognised() -> None:
    asked = ASKED.plus(b"origin", b"https://evil.example")
    record = recorded(socketio_app(), asked)

    code, fix = cause_of(record)
    assert code == "origin_denied_by_app"
    assert "cors_allowed_origins" in fix
    assert reason_of(record) == DENIED


def test_what_else_socket_io_denies_has_its_reason_and_no_cause() -> None:
    asked = VALID.asked(target=b"/socket.io/?EIO=4&transport=websocket&sid=a1b2c3d4")
    record = recorded(socketio_app(), asked)

    assert cause_of(record) == ("", "")
    assert reason_of(record) == "Invalid session [...]"


async def _says_so(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "websocket.close", "reason": DENIED})


def test_a_text_alone_is_no_mark() -> None:
    assert cause_of(recorded(_says_so, FOREIGN)) == ("", "")


def _fail() -> None:
    raise RuntimeError("canary")


async def _catching(_scope: Scope, _receive: Receive, send: Send) -> None:
    try:
        _fail()
    except RuntimeError:
        await send({"type": "websocket.close"})


async def _after(_scope: Scope, _receive: Receive, send: Send) -> None:
    with suppress(RuntimeError):
        _fail()
    await send({"type": "websocket.close"})


def test_an_error_that_an_application_denies_for_is_in_the_record() -> None:
    record = recorded(_catching, VALID)

    assert record.error is not None
    assert record.error.startswith("RuntimeError in test_frameworks.py:")
    assert "canary" not in repr(record)
    assert recorded(_after, VALID).error is None


def test_an_error_that_was_caught_further_out_is_not_the_applications() -> None:
    record = None
    try:
        _fail()
    except RuntimeError:
        record = recorded(_says_so, VALID)

    assert record is not None
    assert record.error is None


def test_an_error_is_looked_for_as_far_as_applications_are_deep() -> None:
    def deeper(levels: int) -> object:
        return deeper(levels - 1) if levels else handled_error()

    near = far = None
    try:
        _fail()
    except RuntimeError:
        near, far = deeper(50), deeper(150)
    assert isinstance(near, RuntimeError)
    assert (far, handled_error()) == (None, None)


def test_a_stack_is_looked_at_as_far_as_applications_are_deep() -> None:
    def deeper(levels: int) -> object:
        return deeper(levels - 1) if levels else origin_check(DENIED)

    assert deeper(150) is None


def _mounted(at: str, **options: str) -> Starlette:
    return Starlette(routes=[Mount(at, socketio_app(**options))])


@pytest.mark.parametrize(
    ("app", "asked", "root_path", "right"),
    [
        (_mounted("/ws"), "/ws/socket.io/", "", "/ws/socket.io"),
        (_mounted("/a/b"), "/a/b/socket.io", "", "/a/b/socket.io"),
        (_mounted("/ws", socketio_path="live"), "/ws/live/", "", "/ws/live"),
        (socketio_app(), "/app/socket.io/", "/app", "/app/socket.io"),
    ],
)
def test_below_a_mount_socket_io_needs_the_whole_path(
    app: ASGIApp, asked: str, root_path: str, right: str
) -> None:
    record = recorded(app, ASKED, path=asked, root_path=root_path)

    fix = f'socketio.ASGIApp(sio, socketio_path="{right}")'
    assert cause_of(record) == ("socketio_below_mount", fix)


def test_with_the_whole_path_socket_io_is_not_blamed() -> None:
    app = _mounted("/ws", socketio_path="/ws/socket.io")
    asked = ASKED.plus(b"origin", b"https://evil.example")
    record = recorded(app, asked, path="/ws/socket.io/")

    assert reason_of(record) == DENIED


@pytest.mark.parametrize(
    ("app", "asked"), [(socketio_app(), "/ws"), (_mounted("/ws"), "/ws/socketio/")]
)
def test_a_path_that_socket_io_does_not_serve_is_no_route(
    app: ASGIApp, asked: str
) -> None:
    record = recorded(app, ASKED, path=asked)

    assert cause_of(record)[0] == "no_route"
    assert record.hint is not None
    assert record.hint.endswith("nearest: '/socket.io'.")


async def _as_a_page(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 404, "headers": []})


def test_another_plain_response_is_not_socket_ios() -> None:
    assert cause_of(recorded(_as_a_page, VALID))[0] == "http_response_on_websocket"


NESTED = url_router({"rooms/<str:name>/": closing_consumer()})
ROUTED = url_router({"^ws/chat/$": closing_consumer(), "live/": NESTED})


@pytest.mark.parametrize(
    ("asked", "nearest"),
    [
        ("/ws/chat", "'/ws/chat/'"),
        ("/live/rooms/a", "'/live/rooms/<str:name>/', '/live/'"),
        ("/nothing", "'/ws/chat/', '/live/', '/live/rooms/<str:name>/'"),
    ],
)
def test_a_path_for_which_channels_has_no_route_is_no_route(
    asked: str, nearest: str
) -> None:
    record = recorded(protocol_router(websocket=ROUTED), VALID, path=asked)

    assert record.rejection is not None
    assert record.rejection.codes == ("app_did_not_respond",)
    assert cause_of(record)[0] == "no_route"
    assert record.hint == f"No WebSocket route matches '{asked}'; nearest: {nearest}."
    assert record.error is not None
    assert record.error.startswith("ValueError in routing.py:")


@pytest.mark.parametrize(
    ("app", "begins"),
    [
        (protocol_router(http=_says_so), "ProtocolTypeRouter({"),
        (django_alone(), "Django serves no WebSockets by itself"),
    ],
)
def test_django_without_a_place_for_websockets_is_no_route(
    app: ASGIApp, begins: str
) -> None:
    record = recorded(app, VALID)

    code, fix = cause_of(record)
    assert code == "no_route"
    assert fix.startswith(begins)
    assert record.hint is None


async def _failing(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise ValueError("No route found for path 'canary'")


@pytest.mark.parametrize(
    "app", [url_router({"ws": _failing}), protocol_router(websocket=None), _failing]
)
def test_what_is_raised_for_another_reason_is_no_question_of_routing(
    app: ASGIApp,
) -> None:
    record = recorded(app, VALID)

    assert cause_of(record) == ("", "")
    assert record.error is not None
    assert "canary" not in repr(record)
