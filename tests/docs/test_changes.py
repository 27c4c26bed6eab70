"""What the documentation says of uvicorn with us, and of uvicorn as it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.support.docs_examples import DOCS, DOOR, application, outcome, table
from ws_handshake import WebSocketHandshakeMiddleware

if TYPE_CHECKING:
    from ws_handshake.asgi.scope import ASGIApp

FIRST = "GET /ws HTTP/1.1\n"
HOST = "Host: chat.example.com\n"
UPGRADE = "Upgrade: websocket\n"
CONNECTION = "Connection: Upgrade\n"
KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n"
VERSION = "Sec-WebSocket-Version: 13\n"
SOUND = FIRST + HOST + UPGRADE + CONNECTION + KEY + VERSION
ORIGIN = "Origin: https://evil.example\n"

#: A word of the row that names the request, and the request.
REQUESTS = {
    "HTTP/1.0": SOUND.replace("HTTP/1.1", "HTTP/1.0"),
    "proxy_http_version": SOUND.replace("HTTP/1.1", "HTTP/1.0"),
    "drops Upgrade": SOUND.replace(UPGRADE, ""),
    "Upgrade is lost": SOUND.replace(UPGRADE, ""),
    "by `close`": SOUND.replace(CONNECTION, "Connection: close\n"),
    "without a key": SOUND.replace(KEY, ""),
    "key is missing": SOUND.replace(KEY, ""),
    "no key": SOUND.replace(KEY, "Sec-WebSocket-Key: AAAA\n"),
    "key is malformed": SOUND.replace(KEY, "Sec-WebSocket-Key: AAAA\n"),
    "its key twice": SOUND + KEY,
    "the version twice": SOUND + VERSION,
    "body": SOUND + "Content-Length: 5\n\nhello",
    "over 8 KiB": SOUND + "Cookie: a=[x 8200 times]\n",
    "Bearer": SOUND + "Sec-WebSocket-Protocol: Bearer abc\n",
    "POST": SOUND.replace("GET", "POST"),
    "h2c": SOUND.replace(UPGRADE, "Upgrade: h2c, websocket\n"),
    "second Connection": SOUND + "Connection: keep-alive\n",
    "rigin": SOUND + ORIGIN,
    "as a page": FIRST + HOST + "Accept: text/html\n",
    "Host is missing": SOUND.replace(HOST, ""),
    "no HTTP": SOUND + "X Trace: 7\n",
}

HTTPTOOLS = "ws_handshake.uvicorn:HttpToolsProtocol"

CHANGES = table(DOCS / "middleware.md", "What changes for whom")
ALONE = table(DOCS / "uvicorn.md", "One without the other")


def _request(row: list[str]) -> str:
    (text,) = [text for word, text in REQUESTS.items() if word in row[0]]
    return text


def _guarded() -> ASGIApp:
    return WebSocketHandshakeMiddleware(
        application,
        allowed_origins=["https://chat.example.com"],
        websocket_paths=["/ws"],
    )


def _gets(
    app: ASGIApp, request: str | bytes, *, http: str = DOOR, ws: str = "wsproto"
) -> str:
    """Return what a client gets: the status, and the codes."""
    answer = outcome(app, request, http=http, ws=ws).answer
    return " ".join([str(answer.status or "no answer"), *answer.codes])


def _said(told: str) -> str:
    return re.sub(r"(?<=[0-9]) \w+$", " said", told)


@pytest.mark.parametrize("row", CHANGES, ids=lambda row: row[0])
def test_who_notices_the_middleware_notices_what_the_table_says(row: list[str]) -> None:
    text = _request(row)
    unlinked = re.sub(r"\[(\w+)\]\([^)]*\)", r"\1", row[3])
    assert [*row[1:3], unlinked] == [
        _gets(application, text, http="h11"),
        _gets(application, text, http="h11", ws="websockets-sansio"),
        _gets(_guarded(), text),
    ]
    assert _gets(_guarded(), text, ws="websockets-sansio") == unlinked


@pytest.mark.parametrize("row", ALONE, ids=lambda row: row[0])
def test_the_middleware_alone_does_what_the_table_says(row: list[str]) -> None:
    text = _request(row)
    both, wsproto, websockets = row[1:]
    for ws in ("wsproto", "websockets-sansio"):
        assert _said(_gets(_guarded(), text, ws=ws)) == both
    assert _said(_gets(_guarded(), text, http="h11")) == wsproto
    told = _said(_gets(_guarded(), text, http="h11", ws="websockets-sansio"))
    assert told == websockets


@pytest.mark.parametrize("row", ALONE, ids=lambda row: row[0])
def test_the_door_alone_explains_what_the_parser_refuses_and_is_uvicorn_else(
    row: list[str],
) -> None:
    text = _request(row)
    refused = {"Host is missing": "host_missing", "no HTTP": "head_malformed"}
    explained = [code for word, code in refused.items() if word in row[0]]
    for ws in ("wsproto", "websockets-sansio"):
        uvicorn = _gets(application, text, http="h11", ws=ws)
        expected = " ".join([uvicorn, *explained])
        assert _gets(application, text, ws=ws) == expected


@pytest.mark.parametrize("row", CHANGES, ids=lambda row: row[0])
def test_report_only_leaves_a_broken_handshake_to_what_it_met_before(
    row: list[str],
) -> None:
    text = _request(row)
    watching = WebSocketHandshakeMiddleware(
        application,
        allowed_origins=["https://chat.example.com"],
        websocket_paths=["/ws"],
        report_only=True,
    )
    for ws, before in zip(("wsproto", "websockets-sansio"), row[1:3], strict=True):
        told = outcome(watching, text, ws=ws)
        answer = str(told.answer.status or "no answer")
        sound = row[3] == "101"
        assert answer == ("101" if sound else before)
        refused = [e for e in told.logged if e["event"].endswith("rejected")]
        assert [e["websocket.handshake.report_only"] for e in refused] == (
            [] if sound else [True]
        )


def test_the_two_parsers_differ_as_the_table_says() -> None:
    heads: dict[str, str | bytes] = {
        "obs-fold": SOUND.replace("Upgrade: websocket", "Upgrade:\n websocket"),
        "LF alone": (SOUND + "\n").encode(),
        "HTTP/1.2": SOUND.replace("HTTP/1.1", "HTTP/1.2"),
    }
    wrapped = WebSocketHandshakeMiddleware(application)
    rows = table(DOCS / "uvicorn.md", "Two parsers")
    assert len(rows) == len(heads)
    for (head, h11, httptools), (name, request) in zip(
        rows, heads.items(), strict=True
    ):
        assert name in head
        assert "upgraded if sound" in h11
        assert _gets(wrapped, request) == "101"
        assert "400" in httptools
        assert "head_malformed" in httptools
        told = _gets(wrapped, request, http=HTTPTOOLS)
        assert told == "400 head_malformed"
