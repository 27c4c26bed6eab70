"""The demo application: its page, its chat, and the list of ways to break it."""

from __future__ import annotations

import asyncio
import importlib
import json
import re
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocket

from demo_app.chat import Room
from demo_app.settings import port_of
from demo_app.site import STATIC, create_app
from tests.handshakes import SOUND
from ws_handshake.reasons import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Message

WELCOME = {"type": "welcome", "you": "Guest 1"}
ALONE = {"type": "presence", "people": 1}
HINT = {
    "type": "error",
    "text": 'Send JSON such as {"text": "hello"}, at most 1,000 letters.',
}


def client() -> TestClient:
    return TestClient(create_app(8000))


def test_the_application_is_importable_and_reads_its_port_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PORT", "8042")
    app = importlib.import_module("demo_app.app").app
    assert app.policy.docs_url == "http://127.0.0.1:8042/reasons"


def test_the_port_is_8000_unless_another_is_named() -> None:
    assert port_of({}) == 8000
    assert port_of({"PORT": ""}) == 8000
    assert port_of({"PORT": "65535"}) == 65535


@pytest.mark.parametrize("text", ["eight", "0", "65536", "-1", "8e3", "٨٠٠٠"])
def test_a_port_that_is_none_is_told_with_a_hint(text: str) -> None:
    with pytest.raises(ValueError, match=r"^PORT is ") as told:
        port_of({"PORT": text})
    assert str(told.value) == (
        f"PORT is {text!r}; set it to a number from 1 to 65535, such as PORT=8000."
    )


def test_the_page_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    answer = client().get("/")
    assert answer.status_code == 200
    assert answer.headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self' ws://127.0.0.1:8000 ws://localhost:8000; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )
    assert not re.search(
        r"<style|\sstyle=|\son\w+=|<script(?! type=.* src=)", answer.text
    )


def test_whatever_the_page_names_is_there_and_of_this_server() -> None:
    asked = client()
    wanted = re.findall(r'(?:src|href)="([^"]+)"', asked.get("/").text)
    assert sorted(wanted) == [
        f"/static/{n}" for n in ("icon.svg", "page.css", "page.js")
    ]
    assert all(asked.get(path).status_code == 200 for path in wanted)
    for script in STATIC.glob("*.js"):
        text = script.read_text(encoding="utf-8")
        assert not re.search("innerHTML|outerHTML|insertAdjacent|https?://|eval", text)
        for path in re.findall(r'from "([^"]+)"', text):
            assert asked.get(path).status_code == 200


def test_health_is_told_over_plain_http() -> None:
    answer = client().get("/health")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_the_list_has_every_reason_with_a_line_or_why_there_is_none() -> None:
    listed = client().get("/ways.json").json()
    assert listed["sound"].startswith("curl -i http://127.0.0.1:8000/ws --max-time 1")
    assert [way["code"] for way in listed["ways"]] == [r.code for r in CATALOGUE]
    for way in listed["ways"]:
        assert (way["line"] is None) != (way["never"] is None)
        assert (
            way["line"] is None
            or "http://127.0.0.1:8000/" in way["line"]
            or (way["line"].endswith("curl -s telnet://127.0.0.1:8000"))
        )


def test_the_type_of_an_answer_leads_to_its_place_on_the_page() -> None:
    asked = client()
    link = asked.get("/ws").json()["type"]
    assert link == "http://127.0.0.1:8000/reasons/not_a_handshake"
    answer = asked.get("/reasons/not_a_handshake", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (
        307,
        "/#not_a_handshake",
    )
    answer = asked.get("/reasons/no_such_thing")
    assert (answer.status_code, answer.text) == (
        404,
        "There is no reason of this name.",
    )


def test_everybody_hears_what_anybody_says() -> None:
    with (
        client() as asked,  # entered, it has one event loop for all
        asked.websocket_connect("/ws") as one,
        asked.websocket_connect("/ws") as two,
    ):
        assert one.receive_json() == WELCOME
        assert one.receive_json() == ALONE
        assert two.receive_json() == {"type": "welcome", "you": "Guest 2"}
        both = {"type": "presence", "people": 2}
        assert one.receive_json() == two.receive_json() == both
        two.send_json({"text": " Hello <b>you</b> "})
        said = {"type": "message", "from": "Guest 2", "text": "Hello <b>you</b>"}
        assert one.receive_json() == two.receive_json() == said


def test_who_leaves_is_no_longer_counted() -> None:
    with client() as asked, asked.websocket_connect("/ws") as one:
        with asked.websocket_connect("/ws") as two:
            assert two.receive_json()["type"] == "welcome"
        heard = [one.receive_json() for _ in range(4)]
    assert heard == [WELCOME, ALONE, {"type": "presence", "people": 2}, ALONE]


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "hello",
        "[]",
        "{}",
        '{"text": 1}',
        '{"text": "  "}',
        json.dumps({"text": "x" * 1001}),
        "[" * 16_000,
        "1" * 5_000,
    ],
)
def test_a_frame_that_is_no_message_is_answered_with_a_hint(frame: str) -> None:
    with client().websocket_connect("/ws") as one:
        one.send_text(frame)
        assert [one.receive_json() for _ in range(3)] == [WELCOME, ALONE, HINT]


