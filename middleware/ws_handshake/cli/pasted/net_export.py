r"""Reads the log that Chrome writes at chrome://net-export: its events, as JSON.

{"events": [{"source": {"id": 1234}, "params": {
  "line": "GET /ws HTTP/1.1\r\n", "headers": ["Host: a", "Upgrade: websocket"]}}]}
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ws_handshake.cli.pasted.request import PastedRequest, flaw_of
from ws_handshake.core.request import RequestHead

if TYPE_CHECKING:
    from ws_handshake.cli.pasted.request import Header

_request_line = re.compile(r"([A-Z]+) +(\S+) +HTTP/([0-9](?:\.[0-9])?)\s*")
_status_line = re.compile(r"HTTP/[0-9.]+ +([1-5][0-9]{2})\b")


def read_events(value: object) -> list[PastedRequest]:
    """Return the requests in the events, each with the status in its response."""
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
            found.append(_request(line, lines))
        elif answer and source in places:
            at = places.pop(source)
            found[at] = found[at]._replace(server_status=int(answer[1]))
    return found


def _request(line: re.Match[str], lines: list[str]) -> PastedRequest:
    method, target, version = line.groups()
    request = RequestHead(method, version, fields_of(lines), _encoded(target))
    return PastedRequest(request, flaw_of(request))


def fields_of(lines: list[str]) -> list[Header]:
    """Return the fields in lines of a name, a colon and a value."""
    split: list[Any] = [line.partition(":") for line in lines]
    return [(_encoded(n).lower(), _encoded(v).strip(b" \t")) for n, _, v in split]


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
