"""Users' own test suites go on working when their application is wrapped."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from starlette.middleware import Middleware
from starlette.testclient import TestClient, WebSocketDenialResponse

from tests.support.apps_other import TEAPOT, accept_all
from tests.support.apps_other import app as reporting_app
from tests.support.asgi import RecordingObserver, ask
from tests.support.handshakes import VALID
from tests.support.other_frameworks import (
    MISSING,
    channels_consumer,
    fastapi_app,
    starlette_app,
)
from tests.support.other_transcripts import of_channels, of_httpx_ws, of_test_client
from ws_handshake import WebSocketHandshakeMiddleware

if TYPE_CHECKING:
    from collections.abc import Callable

    from ws_handshake.asgi.scope import ASGIApp, Scope

ELSEWHERE = ("203.0.113.9", 51544)

with_each_framework = pytest.mark.parametrize("make", [starlette_app, fastapi_app])


def added_to_fastapi() -> ASGIApp:
    app = fastapi_app()
    app.add_middleware(
        WebSocketHandshakeMiddleware, allowed_origins=["https://example.com"]
    )
    return app


def in_starlettes_list() -> ASGIApp:
    return starlette_app(
        [
            Middleware(
                WebSocketHandshakeMiddleware, allowed_origins=["https://example.com"]
            )
        ]
    )


def wrapped() -> ASGIApp:
    return WebSocketHandshakeMiddleware(
        starlette_app(), allowed_origins=["https://example.com"]
    )


at_each_place = pytest.mark.parametrize(
    "make", [added_to_fastapi, in_starlettes_list, wrapped]
)


@with_each_framework
def test_a_test_client_sees_no_difference(make: Callable[[], ASGIApp]) -> None:
    assert of_test_client(WebSocketHandshakeMiddleware(make())) == of_test_client(
        make()
    )


@with_each_framework
def test_a_test_client_connects_talks_and_is_closed(
    make: Callable[[], ASGIApp],
) -> None:
    seen = of_test_client(WebSocketHandshakeMiddleware(make()))
    assert seen["echo"] == {
        "subprotocol": "superchat",
        "headers": [(b"x-token", b"secret")],
        "greeting": {
            "path": "/echo",
            "query": "room=1",
            "motto": "from the lifespan",
        },
        "echoed": "hello",
        "closed": (4001, "goodbye"),
    }
    assert seen["deny"] == (402, "members only", "fees")
    assert seen["close"] == (4003, "not today")
    assert seen["plain"] == {"motto": "from the lifespan", "verdict": MISSING}


@with_each_framework
def test_a_test_client_needs_no_lifespan(make: Callable[[], ASGIApp]) -> None:
    client = TestClient(WebSocketHandshakeMiddleware(make()))
    with client.websocket_connect("/echo") as session:
        assert session.accepted_subprotocol is None
        assert session.receive_json() == {"path": "/echo", "query": "", "motto": None}
        session.send_text("hello")
        assert session.receive_text() == "hello"


def test_a_key_that_a_test_has_wrong_is_rejected_from_any_address() -> None:
    recorder = RecordingObserver()
    app = WebSocketHandshakeMiddleware(starlette_app(), observers=[recorder])
    client = TestClient(app, client=ELSEWHERE)
    short = {"Sec-WebSocket-Key": "short"}
    with pytest.raises(WebSocketDenialResponse) as rejected, ExitStack() as stack:
        stack.enter_context(client.websocket_connect("/echo", headers=short))
    assert rejected.value.status_code == 400
    assert rejected.value.headers["websocket-handshake-error"] == "key_malformed"
    assert recorder.codes == [("key_malformed",)]


def test_another_fault_from_the_test_client_is_rejected() -> None:
    client = TestClient(WebSocketHandshakeMiddleware(starlette_app()))
    with pytest.raises(WebSocketDenialResponse) as rejected, ExitStack() as stack:
        stack.enter_context(
            client.websocket_connect("/echo", headers={"sec-websocket-version": "8"})
        )
    assert rejected.value.headers["websocket-handshake-error"] == "version_unsupported"


@at_each_place
def test_each_place_lets_an_allowed_origin_in_and_another_not(
    make: Callable[[], ASGIApp],
) -> None:
    client = TestClient(make())
    ours = {"origin": "https://example.com"}
    with client.websocket_connect("/verdict", ["a", "b"], headers=ours) as session:
        assert session.receive_json() == {
            "accepted": True,
            "subprotocols": ["a", "b"],
            "origin": "https://example.com",
        }
    theirs = {"origin": "https://evil.example"}
    with pytest.raises(WebSocketDenialResponse) as rejected, ExitStack() as stack:
        stack.enter_context(client.websocket_connect("/verdict", headers=theirs))
    assert rejected.value.status_code == 403
    assert rejected.value.headers["websocket-handshake-error"] == "origin_not_allowed"


@at_each_place
def test_each_place_rejects_a_handshake_that_comes_as_plain_http(
    make: Callable[[], ASGIApp],
) -> None:
    client = TestClient(make())
    headers = {"sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ=="}
    rejected = client.get("/echo", headers={**headers, "connection": "close"})
    assert rejected.status_code == 400
    assert rejected.headers["websocket-handshake-error"] == (
        "upgrade_missing, connection_not_upgrade, version_missing"
    )
    assert client.get("/").json() == {"motto": None, "verdict": MISSING}


def test_channels_communicator_sees_no_difference() -> None:
    bare = asyncio.run(of_channels(channels_consumer()))
    app = WebSocketHandshakeMiddleware(channels_consumer())
    assert asyncio.run(of_channels(app)) == bare
    assert bare == [(True, None), "HELLO", (True, "b"), "AGAIN", (False, 4003)]


def test_httpx_ws_sees_no_difference() -> None:
    bare = asyncio.run(of_httpx_ws(starlette_app()))
    app = WebSocketHandshakeMiddleware(starlette_app())
    assert asyncio.run(of_httpx_ws(app)) == bare
    assert bare == [
        ("superchat", {"path": "/echo", "query": "room=1", "motto": None}, "hello"),
        (4003, "not today"),
        {"motto": None, "verdict": MISSING},
    ]


@pytest.mark.parametrize(
    ("scope", "responses"),
    [
        (VALID.websocket_scope(), ["websocket.accept"]),
        (
            VALID.asked(headers=()).http_scope(),
            ["http.response.start", "http.response.body"],
        ),
    ],
)
def test_a_scope_without_state_is_served(scope: Scope, responses: list[str]) -> None:
    del scope["state"]
    sent = ask(
        WebSocketHandshakeMiddleware(accept_all),
        scope,
        {"type": "websocket.connect"},
        {"type": "websocket.disconnect", "code": 1000},
    )
    assert [message["type"] for message in sent] == responses


def test_a_plain_request_without_state_gets_none() -> None:
    scope = VALID.asked(headers=()).http_scope()
    del scope["state"]
    ask(WebSocketHandshakeMiddleware(accept_all), scope)
    assert "state" not in scope


def test_the_application_of_the_other_servers_runs_here_too() -> None:
    with TestClient(reporting_app) as client:
        assert client.get("/").status_code == TEAPOT
        with client.websocket_connect("/") as session:
            session.send_text("hello")
            assert session.receive_text() == "hello"
