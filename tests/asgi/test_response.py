"""A rejection, as what an application sends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.asgi import ask, guarded
from tests.support.handshakes import VALID

if TYPE_CHECKING:
    from ws_handshake.asgi.scope import Message

BROKEN = VALID.without(b"upgrade", b"sec-websocket-version")


def test_a_broken_websocket_is_denied_with_a_response() -> None:
    spy, recorder, app = guarded()

    start, body = ask(app, VALID.but(b"sec-websocket-key", b"short").websocket_scope())

    assert spy.scopes == []
    assert start["type"] == "websocket.http.response.start"
    assert start["status"] == 400
    assert body["type"] == "websocket.http.response.body"
    assert json.loads(body["body"])["violations"][0]["received"] == "5 characters"
    assert [(r.outcome, r.status) for r in recorder.records] == [("rejected", 400)]


def test_a_response_to_head_has_the_headers_and_no_body() -> None:
    _, _, app = guarded()

    start, body = ask(app, BROKEN.asked(method="HEAD").http_scope())

    assert start["status"] == 405
    assert dict(start["headers"])[b"allow"] == b"GET"
    assert int(dict(start["headers"])[b"content-length"]) > 100
    assert body == {"type": "http.response.body", "body": b""}


def test_a_server_that_takes_no_denial_response_gets_a_close() -> None:
    _, recorder, app = guarded()
    broken = VALID.but(b"sec-websocket-key", b"short")

    without: list[dict[str, Any] | None] = [{}, None, {"tls": {}}]
    for extensions in without:
        sent = ask(app, broken.websocket_scope(extensions=extensions))
        assert sent == [{"type": "websocket.close", "code": 1008}]

    assert [record.status for record in recorder.records] == [403, 403, 403]


def test_a_denial_goes_out_under_an_event_loop_that_is_not_asyncios() -> None:
    _, _, app = guarded()
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    broken = VALID.but(b"sec-websocket-key", b"short")
    call = app(broken.websocket_scope(), None, send)
    with pytest.raises(StopIteration):
        call.send(None)

    assert [message["type"] for message in sent] == [
        "websocket.http.response.start",
        "websocket.http.response.body",
    ]
