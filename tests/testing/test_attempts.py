"""An attempt returns what a client would get, whatever the application does."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route, WebSocketRoute

from tests.support.asgi import ACCEPT, Spy
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.testing import VALID, Response, attempt, attempt_async, attempts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.websockets import WebSocket

    from ws_handshake.asgi.scope import Message, Receive, Scope, Send

PLAIN = VALID.without(
    b"upgrade", b"connection", b"sec-websocket-key", b"sec-websocket-version"
)


async def chat(websocket: WebSocket) -> None:
    await websocket.accept("chat", headers=[(b"x-room", b"1")])
    assert (await websocket.receive())["type"] == "websocket.disconnect"


async def deny(websocket: WebSocket) -> None:
    await websocket.send_denial_response(PlainTextResponse("members only", 402))


async def close(websocket: WebSocket) -> None:
    await websocket.close(4003)


async def page(request: Request) -> StreamingResponse:
    body = await request.body()

    async def parts() -> AsyncIterator[bytes]:
        yield b"got "
        yield body

    return StreamingResponse(parts(), 201, {"x-page": "1"})


app = WebSocketHandshakeMiddleware(
    Starlette(
        routes=[
            WebSocketRoute("/ws", chat),
            WebSocketRoute("/deny", deny),
            WebSocketRoute("/close", close),
            Route("/page", page, methods=["POST"]),
        ]
    ),
    allowed_origins=["https://example.com"],
)


def test_a_valid_handshake_is_accepted() -> None:
    offered = VALID.plus(b"sec-websocket-protocol", b"chat")
    assert attempt(app, offered) == Response(
        101, ((b"x-room", b"1"),), accepted=True, subprotocol="chat"
    )
    assert attempt(Spy((ACCEPT,))).accepted


def test_over_http2_an_acceptance_is_a_200() -> None:
    connect = VALID.without(b"upgrade", b"connection", b"sec-websocket-key")
    response = attempt(app, connect.asked(method="CONNECT", version="2"))
    assert (response.status, response.accepted) == (200, True)


def test_a_broken_handshake_gets_the_problem_and_its_codes() -> None:
    response = attempt(app, VALID.without(b"upgrade").but(b"connection", b"close"))
    assert (response.status, response.accepted) == (400, False)
    assert response.codes == ("upgrade_missing", "connection_not_upgrade")
    assert response.problem["status"] == 400
    assert response.problem["cause"]["code"] == "proxy_stripped_upgrade"


def test_what_the_operator_does_not_allow_is_rejected_as_a_websocket() -> None:
    response = attempt(app, VALID.plus(b"origin", b"https://evil.example"))
    assert (response.status, response.codes) == (403, ("origin_not_allowed",))


def test_the_scope_may_be_changed() -> None:
    spy = Spy()
    attempt(spy, VALID, scheme="wss", state={"db": 1}, extensions={})
    (scope,) = spy.scopes
    assert (scope["scheme"], scope["state"]["db"]) == ("wss", 1)
    origin = VALID.plus(b"origin", b"https://evil.example")
    assert attempt(app, origin, extensions={}) == Response(403)


def test_what_the_application_denies_is_its_own_response() -> None:
    denied = attempt(app, VALID.asked(target=b"/deny"))
    assert (denied.status, denied.body, denied.codes) == (402, b"members only", ())
    assert attempt(app, VALID.asked(target=b"/close")) == Response(403)


def test_a_plain_request_goes_on_working_in_parts_too() -> None:
    posted = PLAIN.asked(method="POST", target=b"/page", body=b"x=1")
    assert attempt(app, posted) == Response(201, ((b"x-page", b"1"),), b"got x=1")


def test_for_an_application_that_just_returns_the_server_responds_with_500() -> None:
    assert attempt(Spy()) == Response(500)


def test_messages_that_decide_nothing_are_passed_over() -> None:
    hint: dict[str, Any] = {"type": "http.response.early_hint", "links": []}
    start = {"type": "http.response.start", "status": 204}
    assert attempt(Spy((hint, start)), PLAIN) == Response(204)


def test_what_the_application_raises_before_it_responds_is_raised() -> None:
    async def broken(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise LookupError("no database")

    with pytest.raises(LookupError, match=r"^no database$"):
        attempt(WebSocketHandshakeMiddleware(broken))


def test_once_it_has_responded_its_client_goes_and_it_may_raise() -> None:
    received: list[Message] = []

    async def reading(_scope: Scope, receive: Receive, send: Send) -> None:
        received.append(await receive())
        await send({"type": "websocket.accept"})
        received.append(await receive())
        raise LookupError("nobody there")

    assert attempt(reading).accepted
    assert [message["type"] for message in received] == [
        *("websocket.connect", "websocket.disconnect"),
    ]


def test_a_plain_client_goes_as_well() -> None:
    received: list[Message] = []

    async def polling(_scope: Scope, receive: Receive, send: Send) -> None:
        received.append(await receive())
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body"})
        received.append(await receive())

    assert attempt(polling, PLAIN.asked(body=b"x")).status == 200
    assert received[0] == {"type": "http.request", "body": b"x", "more_body": False}
    assert received[1]["type"] == "http.disconnect"


def test_an_application_that_goes_on_after_its_response_is_cancelled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(attempts, "_ENDING_SECONDS", 0.01)
    ended: list[str] = []

    async def endless(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "websocket.accept"})
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        ended.append("cancelled")

    assert (attempt(endless).accepted, ended) == (True, ["cancelled"])


def test_an_application_that_never_responds_is_a_timeout(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(attempts, "_SECONDS", 0.01)

    async def silent(_scope: Scope, _receive: Receive, _send: Send) -> None:
        await asyncio.Event().wait()

    with pytest.raises(
        TimeoutError, match=r"^The application did not respond within 0\.01 s\.$"
    ):
        attempt(silent)


def test_in_a_running_loop_it_is_awaited() -> None:
    async def within() -> Response:
        with pytest.raises(RuntimeError, match=r"there, await attempt_async\(\)\.$"):
            attempt(app)
        return await attempt_async(app, VALID.but(b"sec-websocket-version", b"8"))

    assert asyncio.run(within()).codes == ("version_unsupported",)
