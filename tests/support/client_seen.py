"""What a real client sees of a connection, and what each of them offers."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

OFFERED = ["v2.chat", "v1.chat"]
COOKIE = "; ".join(f"c{number:02}={'x' * 94}" for number in range(60))
MEBIBYTE = 2**20


class Seen(NamedTuple):
    """What came of one connection: `extensions` are those of the request."""

    subprotocol: str | None
    cookie: int
    extensions: str
    text: str
    size: int
    code: int | None


def seen(chosen: str | None, scope: str, text: str, data: Any, code: Any) -> Seen:
    """Return what came of a connection, with what the application saw of it."""
    headers = dict(json.loads(scope)["headers"])
    offered = headers.get("sec-websocket-extensions", "")
    return Seen(chosen, len(headers.get("cookie", "")), offered, text, len(data), code)


def url(port: int) -> str:
    """Return where the application is."""
    return f"ws://127.0.0.1:{port}/ws"