def test_a_binary_frame_is_answered_with_a_hint() -> None:
    with client().websocket_connect("/ws") as one:
        one.send_bytes(b'{"text": "hello"}')
        assert [one.receive_json() for _ in range(3)] == [WELCOME, ALONE, HINT]


@pytest.mark.parametrize(
    ("offered", "taken"), [(["chat"], "chat"), (["x", "chat"], "chat"), (["x"], None)]
)
def test_the_subprotocol_chat_is_taken_where_it_is_offered(
    offered: list[str], taken: str | None
) -> None:
    with client().websocket_connect("/ws", subprotocols=offered) as one:
        assert one.accepted_subprotocol == taken


def test_a_page_from_elsewhere_may_not_connect() -> None:
    headers = {"origin": "https://elsewhere.example"}
    with pytest.raises(WebSocketDenialResponse) as told, ExitStack() as stack:
        stack.enter_context(client().websocket_connect("/ws", headers=headers))
    assert told.value.status_code == 403
    assert told.value.json()["code"] == "origin_not_allowed"


class _Line:
    """A fake server's end of one WebSocket; `on_send` plays the network."""

    def __init__(self, on_send: Callable[[Message], Any]) -> None:
        self.heard: list[Any] = []
        self.sent = asyncio.Event()
        self.incoming: asyncio.Queue[Message] = asyncio.Queue()
        self.incoming.put_nowait({"type": "websocket.connect"})
        self._on_send = on_send

    def websocket(self) -> WebSocket:
        return WebSocket(SOUND.websocket_scope(), self.incoming.get, self._send)

    async def say_and_hear(self, text: str) -> None:
        frame = json.dumps({"text": text})
        self.incoming.put_nowait({"type": "websocket.receive", "text": frame})
        while {"type": "message", "from": "Guest 2", "text": text} not in self.heard:
            self.sent.clear()
            await self.sent.wait()

    async def _send(self, message: Message) -> None:
        if message["type"] == "websocket.send":
            self.heard.append(json.loads(message["text"]))
            self.sent.set()
            await self._on_send(message)


async def _at_once(_message: Message) -> None:
    """A client that reads."""


async def _never(_message: Message) -> None:
    """A client that does not."""
    await asyncio.Event().wait()


async def _gone(_message: Message) -> None:
    raise OSError


async def _faulty(_message: Message) -> None:
    raise RuntimeError("A fault of ours.")


def test_a_client_that_does_not_read_is_dropped_and_nobody_waits_for_it() -> None:
    async def play() -> list[str]:
        room = Room(waiting=3)
        slow, quick = _Line(_never), _Line(_at_once)
        stuck = asyncio.create_task(room.serve(slow.websocket()))
        await slow.sent.wait()
        talking = asyncio.create_task(room.serve(quick.websocket()))
        for number in range(20):
            await quick.say_and_hear(str(number))
        await stuck
        quick.incoming.put_nowait({"type": "websocket.disconnect"})
        await talking
        assert slow.heard == [WELCOME]
        return [m["text"] for m in quick.heard if m["type"] == "message"]

    heard = asyncio.run(asyncio.wait_for(play(), 10))
    assert heard == [str(number) for number in range(20)]


def test_a_client_that_is_gone_when_it_is_sent_something_ends_without_a_fault() -> None:
    asyncio.run(asyncio.wait_for(Room().serve(_Line(_gone).websocket()), 10))


def test_a_fault_of_ours_is_not_hidden() -> None:
    with pytest.raises(ExceptionGroup) as told:
        asyncio.run(asyncio.wait_for(Room().serve(_Line(_faulty).websocket()), 10))
    assert [str(fault) for fault in told.value.exceptions] == ["A fault of ours."]
