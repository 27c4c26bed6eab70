"""The inspector's responses, and the bodies that it reads."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from ws_handshake.inspector.responses import body_of, report, respond

if TYPE_CHECKING:
    from ws_handshake.asgi.scope import Message


def responded() -> list[Message]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def run() -> None:
        await respond(send, b"hello", b"text/css", status=201, extra=((b"a", b"b"),))
        await report(send, 403, "No.")

    asyncio.run(run())
    return sent


def test_a_response_is_whole_and_allows_nothing_from_elsewhere() -> None:
    start, body, reported, sentence = responded()
    headers = dict(start["headers"])
    assert start["status"] == 201
    assert headers.pop(b"content-security-policy") == (
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        b"connect-src 'self'; base-uri 'none'; form-action 'none'; "
        b"frame-ancestors 'none'"
    )
    assert headers == {
        b"content-type": b"text/css",
        b"content-length": b"5",
        b"cache-control": b"no-store",
        b"cross-origin-resource-policy": b"same-origin",
        b"referrer-policy": b"no-referrer",
        b"x-content-type-options": b"nosniff",
        b"a": b"b",
    }
    assert body == {"type": "http.response.body", "body": b"hello"}
    assert reported["status"] == 403
    assert dict(reported["headers"])[b"content-type"] == b"text/plain; charset=utf-8"
    assert sentence["body"] == b"No.\n"


def read(*messages: Message) -> bytes | None:
    waiting = [*messages]

    async def receive() -> Message:
        return waiting.pop(0)

    return asyncio.run(body_of(receive, 6))


PARTS = (
    {"type": "http.request", "body": b"abc", "more_body": True},
    {"type": "http.request", "body": b"def", "more_body": False},
)


@pytest.mark.parametrize(
    ("messages", "body"),
    [
        (PARTS, b"abcdef"),
        (({"type": "http.request"},), b""),
        ((PARTS[0], PARTS[0], PARTS[0]), None),
        ((PARTS[0], {"type": "http.disconnect"}), None),
    ],
)
def test_a_body_comes_in_parts_and_not_too_many(
    messages: tuple[Message, ...], body: bytes | None
) -> None:
    assert read(*messages) == body
