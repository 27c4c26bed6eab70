"""Whatever a server or a test client hands over, the application gets it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import async_to_sync
from starlette.applications import Starlette
from starlette.routing import Mount

from tests.support.asgi import ACCEPT, RecordingObserver, Spy, ask
from tests.support.handshakes import VALID
from tests.support.protocols import OWN, Echo, observed_echo, talk
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.uvicorn import H11Protocol, HttpToolsProtocol

if TYPE_CHECKING:
    from tests.support.protocols import ProtocolClass
    from ws_handshake.asgi.scope import Receive, Scope, Send

every_protocol = pytest.mark.parametrize("protocol", [H11Protocol, HttpToolsProtocol])

_PAGE = b"GET /ws HTTP/1.1\r\nHost: a\r\n\r\n"
_NO_UPGRADE = VALID.without(b"upgrade")


def wrapped(
    *script: dict[str, Any], **options: Any
) -> tuple[Any, Spy, RecordingObserver]:
    spy, recorder = Spy(script), RecordingObserver()
    return (
        WebSocketHandshakeMiddleware(spy, observers=[recorder], **options),
        spy,
        recorder,
    )


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_a_scope_without_headers_reaches_the_application(kind: str) -> None:
    app, spy, _ = wrapped(ACCEPT, websocket_paths=["/ws"])
    ask(app, {"type": kind, "method": "GET"})
    assert [scope["type"] for scope in spy.scopes] == [kind]


@pytest.mark.parametrize("headers", [None, 7, [7], [("upgrade", "websocket"), None]])
def test_headers_that_are_none_reach_the_application_as_they_are(headers: Any) -> None:
    app, spy, _ = wrapped()
    scope = {"type": "http", "method": "GET", "path": "/", "headers": headers}
    ask(app, scope)
    assert spy.scopes == [scope]


def test_headers_that_can_be_read_once_are_read_by_the_application() -> None:
    app, spy, recorder = wrapped(ACCEPT)
    plain = VALID.asked(headers=((b"host", b"a"), (b"accept", b"*/*")))
    ask(app, {**plain.http_scope(), "headers": iter(plain.headers)})
    ask(app, {**VALID.websocket_scope(), "headers": iter(VALID.headers)})
    assert [scope["headers"] for scope in spy.scopes] == [
        list(plain.headers),
        list(VALID.headers),
    ]
    assert recorder.codes == [()]


def test_a_broken_handshake_whose_headers_can_be_read_once_is_rejected() -> None:
    app, spy, recorder = wrapped()
    scope = {**_NO_UPGRADE.http_scope(), "headers": iter(_NO_UPGRADE.headers)}
    start, _ = ask(app, scope)
    assert start["status"] == 400
    assert (spy.scopes, recorder.codes) == ([], [("upgrade_missing",)])


@pytest.mark.parametrize("kind", ["http", "websocket", "lifespan", "unknown"])
def test_what_the_application_returns_reaches_the_server(kind: str) -> None:
    async def returns(_scope: Scope, _receive: Receive, _send: Send) -> Any:
        return "something"

    app = WebSocketHandshakeMiddleware(returns, observers=[])
    scope = {"type": kind, "method": "GET", "path": "/", "headers": []}
    h2c = {**scope, "headers": [(b"upgrade", b"h2c")]}

    async def never(*_: object) -> Any:
        raise AssertionError

    for each in (scope, scope if kind == "websocket" else h2c):
        assert asyncio.run(app(each, never, never)) == "something"


@every_protocol
def test_uvicorn_says_what_is_wrong_with_a_value_that_is_returned(
    protocol: ProtocolClass, caplog: pytest.LogCaptureFixture
) -> None:
    async def returns(_scope: Scope, _receive: Receive, send: Send) -> Any:
        await send({"type": "http.response.start", "status": 204})
        await send({"type": "http.response.body"})
        return "something"

    app = WebSocketHandshakeMiddleware(returns, observers=[])
    responses = [talk(each, app, _PAGE) for each in (protocol, OWN[protocol])]
    assert responses[0] == responses[1]
    assert responses[0].ending == "closed"
    assert (
        caplog.messages
        == ["ASGI callable should return None, but returned 'something'."] * 2
    )


def test_a_sync_consumer_of_channels_may_send_without_a_warning() -> None:
    async def consumer(_scope: Scope, _receive: Receive, send: Send) -> None:
        def in_a_thread() -> None:
            async_to_sync(send)(ACCEPT)  # warns of what is no coroutine function

        await asyncio.to_thread(in_a_thread)

    recorder = RecordingObserver()
    app = WebSocketHandshakeMiddleware(consumer, observers=[recorder])
    assert ask(app, VALID.websocket_scope()) == [ACCEPT]
    assert recorder.codes == [()]


@every_protocol
def test_the_scope_of_a_page_is_the_one_that_uvicorn_makes(
    protocol: ProtocolClass,
) -> None:
    app, echo, _ = observed_echo()
    bare = Echo()
    for sent in (_PAGE, _PAGE.replace(b"\r\n\r\n", b"\r\nUpgrade: h2c\r\n\r\n")):
        talk(protocol, app, sent)
        talk(OWN[protocol], bare, sent)
    assert echo.scopes == bare.scopes


@every_protocol
@pytest.mark.parametrize("ws", ["wsproto", "websockets-sansio"])
def test_the_scope_of_a_websocket_has_nothing_of_ours_but_the_verdict(
    protocol: ProtocolClass, ws: str
) -> None:
    app, echo, _ = observed_echo()
    bare = Echo()
    talk(protocol, app, VALID.wire(), ws=ws)
    talk(OWN[protocol], bare, VALID.wire(), ws=ws)
    (scope,), (expected,) = echo.scopes, bare.scopes
    assert scope["state"].keys() == {"websocket_handshake"}
    assert {**scope, "state": {}} == expected


@every_protocol
def test_without_a_middleware_a_scope_is_the_one_that_uvicorn_makes(
    protocol: ProtocolClass,
) -> None:
    ours, bare = Echo(), Echo()
    for sent in (_PAGE, VALID.wire(), _NO_UPGRADE.wire()):
        talk(protocol, ours, sent)
        talk(OWN[protocol], bare, sent)
    assert ours.scopes == bare.scopes


@pytest.mark.parametrize("root_path", ["", "/root"])
@every_protocol
def test_a_declared_path_is_matched_within_a_mount_and_a_root_path(
    protocol: ProtocolClass, root_path: str
) -> None:
    app, _, recorder = observed_echo(websocket_paths=["/ws"])
    mounted = Starlette(routes=[Mount("/api", app)])
    page = _PAGE.replace(b"/ws", b"/api/ws")
    assert talk(protocol, mounted, page, root_path=root_path).status == 426
    assert talk(protocol, app, _PAGE, root_path=root_path).status == 426
    assert recorder.codes == [("not_a_handshake",)] * 2


def test_a_state_that_all_requests_share_gets_no_verdict() -> None:
    app = WebSocketHandshakeMiddleware(Spy((ACCEPT,)), observers=[])
    state: dict[str, Any] = {"database": object()}
    ask(app, {"type": "lifespan", "state": state})
    for scope in (VALID.websocket_scope(), VALID.without(b"upgrade").http_scope()):
        ask(app, {**scope, "state": state})
    assert [*state] == ["database"]
