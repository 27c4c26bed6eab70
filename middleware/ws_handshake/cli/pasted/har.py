"""Reads a HAR file: those of its entries that are handshakes, or attempts at one."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from ws_handshake.cli.pasted.request import (
    PastedRequest,
    flaw_of,
    put_together,
    read_url,
)
from ws_handshake.core.request import RequestHead

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ws_handshake.cli.pasted.request import Header

# Browsers write 0 if there was no response.
_STATUSES = range(100, 600)
_version = re.compile(r"(?i)(?:http/|h)?([0-9])(?:\.([0-9]))?")


def read_har(text: bytes) -> tuple[PastedRequest, ...] | None:
    """Return the handshakes in a HAR file; None if `text` is not one."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    log = _member(document, "log", dict)
    if not isinstance(log.get("entries"), list):
        return None
    return tuple(_handshakes(log["entries"]))


def _handshakes(entries: list[Any]) -> Iterator[PastedRequest]:
    for entry in entries:
        request = _member(entry, "request", dict)
        pasted = _request(request)._replace(server_status=_status(entry))
        is_websocket = _member(entry, "_resourceType", str) == "websocket"
        opens = _member(request, "url", str).lower().startswith(("ws:", "wss:"))
        if is_websocket or opens or pasted.is_attempt():
            yield pasted


def _request(request: dict[str, Any]) -> PastedRequest:
    address = read_url(_member(request, "url", str))
    pseudo, fields = _fields(_member(request, "headers", list))
    pseudo.setdefault(b":method", _bytes(_member(request, "method", str) or "GET"))
    if address.host:
        pseudo.setdefault(b":authority", address.host)
    method, _, headers, bridged = put_together(pseudo, fields)
    version = _spelt(_member(request, "httpVersion", str))
    head = RequestHead(method, version, headers, address.target, address.scheme)
    return PastedRequest(head, flaw_of(head), bridged=bridged)


def _fields(listed: list[Any]) -> tuple[dict[bytes, bytes], list[Header]]:
    pseudo: dict[bytes, bytes] = {}
    fields: list[Header] = []
    for field in listed:
        name = _bytes(_member(field, "name", str)).lower()
        value = _bytes(_member(field, "value", str)).strip(b" \t")
        if name.startswith(b":"):
            pseudo[name] = value
        else:
            fields.append((name, value))
    return pseudo, fields


def _spelt(version: str) -> str:
    """Return 1.1 for `HTTP/1.1`, 2 for `h2` and `http/2.0`, 1.1 for anything else."""
    match = _version.fullmatch(version)
    if match is None:
        return "1.1"
    major, minor = match.groups()
    return major if major in {"2", "3"} else f"{major}.{minor or 1}"


def _status(entry: object) -> int | None:
    status = _member(_member(entry, "response", dict), "status", int)
    return status if status in _STATUSES else None


def _member(document: object, name: str, kind: type[Any]) -> Any:  # noqa: ANN401  (JSON)
    """Return a member if it has the right type, else an empty value of that type."""
    found = document.get(name) if isinstance(document, dict) else None
    return found if isinstance(found, kind) else kind()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
