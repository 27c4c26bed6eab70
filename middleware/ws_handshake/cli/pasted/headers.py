"""Reads header fields without a request line, as browsers and programs show them.

In DevTools and Postman they stand as `name: value`, or the name in one line and the
value in the next, with the titles of sections and, over HTTP/2, with pseudo-header
fields. Go, Java and PHP print maps:

    Request URL: wss://chat.example.com/ws         map[Connection:[close] Host:[a]]
    Request Headers                                {connection=[close], host=[a]}
    Connection: Upgrade                            [Connection] => close
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ws_handshake.cli.pasted.edited import stands_for_lines, with_lines_left_out
from ws_handshake.cli.pasted.members import request_of_environ
from ws_handshake.cli.pasted.panels import read_panel
from ws_handshake.cli.pasted.request import (
    KNOWN,
    NO_REQUEST_LINE,
    RESPONSE_ONLY,
    SENT_ANYWAY,
    PastedRequest,
    flaw_of,
    put_together,
    read_url,
)
from ws_handshake.core.flaws import HEADER_NAME
from ws_handshake.core.grammar import OWS
from ws_handshake.core.request import (
    CONNECTION,
    EVIDENCE,
    HOST,
    KEY,
    ORIGIN,
    VERSION,
    RequestHead,
)

if TYPE_CHECKING:
    from ws_handshake.cli.pasted.request import Header

_NAME = rb":?[!#$%&'*+\-.^_`|~0-9A-Za-z]++"
_field = re.compile(rb"(" + _NAME + rb")[ \t]*+:(?:[ \t]++(.*)|(\S.*))")
# of an object without its braces, and in the log of Envoy
_quoted = re.compile(rb"[\"'](:?[\w-]++)[\"'] ?[:,] ?(?:\"([^\"]*+)\"|'([^']*+)'),?")
_name_alone = re.compile(rb"(" + _NAME + rb"):?")
_status = re.compile(rb"\"?([1-5][0-9]{2})\b")
_wrapped = (re.compile(rb"\[(.*)\]"), re.compile(rb'"([^"]*+)"'))
_url = re.compile(
    rb"(?i)\bwss?://[^\s'\"<>]++|(?m:(?<=^uri: )|(?<=^REQUEST: ))https?://\S++"
)
_OF_A_REQUEST = frozenset([HOST, VERSION, ORIGIN, b"user-agent", b"cookie"])
_PSEUDO = frozenset(
    [b":authority", b":method", b":path", b":protocol", b":scheme", b":status"]
)

PROVISIONAL = (
    "The browser calls these headers provisional: they are what it meant to send, "
    "before Host, Connection and others were added. That one is missing here shows "
    "nothing."
)
OVER_HTTP2 = "There are pseudo-header fields, so this is a request over HTTP/2 or 3."
HOST_ELSEWHERE = (
    "Go keeps Host apart from the other headers: that it is missing here shows nothing."
)
NOT_COPIED = (
    "Host is not among these lines, and often was only not copied: that it is missing "
    "here shows nothing."
)

_MAP_NAME = rb"([A-Za-z][\w-]*+)"
_in_brackets = re.compile(
    rb"(?<![\w-])" + _MAP_NAME + rb"[:=]\[(?![\"'])([^\[\]\r\n]*+)\]"
)
_in_braces = re.compile(rb"(?<=[{ ])" + _MAP_NAME + rb": \[([^\[\]\r\n]*+)\](?=[,}])")
# As var_dump of PHP has it.
_typed = re.compile(rb'\["' + _MAP_NAME + rb'"\]=>\s*string\([0-9]+\) "([^"\r\n]*+)"')
# A dictionary of Objective-C and Swift.
_property = re.compile(
    rb'(?m)^[ \t]*+"?' + _MAP_NAME + rb'"? = "?([^"\r\n]*?)"?;[ \t\r]*+$'
)
# A KeyValuePair of .NET.
_pair = re.compile(rb"\[" + _MAP_NAME + rb", ([^\[\]\r\n]*+)\]")
# A table: in Markdown, with tabs, or with the names as wide as the widest.
_row = re.compile(
    rb"(?m)^[ \t]*+(?:\|[ \t]*+)?`?"
    + _MAP_NAME
    + rb"`?(?:[ \t]*+\|[ \t]*+|\t[ \t]*+|[ ]{2,})`?([^\s|`:=][^|`\r\n]*+)"
)
_line_of_map = re.compile(
    rb"(?m)^[ \t]*+\[?"
    + _MAP_NAME
    + rb"\]?(?:[ \t]*+=>?[ \t]*+|[ \t]++(?=\[))(.*?)[ \t\r]*$"
)
_SENT = b"--> "  # in Chrome's net log viewer
_ALWAYS_SENT = frozenset([HOST, KEY, VERSION, *_PSEUDO])
_FORMS = (_in_brackets, _in_braces, _pair, _typed, _property, _line_of_map, _row)
_OF_ENVIRON = b"http_sec_websocket_key"
# Of a whole request, as Go prints it with %v and %+v.
_request_of_go = re.compile(
    rb"\{(?:Method:)?([A-Z]+) (?:URL:)?(\S+) (?:Proto:)?HTTP/([0-9]\.[0-9]) "
    rb"[^\n]*?map\[([^\n]*?)\]\](?:[^\n]* (Host:)(\S+) )?"
)


def read_headers(text: bytes) -> PastedRequest | None:
    """Return the request that has these header fields; None if `text` has none."""
    lines = [line.strip(b" \t\r").removeprefix(_SENT) for line in text.split(b"\n")]
    answer = next((line for line in lines if line.startswith(b":status")), b"")
    if answer and any(line.startswith(b":method") for line in lines):
        lines = lines[: lines.index(answer)]
    shown = [line for line in lines if line and not stands_for_lines(line)]
    panel = read_panel(shown)
    fields, odd = _in_turns(panel.lines) or _in_lines(panel.lines)
    in_lists = all(_wrapped[0].fullmatch(value) for _, value in fields)
    fields = _unwrapped(fields)
    names = {name for name, _ in fields}
    if not any(map(_is_known, names)) or _is_response(names):
        return None
    address = _url.search(text)
    url = panel.general.get(b"request url") or (address[0] if address else b"")
    said = panel.general.get(b"status code") or answer.partition(b": ")[2]
    status = _status.match(said)
    pasted = _request(fields, url.decode("latin-1"))
    note = HOST_ELSEWHERE if in_lists else NOT_COPIED
    is_part = names.isdisjoint(_ALWAYS_SENT)
    absent = all(name != HOST for name, _ in pasted.request.headers)
    notes = (note, *pasted.notes) if absent else pasted.notes
    pasted = pasted._replace(
        flaw=HEADER_NAME if odd else flaw_of(pasted.request),
        notes=(PROVISIONAL, *pasted.notes) if panel.provisional else notes,
        server_status=int(status[1]) if status else None,
        left_out=SENT_ANYWAY if panel.provisional or is_part else frozenset([HOST]),
    )
    is_whole = len(shown) == sum(map(bool, lines))
    return pasted if is_whole else with_lines_left_out(pasted)


def read_map(text: bytes) -> PastedRequest | None:
    """Return the request with the fields in a printed map; None if there are none."""
    whole = _request_of_go.search(text)
    printed = whole[4] + b"]" if whole else text
    for form in _FORMS:
        fields = [(name.lower(), value) for name, value in form.findall(printed)]
        names = {name for name, _ in fields}
        if _OF_ENVIRON in names:
            members = {
                name.decode(): value.decode("latin-1").strip("'")
                for name, value in fields
            }
            return request_of_environ(members)
        if not names.isdisjoint(EVIDENCE) and len(names & KNOWN) > 1:
            return _request_of_map(whole, _unwrapped(fields))
    return None


def _request_of_map(
    whole: re.Match[bytes] | None, fields: list[Header]
) -> PastedRequest:
    if whole:
        method, target, version, _, host, value = whole.groups()
        fields = [(HOST, value), *fields] if host else fields
        request = RequestHead(method.decode(), version.decode(), fields, target)
    else:
        request = RequestHead("GET", "1.1", fields, b"/")
    notes = () if whole else (NO_REQUEST_LINE,)
    if all(name != HOST for name, _ in fields):
        notes = (*notes, HOST_ELSEWHERE)
    return PastedRequest(request, flaw_of(request), notes, left_out=frozenset([HOST]))


def _in_turns(lines: list[bytes]) -> tuple[list[Header], int] | None:
    """Read names and values in alternate lines; None if the lines do not alternate.

    If names end in a colon, two in a row mean that the first has no value.
    """
    colons = b"".join(lines[:1]).endswith(b":")
    fields: list[Header] = []
    name = None
    for line in lines:
        alone = _name_alone.fullmatch(line)
        if alone and (line.endswith(b":") if colons else name is None):
            fields += [(name, b"")] if name else []
            name = alone[1].lower()
        elif name is None:
            return None
        else:
            fields.append((name, line))
            name = None
    fields += [(name, b"")] if name else []
    return (fields, 0) if any(_is_known(name) for name, _ in fields) else None


def _in_lines(lines: list[bytes]) -> tuple[list[Header], int]:
    """Read a name and its value from each line; count the lines without.

    Text before the first field, and behind the last, is not counted.
    """
    read = [_in_line(line) for line in lines]
    there = [at for at, field in enumerate(read) if field or _is_broken(lines[at])]
    known = [at for at in there if _is_broken(lines[at])] or there
    inner = read[there[0] : there[-1] + 1] if there else []
    fields = [field for field in inner if field]
    if len(lines) > 2 * len(fields) or _is_sentence(fields):
        return [], len(inner)  # a text in which a field is mentioned
    between = read[known[0] : known[-1] + 1] if known else []
    return fields, between.count(None)


def _is_sentence(fields: list[Header]) -> bool:
    """Return whether they are a program's line, such as `upgrade: websocket: no`."""
    return len(fields) == 1 and b": " in fields[0][1]


