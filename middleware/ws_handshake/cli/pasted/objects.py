"""Finds requests in printed values: header objects, ASGI scopes, WSGI environs, JSON.

Of JSON these are an entry of a HAR file, Chrome's net-export, its debugging protocol,
the access log of Caddy, an event of AWS Lambda, and whatever else has a member called
`headers`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from ws_handshake.cli.pasted import net_export
from ws_handshake.cli.pasted.literal import read_values
from ws_handshake.cli.pasted.request import (
    KNOWN,
    NO_REQUEST_LINE,
    PastedRequest,
    flaw_of,
    put_together,
    read_url,
)
from ws_handshake.core.request import EVIDENCE, HOST, RequestHead

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ws_handshake.cli.pasted.request import Header

SCOPE = "an ASGI scope"
ENVIRON = "a WSGI environ"
NET_EXPORT = "a net-export log"
HAR_ENTRY = "an entry of a HAR file"
MEMBERS = "an object with headers"
HEADERS = "a header object"

# Names that only a response has, and names by which an object is one.
_RESPONSE_ONLY = frozenset(
    [b"server", b"date", b"set-cookie", b"sec-websocket-accept", b"location", b"etag"]
)
_OF_A_REQUEST = EVIDENCE | {HOST, b"user-agent", b"origin", b"cookie"}
_STATUSES = range(100, 600)

_METHODS = ("method", "httpmethod", "request_method", "requestmethod")
_TARGETS = ("raw_path", "path", "url", "uri", "rawpath", "requesturi", "path_info")
_QUERIES = ("query_string", "rawquerystring")
_VERSIONS = ("http_version", "httpversion", "proto", "protocol", "server_protocol")
_HEADERS = ("headers", "rawheaders", "raw_headers", "requestheaders", "raw")
_version = re.compile(r"(?i)(?:http/|h)?([0-9])(?:\.([0-9]))?")


class Printed(NamedTuple):
    """What the value is called, and the requests in it."""

    kind: str
    requests: list[PastedRequest]


def read_printed(text: bytes) -> Printed | None:
    """Return the requests in a printed value; None if there is none."""
    found = [one for value in read_values(_text(text)) for one in _requests(value)]
    if not found:
        return None
    return Printed(found[0][0], [request for _, request in found])


def read_members(text: bytes, url: str) -> PastedRequest:
    """Return the request of the object at the start of `text`, to this address."""
    first = next(iter(read_values(_text(text))), None)
    members = _lowered(first) if isinstance(first, dict) else {}
    return _put_together({**members, "url": url}, _fields(members.get("headers")))


def _requests(value: object) -> Iterator[tuple[str, PastedRequest]]:
    """Yield kind and request of every object in `value`, the outermost that has one."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        events = net_export.read_events(one)
        read = None if events else _read(one)
        if events:
            yield from ((NET_EXPORT, event) for event in events)
        elif read:
            yield read
        elif isinstance(one, dict):
            waiting.extend(reversed(_not_of_a_response(_lowered(one))))
        elif isinstance(one, list):
            waiting.extend(reversed(one))


def _read(value: object) -> tuple[str, PastedRequest] | None:
    """Return kind and request if this value is one, and not a part of it."""
    if isinstance(value, list):
        return _bare(_fields(value))
    if not isinstance(value, dict):
        return None
    members = _lowered(value)
    inner = members.get("request")
    read = _read_members(_lowered(inner)) if isinstance(inner, dict) else None
    if read:
        kind = HAR_ENTRY if "starteddatetime" in members else read[0]
        return kind, read[1]._replace(server_status=_status(members))
    return _read_members(members) or _bare(_fields(value))


def _lowered(value: dict[Any, Any]) -> dict[str, Any]:
    return {str(name).lower(): member for name, member in value.items()}


def _read_members(members: dict[str, Any]) -> tuple[str, PastedRequest] | None:
    """Return the request of an object that has headers among other members."""
    fields = _environ(members)
    if fields:
        return ENVIRON, _put_together(members, fields)
    for name in () if _is_response(members) else _HEADERS:
        fields = _fields(members.get(name))
        if _is_request(fields):
            kind = SCOPE if "asgi" in members or "raw_path" in members else MEMBERS
            return kind, _put_together(members, fields)
    return None


def _is_response(members: dict[str, Any]) -> bool:
    return _status(members) is not None and not _first(members, _METHODS)


