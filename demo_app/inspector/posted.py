"""What the page posts: JSON of limited length, from the demo's own origin."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from demo_app.settings import origins_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

LARGEST = 65_536

_EXAMPLE = '{"head": "GET /ws HTTP/1.1"}'


async def posted(request: Request, port: int) -> dict[str, Any]:
    """Return the object that was posted. Raises HTTPException for anything else."""
    check_origin(request.headers.get("origin"), port)
    kind = request.headers.get("content-type", "").partition(";")[0].strip(" \t")
    if kind.lower() != "application/json":
        raise HTTPException(415, "Send it with Content-Type: application/json.")
    try:
        parsed = json.loads(await _body(request))
    except (ValueError, RecursionError):
        parsed = None
    if not isinstance(parsed, dict):
        raise HTTPException(400, f"Send a JSON object, such as {_EXAMPLE}.")
    return parsed


def head_of(asked: Mapping[str, object]) -> str:
    """Return the request head that was posted. Raises HTTPException without one."""
    head = asked.get("head")
    if not isinstance(head, str):
        raise HTTPException(400, f"head is the text of a request: {_EXAMPLE}.")
    return head


def check_origin(origin: str | None, port: int) -> None:
    """Raise HTTPException for a page from elsewhere; other clients send no Origin.

    The Origin is compared with our own addresses, and not with Host: with DNS rebinding
    a page from elsewhere has its own name in both.
    """
    if origin is not None and origin not in origins_of(port):
        raise HTTPException(403, "Only the demo's own page may ask for this.")


async def _body(request: Request) -> bytes:
    body = b""
    with suppress(ClientDisconnect):  # half a body is not JSON, and no one reads why
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST:
                raise HTTPException(413, f"Send at most {LARGEST:,} bytes.")
    return body
