r"""Finds requests in printed values: header objects, ASGI scopes, WSGI environs, JSON.

Of JSON these are a HAR file, an entry of it, Chrome's net-export, its debugging
protocol, the access log of Caddy, an event of AWS Lambda, and whatever else has a
member called `headers`.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from ws_handshake.cli.pasted.literal import read_values
from ws_handshake.cli.pasted.members import (
    Members,
    as_bytes,
    fields_in_lines,
    fields_of,
    is_request,
    is_response,
    lowered,
    request_of,
    request_of_environ,
    status_of,
)
from ws_handshake.cli.pasted.request import (
    NO_REQUEST_LINE,
    SENT_ANYWAY,
    PastedRequest,
    flaw_of,
)
from ws_handshake.core.request import HOST, RequestHead

if TYPE_CHECKING:
    from collections.abc import Iterator

SCOPE = "an ASGI scope"
ENVIRON = "a WSGI environ"
NET_EXPORT = "a net-export log"
HAR_ENTRY = "an entry of a HAR file"
MEMBERS = "an object with headers"
HEADERS = "a header object"

_HEADERS = (
    *("headers", "rawheaders", "raw_headers", "requestheaders", "raw"),
    *("header", "req_headers", "http.request.line"),
)
_request_line = re.compile(r"([A-Z]+) +(\S+) +HTTP/([0-9](?:\.[0-9])?)\s*")
_status_line = re.compile(r"HTTP/[0-9.]+ +([1-5][0-9]{2})\b")


WITHOUT_HEADERS = (
    "The file has no headers of this request: it was not sent, because there was no "
    "connection, or the browser keeps them out. That one is missing here shows nothing."
)


OF_API_GATEWAY = (
    "API Gateway makes the handshake itself, and hands on neither Upgrade nor "
    "Connection: that they are missing here shows nothing."
)


class Printed(NamedTuple):
    """What the value is called, and the requests in it."""

    kind: str
    requests: list[PastedRequest]


def read_printed(text: bytes) -> Printed | None:
    """Return the requests in a printed value; None if there is none."""
    # a binary of Erlang is a string, too
    plain = text.replace(b'<<"', b'"').replace(b'">>', b'"')
    values = read_values(plain.decode("utf-8", "replace"))
    found = [one for value in values for one in _requests(value)]
    if not found:
        return None
    return Printed(found[0][0], [request for _, request in found])


def read_har(text: bytes) -> tuple[PastedRequest, ...] | None:
    """Return the handshakes in a HAR file; None if `text` is not one."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    entries = lowered(lowered(document).get("log")).get("entries")
    return tuple(_handshakes(entries)) if isinstance(entries, list) else None


def read_events(value: object) -> list[PastedRequest]:
    r"""Return the requests in a net-export log, each with the status of its response.

    {"events": [{"source": {"id": 1234}, "params": {
      "line": "GET /ws HTTP/1.1\r\n", "headers": ["Host: a", "Upgrade: websocket"]}}]}
    """
    events = value.get("events") if isinstance(value, dict) else None
    found: list[PastedRequest] = []
    places: dict[object, int] = {}
    for event in events if isinstance(events, list) else []:
        params = event.get("params") if isinstance(event, dict) else None
        if not isinstance(params, dict) or not isinstance(params.get("headers"), list):
            continue
        source = str(event.get("source"))
        lines = [line for line in params["headers"] if isinstance(line, str)]
        line = _request_line.match(str(params.get("line")))
        answer = _status_line.match("".join(lines[:1]))
        if line:
            places[source] = len(found)
            found.append(_of_event(line, lines))
        elif answer and source in places:
            at = places.pop(source)
            found[at] = found[at]._replace(server_status=int(answer[1]))
    return found


def _handshakes(entries: list[Any]) -> Iterator[PastedRequest]:
    for entry in map(lowered, entries):
        request = lowered(entry.get("request"))
        pasted = request_of(request, fields_of(request.get("headers")))
        is_websocket = entry.get("_resourcetype") == "websocket"
        opens = pasted.request.scheme in {"ws", "wss"}
        if not request.get("headers"):
            pasted = pasted._replace(left_out=SENT_ANYWAY, notes=(WITHOUT_HEADERS,))
        if is_websocket or opens or pasted.is_attempt():
            # browsers write 0 if there was no response
            yield pasted._replace(server_status=status_of(entry))


def _of_event(line: re.Match[str], lines: list[str]) -> PastedRequest:
    method, target, version = line.groups()
    fields = fields_in_lines(lines)
    request = RequestHead(method, version, fields, as_bytes(target))
    return PastedRequest(request, flaw_of(request))


def _requests(value: object) -> Iterator[tuple[str, PastedRequest]]:
    """Yield kind and request of every object in `value`, the outermost that has one."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        events = read_events(one)
        read = None if events else _read(one)
        if events:
            yield from ((NET_EXPORT, event) for event in events)
        elif read:
            yield read
        elif isinstance(one, dict):
            waiting.extend(reversed(_not_of_a_response(lowered(one))))
        elif isinstance(one, list):
            waiting.extend(reversed(one))


def _read(value: object) -> tuple[str, PastedRequest] | None:
    """Return kind and request if this value is one, and not a part of it."""
    if isinstance(value, list):
        return _bare(value)
    if not isinstance(value, dict):
        return None
    members = lowered(value)
    inner = members.get("request", members.get("req"))
    read = _read_members(lowered(inner)) if isinstance(inner, dict) else None
    if read:
        kind = HAR_ENTRY if "starteddatetime" in members else read[0]
        return kind, read[1]._replace(server_status=status_of(members))
    return _read_members(members) or _bare(value)


def _read_members(members: Members) -> tuple[str, PastedRequest] | None:
    """Return the request of an object that has headers among other members."""
    environ = request_of_environ(members)
    if environ:
        return ENVIRON, environ
    for name in () if is_response(members) else _HEADERS:
        fields = fields_of(members.get(name))
        if is_request(fields):
            kind = SCOPE if "asgi" in members or "raw_path" in members else MEMBERS
            return kind, _of_gateway(members, request_of(members, fields))
    return None


def _of_gateway(members: Members, pasted: PastedRequest) -> PastedRequest:
    """Return the request; that of an event of API Gateway lacks what it took."""
    context = lowered(members.get("requestcontext"))
    if context.get("eventtype") != "CONNECT":
        return pasted
    notes = (OF_API_GATEWAY, *pasted.notes)
    return pasted._replace(notes=notes, left_out=SENT_ANYWAY)


def _not_of_a_response(members: Members) -> list[Any]:
    """Return the members that may have a request in them."""
    left_out = _HEADERS if is_response(members) else ()
    return [
        member
        for name, member in members.items()
        if not name.startswith("response") and name not in left_out
    ]


def _bare(value: object) -> tuple[str, PastedRequest] | None:
    """Return the request of a header object; many languages keep Host elsewhere."""
    fields = fields_of(value)
    if not is_request(fields):
        return None
    request = RequestHead("GET", "1.1", fields, b"/")
    notes, left_out = (NO_REQUEST_LINE,), frozenset([HOST])
    return HEADERS, PastedRequest(request, flaw_of(request), notes, left_out=left_out)