def _in_line(line: bytes) -> Header | None:
    match = _quoted.fullmatch(line) or _field.fullmatch(line)
    if match:
        value: bytes = match[2] or match[3] or b""
        return match[1].lower(), value.strip(OWS)
    alone = _name_alone.fullmatch(line) if line.endswith(b":") else None
    return (alone[1].lower(), b"") if alone else None


def _is_broken(line: bytes) -> bool:
    """Return whether a line is no field, but begins with the name of one."""
    return _is_known(line.lstrip(b"\"'").replace(b":", b" ").partition(b" ")[0].lower())


def _unwrapped(fields: list[Header]) -> list[Header]:
    """Return the fields without what every value stands in: brackets, or quotes."""
    for wrapped in _wrapped:
        found = [(name, wrapped.fullmatch(value)) for name, value in fields]
        if all(value for _, value in found):
            fields = [(name, value[1]) for name, value in found if value]
    return fields


def _is_response(names: set[bytes]) -> bool:
    if KEY in names:
        return False
    of_response = not names.isdisjoint(RESPONSE_ONLY)
    return b":status" in names or (of_response and names.isdisjoint(_OF_A_REQUEST))


def _is_known(name: bytes) -> bool:
    return name in KNOWN or name in _PSEUDO


def _request(fields: list[Header], url: str) -> PastedRequest:
    pseudo = {name: value for name, value in fields if name in _PSEUDO}
    headers = [field for field in fields if field[0] not in _PSEUDO]
    if pseudo:
        method, target, headers, bridged = put_together(pseudo, headers)
        # over HTTP/2 there is no Connection (RFC 9113 section 8.2.2): Envoy's log has
        # pseudo-header fields of every request
        is_http1 = any(name == CONNECTION for name, _ in headers)
        request = RequestHead(method, "1.1" if is_http1 else "2", headers, target)
        notes = () if is_http1 else (OVER_HTTP2,)
        return PastedRequest(request, notes=notes, bridged=bridged)
    address = read_url(url)
    request = RequestHead("GET", "1.1", headers, address.target, address.scheme)
    return PastedRequest(request, notes=() if url else (NO_REQUEST_LINE,))
