"""What the documentation says of uvicorn with us, and of uvicorn alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.support.docs_examples import (
    DOCS,
    PROTOCOL,
    apart,
    application,
    outcome,
    sections,
    table,
)
from ws_handshake import WebSocketHandshakeMiddleware

if TYPE_CHECKING:
    from ws_handshake.asgi.scope import ASGIApp

FIRST = "GET /ws HTTP/1.1\n"
HOST = "Host: chat.example.com\n"
UPGRADE = "Upgrade: websocket\n"
CONNECTION = "Connection: Upgrade\n"
KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n"
VERSION = "Sec-WebSocket-Version: 13\n"
VALID = FIRST + HOST + UPGRADE + CONNECTION + KEY + VERSION
ORIGIN = "Origin: https://evil.example\n"

#: A word of the row that names the request, and the request.
REQUESTS = {
    "HTTP/1.0": VALID.replace("HTTP/1.1", "HTTP/1.0"),
    "proxy_http_version": VALID.replace("HTTP/1.1", "HTTP/1.0"),
    "drops Upgrade": VALID.replace(UPGRADE, ""),
    "Upgrade is lost": VALID.replace(UPGRADE, ""),
    "by `close`": VALID.replace(CONNECTION, "Connection: close\n"),
    "without a key": VALID.replace(KEY, ""),
    "key is missing": VALID.replace(KEY, ""),
    "no key": VALID.replace(KEY, "Sec-WebSocket-Key: AAAA\n"),
    "key is malformed": VALID.replace(KEY, "Sec-WebSocket-Key: AAAA\n"),
    "the key twice": VALID + KEY,
    "the version twice": VALID + VERSION,
    "body": VALID + "Content-Length: 5\n\nhello",
    "over 8 KiB": VALID + "Cookie: a=[x 8200 times]\n",
    "Bearer": VALID + "Sec-WebSocket-Protocol: Bearer abc\n",
    "POST": VALID.replace("GET", "POST"),
    "h2c": VALID.replace(UPGRADE, "Upgrade: h2c, websocket\n"),
    "second Connection": VALID + "Connection: keep-alive\n",
    "rigin": VALID + ORIGIN,
    "as a page": FIRST + HOST + "Accept: text/html\n",
    "Host is missing": VALID.replace(HOST, ""),
    "no HTTP": VALID + "X Trace: 7\n",
}

HTTPTOOLS = "ws_handshake.uvicorn:HttpToolsProtocol"

CHANGES = apart(table(DOCS / "middleware.md", "What changes for whom"))
ALONE = apart(table(DOCS / "uvicorn.md", "One without the other"))


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
    app: ASGIApp, request: str | bytes, *, http: str = PROTOCOL, ws: str = "wsproto"
) -> str:
    """Return what a client gets: the status, and the codes."""
    response = outcome(app, request, http=http, ws=ws).response
    return " ".join([str(response.status or "no response"), *response.codes])


def _cell(gets: str) -> str:
    """Write `explained` in the place of the code, as the table does."""
    return re.sub(r"(?<=[0-9]) \w+$", " explained", gets)


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
        assert _cell(_gets(_guarded(), text, ws=ws)) == both
    assert _cell(_gets(_guarded(), text, http="h11")) == wsproto
    alone = _cell(_gets(_guarded(), text, http="h11", ws="websockets-sansio"))
    assert alone == websockets


@pytest.mark.parametrize("row", ALONE, ids=lambda row: row[0])
def test_the_protocol_class_alone_only_explains_what_the_parser_rejects(
    row: list[str],
) -> None:
    text = _request(row)
    rejected = {"Host is missing": "host_missing", "no HTTP": "head_malformed"}
    explained = [code for word, code in rejected.items() if word in row[0]]
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
        result = outcome(watching, text, ws=ws)
        response = str(result.response.status or "no response")
        valid = row[3] == "101"
        assert response == ("101" if valid else before)
        rejected = [e for e in result.logged if e["event"].endswith("rejected")]
        assert [e["websocket.handshake.report_only"] for e in rejected] == (
            [] if valid else [True]
        )


def test_the_two_parsers_differ_as_the_page_says() -> None:
    heads: dict[str, str | bytes] = {
        "obs-fold": VALID.replace("Upgrade: websocket", "Upgrade:\n websocket"),
        "LF alone": (VALID + "\n").encode(),
        "HTTP/1.2": VALID.replace("HTTP/1.1", "HTTP/1.2"),
    }
    wrapped = WebSocketHandshakeMiddleware(application)
    page = sections((DOCS / "uvicorn.md").read_text(encoding="utf-8"))["Two parsers"]
    assert all(name in " ".join(page.split()) for name in heads)
    for request in heads.values():
        assert _gets(wrapped, request) == "101"
        assert _gets(wrapped, request, http=HTTPTOOLS) == "400 head_malformed"
