from __future__ import annotations

import asyncio
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any

import pytest

from ws_handshake.asgi.send import Decisions, DecisionTracker

if TYPE_CHECKING:
    from ws_handshake.asgi.scope import Message, Scope, Send

ACCEPT = {"type": "websocket.accept"}
CLOSE = {"type": "websocket.close"}
TEXT = {"type": "websocket.send", "text": "hello"}


async def nothing_to_receive() -> Message:
    raise AssertionError


def watched(*messages: Message, takes_over: bool = False) -> list[str]:
    """Send messages through a tracker, and return in which order things happened."""
    happened: list[str] = []
    asyncio.run(play(happened, *messages, takes_over=takes_over))
    return happened


async def play(
    happened: list[str],
    *messages: Message,
    takes_over: bool = False,
    broken: bool = False,
    wants: bool = True,
) -> None:

    async def send(message: Message) -> None:
        if broken:
            raise OSError("gone")
        happened.append(message["type"])

    async def denied(
        _: Scope, message: Message, body: bytes, __: float, ___: Send
    ) -> bool:
        said = f": {body.decode()}" if body else ""
        happened.append(f"denied by {message['type']}{said}")
        return takes_over

    def accepted(_: Scope, __: Message, ___: float, error: Exception | None) -> None:
        happened.append("accepted" if error is None else f"not sent: {error}")

    decisions = Decisions(lambda _scope, _message: wants, accepted, denied)
    tracker = DecisionTracker({}, nothing_to_receive, send, decisions)
    for message in messages:
        await tracker.send(message)
    happened.append("end")
    await tracker.end()


def test_an_acceptance_is_reported_once_it_is_sent() -> None:
    assert watched(ACCEPT, TEXT, CLOSE) == [
        *("websocket.accept", "accepted", "websocket.send", "websocket.close", "end")
    ]


def test_an_acceptance_that_cannot_be_sent_is_reported_as_such_and_raises() -> None:
    happened: list[str] = []

    with pytest.raises(OSError, match="gone"):
        asyncio.run(play(happened, ACCEPT, broken=True))
    assert happened == ["not sent: gone"]


def test_a_denial_is_reported_before_it_is_sent() -> None:
    assert watched(CLOSE) == ["denied by websocket.close", "websocket.close", "end"]


def test_a_denial_that_is_taken_over_is_not_sent() -> None:
    assert watched(CLOSE, takes_over=True) == ["denied by websocket.close", "end"]


START = {"type": "websocket.http.response.start", "status": 401}


def body(part: object = None, *, more: bool = False) -> Message:
    parts = {} if part is None else {"body": part}
    return {"type": "websocket.http.response.body", "more_body": more, **parts}


@pytest.mark.parametrize(
    ("parts", "said", "place"),
    [
        ([body(b"")], "", 1),
        ([body()], "", 1),
        ([body(b"Token expired")], ": Token expired", 1),
        ([body(b"Token ", more=True), body(b"expired")], ": Token expired", 2),
        ([body(b"a" * 2000, more=True), body(b"a" * 49, more=True)], "", 2),
        # what is no body is the server's to reject
        ([body("text")], "", 1),
        ([TEXT], "", 3),
        ([], "", 2),
        ([body(b"a", more=True)], ": a", 3),
        ([body(b"a"), body(b"b")], ": a", 1),
    ],
)
def test_a_denial_response_is_reported_once_when_it_is_complete(
    parts: list[Message], said: str, place: int
) -> None:
    passed_on = [message["type"] for message in (START, *parts)] + ["end"]
    passed_on.insert(place, f"denied by {START['type']}{said}")

    assert watched(START, *parts) == passed_on


def test_a_plain_response_is_reported_before_the_server_objects_to_it() -> None:
    assert watched({"type": "http.response.start", "status": 200}) == [
        *("denied by http.response.start", "http.response.start", "end")
    ]


def test_what_decides_nothing_is_passed_on() -> None:
    assert watched(TEXT, ACCEPT) == [
        *("websocket.send", "websocket.accept", "accepted", "end")
    ]


def test_an_acceptance_that_no_observer_wants_is_only_sent() -> None:
    happened: list[str] = []
    asyncio.run(play(happened, ACCEPT, TEXT, CLOSE, wants=False))

    sent = ["websocket.accept", "websocket.send", "websocket.close"]
    assert happened == [*sent, "end"]


def receiving(*messages: Message) -> DecisionTracker:
    """Return a tracker that has received these messages."""
    waiting = list(messages)

    async def receive() -> Message:
        return waiting.pop(0)

    async def all_of_them() -> DecisionTracker:
        tracker = DecisionTracker({}, receive, _never_sent, _NO_DECISIONS)
        assert [await tracker.receive() for _ in messages] == [*messages]
        return tracker

    return asyncio.run(all_of_them())


async def _never_sent(_message: Message) -> None:
    raise AssertionError


async def _never_denied(*_: object) -> bool:
    raise AssertionError


_NO_DECISIONS = Decisions(lambda *_: False, lambda *_: None, _never_denied)


def test_a_decision_is_pending_until_the_client_goes() -> None:
    assert receiving({"type": "websocket.connect"}).pending
    assert not receiving({"type": "websocket.disconnect", "code": 1006}).pending


@pytest.mark.parametrize("message", [{}, None, 7], ids=repr)
def test_a_message_without_a_type_is_the_servers_to_reject(message: Any) -> None:
    assert receiving(message).pending
    happened: list[Any] = []

    async def send(message: Message) -> None:
        happened.append(message)

    asyncio.run(
        DecisionTracker({}, nothing_to_receive, send, _NO_DECISIONS).send(message)
    )
    assert happened == [message]


def test_frameworks_find_coroutine_functions() -> None:
    watch = receiving()
    assert iscoroutinefunction(watch.send)
    assert iscoroutinefunction(watch.receive)


@pytest.mark.parametrize("message", [ACCEPT, CLOSE], ids=["accepted", "denied"])
def test_how_long_the_application_takes_to_decide_is_reported(
    message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter([10.0, 12.5])
    monkeypatch.setattr("ws_handshake.asgi.send.perf_counter", lambda: next(clock))
    reported: list[float] = []

    async def send(_message: Message) -> None:
        pass

    async def denied(
        _: Scope, __: Message, ___: bytes, seconds: float, ____: Send
    ) -> bool:
        reported.append(seconds)
        return False

    def accepted(_: Scope, __: Message, seconds: float, ___: Exception | None) -> None:
        reported.append(seconds)

    async def decide() -> None:
        decisions = Decisions(lambda *_: True, accepted, denied)
        await DecisionTracker({}, nothing_to_receive, send, decisions).send(message)

    asyncio.run(decide())
    assert reported == [2.5]