def _not_of_a_response(members: dict[str, Any]) -> list[Any]:
    """Return the members that may have a request in them."""
    left_out = _HEADERS if _is_response(members) else ()
    return [
        member
        for name, member in members.items()
        if not name.startswith("response") and name not in left_out
    ]


def _status(members: dict[str, Any]) -> int | None:
    response = members.get("response")
    response = response if isinstance(response, dict) else members
    found = response.get("status", response.get("statusCode"))
    return found if isinstance(found, int) and found in _STATUSES else None


def _is_request(fields: list[Header]) -> bool:
    names = {name for name, _ in fields}
    evident = not names.isdisjoint(EVIDENCE)
    known = len(names & KNOWN) > 1 and not names.isdisjoint(_OF_A_REQUEST)
    return (evident or known) and names.isdisjoint(_RESPONSE_ONLY)


def _bare(fields: list[Header]) -> tuple[str, PastedRequest] | None:
    """Return the request of a header object; many languages keep Host elsewhere."""
    if not _is_request(fields):
        return None
    request = RequestHead("GET", "1.1", fields, b"/")
    notes, left_out = (NO_REQUEST_LINE,), frozenset([HOST])
    return HEADERS, PastedRequest(request, flaw_of(request), notes, left_out=left_out)


def _put_together(members: dict[str, Any], fields: list[Header]) -> PastedRequest:
    """Return the request with method, target and version out of its other members."""
    address = read_url(_first(members, _TARGETS) or "/")
    query = _first(members, _QUERIES)
    target = address.target
    if query and b"?" not in target:
        target += b"?" + _bytes(query.removeprefix("?"))
    pseudo = {name: value for name, value in fields if name.startswith(b":")}
    pseudo.setdefault(b":method", _bytes(_first(members, _METHODS) or "GET"))
    host = address.host or _bytes(_first(members, ("host",)))
    if host:
        pseudo.setdefault(b":authority", host)
    listed = [field for field in fields if not field[0].startswith(b":")]
    method, _, headers, bridged = put_together(pseudo, listed)
    version = _version.fullmatch(_first(members, _VERSIONS))
    spelt = "1.1"
    if version:
        major, minor = version.groups()
        spelt = major if major in {"2", "3"} else f"{major}.{minor or 1}"
    upgraded = members.get("type") == "websocket"
    request = RequestHead(method, spelt, headers, target, address.scheme, upgraded)
    notes = () if _first(members, _TARGETS) else (NO_REQUEST_LINE,)
    return PastedRequest(request, flaw_of(request), notes, bridged=bridged)


def _first(members: dict[str, Any], names: tuple[str, ...]) -> str:
    """Return the first of these members that is text."""
    found = (members.get(name) for name in names)
    return next((one for one in found if isinstance(one, str) and one), "")


def _environ(members: dict[str, Any]) -> list[Header]:
    """Return the fields of a WSGI environ or Django's META."""
    fields = [
        (_bytes(name.removeprefix("http_").replace("_", "-")), _bytes(value))
        for name, value in members.items()
        if name.startswith("http_") and isinstance(value, str) and value
    ]
    return fields if _is_request(fields) else []


def _fields(value: object) -> list[Header]:
    """Return header fields, in whichever way they are held; none if they are not."""
    if isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, list) and value:
        pairs = _pairs(value)
    else:
        pairs = []
    return [
        (_bytes(name).strip().lower(), _bytes(one).strip(b" \t"))
        for name, values in pairs
        if isinstance(name, str)
        for one in (values if isinstance(values, list) else [values])
        if isinstance(one, str | int)
    ]


def _pairs(listed: list[Any]) -> list[tuple[Any, Any]]:
    """Return names and values out of pairs, objects, lines, or turns."""
    if all(
        isinstance(one, list) and len(one) == len(("name", "value")) for one in listed
    ):
        return [(name, value) for name, value in listed]
    if all(isinstance(one, dict) for one in listed):
        return [(one.get("name", one.get("key")), one.get("value")) for one in listed]
    strings = _strings(listed)
    if len(strings) < len(listed):
        return []
    if all(": " in one for one in strings):
        return [
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, value in net_export.fields_of(strings)
        ]
    return list(zip(strings[::2], strings[1::2], strict=False))


def _strings(value: object) -> list[str]:
    listed = value if isinstance(value, list) else []
    return [one for one in listed if isinstance(one, str)]


def _text(text: bytes) -> str:
    return text.decode("utf-8", "replace")


def _bytes(value: str | int) -> bytes:
    return str(value).encode("utf-8", "surrogatepass")
