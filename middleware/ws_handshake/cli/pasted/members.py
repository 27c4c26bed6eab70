"""The request that an object holds: header fields, in whichever way, and what else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ws_handshake.cli.pasted.request import (
    KNOWN,
    NO_REQUEST_LINE,
    RESPONSE_ONLY,
    PastedRequest,
    flaw_of,
    put_together,
    read_url,
)
from ws_handshake.core.request import CONTENT_LENGTH, EVIDENCE, HOST, RequestHead

if TYPE_CHECKING:
    from ws_handshake.cli.pasted.request import Header

Members = dict[str, Any]

# Names by which an object is a request.
_OF_A_REQUEST = EVIDENCE | {HOST, b"user-agent", b"origin", b"cookie"}
_STATUSES = range(100, 600)

_METHODS = ("method", "httpmethod", "request_method", "requestmethod")
_TARGETS = (
    *("raw_path", "path", "url", "uri", "rawpath", "requesturi", "path_info"),
    *("request_path", "request_uri"),
)
_QUERIES = ("query_string", "rawquerystring")
_VERSIONS = ("http_version", "httpversion", "proto", "protocol", "server_protocol")
_OF_ENVIRON = (
    *("path_info", "server_protocol", "request_uri", "request_method", "query_string"),
    "http_version",
)
_version = re.compile(r"(?i)(?:http/|h)?([0-9])(?:\.([0-9]))?")


def lowered(value: object) -> Members:
    """Return the members of an object, by their names in lower case."""
    members = value if isinstance(value, dict) else {}
    return {str(name).lower(): member for name, member in members.items()}


def request_of(members: Members, fields: list[Header]) -> PastedRequest:
    """Return the request with method, target and version out of its other members."""
    address = read_url(_first(members, _TARGETS) or "/")
    query = _first(members, _QUERIES)
    target = address.target
    if query and b"?" not in target:
        target += b"?" + as_bytes(query.removeprefix("?"))
    pseudo = {name: value for name, value in fields if name.startswith(b":")}
    pseudo.setdefault(b":method", as_bytes(_first(members, _METHODS) or "GET"))
    host = address.host or as_bytes(_first(members, ("host",)))
    if host:
        pseudo.setdefault(b":authority", host)
    listed = [field for field in fields if not field[0].startswith(b":")]
    method, _, headers, bridged = put_together(pseudo, listed)
    version = _spelt(_first(members, _VERSIONS))
    upgraded = members.get("type") == "websocket"
    request = RequestHead(method, version, headers, target, address.scheme, upgraded)
    notes = () if _first(members, _TARGETS) else (NO_REQUEST_LINE,)
    return PastedRequest(request, flaw_of(request), notes, bridged=bridged)


def request_of_environ(members: Members) -> PastedRequest | None:
    """Return the request of a WSGI environ or of Django's META; None if it is none.

    There are variables of the process in it, too, such as PATH.
    """
    fields = [
        (as_bytes(name.removeprefix("http_").replace("_", "-")), as_bytes(value))
        for name, value in members.items()
        if name.startswith("http_") and isinstance(value, str) and value
    ]
    if not is_request(fields) or not any(map(members.get, _OF_ENVIRON[:3])):
        return None  # a program may log some of the variables
    return request_of({name: members.get(name) for name in _OF_ENVIRON}, fields)


def status_of(members: Members) -> int | None:
    """Return the status of the response in an object."""
    response = members.get("response", members.get("res"))
    response = response if isinstance(response, dict) else members
    found = response.get("status", response.get("statusCode"))
    if response is members and str(found).isdecimal():
        found = int(str(found)[:9])  # not all values are JSON's
    return found if isinstance(found, int) and found in _STATUSES else None


def is_response(members: Members) -> bool:
    """Return whether an object is a response: it has a status, and no method."""
    return status_of(members) is not None and not _first(members, _METHODS)


def is_request(fields: list[Header]) -> bool:
    """Return whether header fields are those of a request, as far as they show it."""
    names = {name for name, _ in fields}
    evident = not names.isdisjoint(EVIDENCE)
    known = len(names & KNOWN) > 1 and not names.isdisjoint(_OF_A_REQUEST)
    return (evident or known) and names.isdisjoint(RESPONSE_ONLY)


def fields_of(value: object) -> list[Header]:
    """Return header fields, in whichever way they are held; none if they are not.

    WSGI servers have an empty Content-Length where there is none.
    """
    if isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, list) and value:
        pairs = _pairs(value)
    else:
        pairs = []
    fields = [
        (as_bytes(name).strip().lower(), as_bytes(one).strip(b" \t\r\n"))
        for name, values in pairs
        if isinstance(name, str)
        for one in (values if isinstance(values, list) else [values])
        if isinstance(one, str | int)
    ]
    return [field for field in fields if field != (CONTENT_LENGTH, b"")]


def fields_in_lines(lines: list[str]) -> list[Header]:
    """Return the fields in lines of a name, a colon and a value."""
    split = [line.partition(":") for line in lines]
    return [(as_bytes(n).lower(), as_bytes(v).strip(b" \t")) for n, _, v in split]


def as_bytes(value: str | int) -> bytes:
    """Return a printed value as bytes."""
    return str(value).encode("utf-8", "surrogatepass")


def _pairs(listed: list[Any]) -> list[tuple[Any, Any]]:
    """Return names and values out of pairs, objects, lines, or turns."""
    if all(
        isinstance(one, list) and len(one) == len(("name", "value")) for one in listed
    ):
        return [(name, value) for name, value in listed]
    if all(isinstance(one, dict) for one in listed):
        return [(one.get("name", one.get("key")), one.get("value")) for one in listed]
    strings = [one for one in listed if isinstance(one, str)]
    if len(strings) < len(listed):
        return []
    if all(": " in one for one in strings):
        split = [one.partition(":") for one in strings]
        return [(name, value) for name, _, value in split]
    return list(zip(strings[::2], strings[1::2], strict=False))


def _first(members: Members, names: tuple[str, ...]) -> str:
    """Return the first of these members that is text, as in `URL('ws://a/')`, too."""
    for name in names:
        found = members.get(name)
        one = found[0] if isinstance(found, list) and len(found) == 1 else found
        if isinstance(one, str) and one:
            return one
    return ""


def _spelt(version: str) -> str:
    """Return 1.1 for `HTTP/1.1`, 2 for `h2` and `http/2.0`, 1.1 for anything else."""
    match = _version.fullmatch(version)
    if match is None:
        return "1.1"
    major, minor = match.groups()
    return major if major in {"2", "3"} else f"{major}.{minor or 1}"
