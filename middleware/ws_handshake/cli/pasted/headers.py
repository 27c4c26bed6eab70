"""Reads header fields without a request line, as copied from DevTools.

Chrome copies `name: value`, or the name in one line and the value in the next, with the
titles of its sections and, over HTTP/2, with pseudo-header fields.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ws_handshake.cli.pasted.request import KNOWN, PastedRequest, flaw_of, put_together
from ws_handshake.core.flaws import HEADER_NAME
from ws_handshake.core.grammar import OWS
from ws_handshake.core.request import RequestHead

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ws_handshake.cli.pasted.request import Header

_NAME = rb":?[!#$%&'*+\-.^_`|~0-9A-Za-z]++"
_field = re.compile(rb"(" + _NAME + rb")[ \t]*+:(?:[ \t]++(.*)|(\S.*))")
_name_alone = re.compile(rb"(" + _NAME + rb"):?")
_title = re.compile(
    rb"(General|Request Headers|Response Headers)(?: *\(.*\))?(?: *[Vv]iew \w+)*"
)
_general = re.compile(
    rb"(Request URL|Request Method|Status Code|Remote Address|Referrer Policy):?[ \t]*"
)
_PROVISIONAL = b"Provisional headers are shown"
_PSEUDO = frozenset(
    [b":authority", b":method", b":path", b":protocol", b":scheme", b":status"]
)

NO_REQUEST_LINE = "There is no request line; this is judged as a GET over HTTP/1.1."
PROVISIONAL = (
    "The browser calls these headers provisional: they are what it meant to send, "
    "before Host, Connection and others were added."
)
OVER_HTTP2 = "There are pseudo-header fields, so this is a request over HTTP/2 or 3."


def read_headers(text: bytes) -> PastedRequest | None:
    """Return the request that has these header fields; None if `text` has none."""
    lines = [line.strip(b" \t\r") for line in text.split(b"\n")]
    wanted = list(_of_the_request([line for line in lines if line]))
    fields, odd = _in_turns(wanted) or _in_lines(wanted)
    known = any(_is_known(name) for name, _ in fields)
    if not known or odd > len(fields) or b":status" in dict(fields):
        return None
    pasted = _request(fields)
    notes = (PROVISIONAL,) if _PROVISIONAL in text else ()
    return pasted._replace(
        flaw=HEADER_NAME if odd else flaw_of(pasted.request),
        notes=(*notes, *pasted.notes),
    )


def _of_the_request(lines: list[bytes]) -> Iterator[bytes]:
    """Yield the lines of the request, without what Chrome shows around them."""
    section, general = b"Request Headers", False
    for line in lines:
        title = _title.fullmatch(line)
        if title:
            section = title[1]
        elif _general.match(line):
            # its value may be in the next line
            general = _general.fullmatch(line) is not None
            continue
        elif section == b"Request Headers" and not general and _PROVISIONAL not in line:
            yield line
        general = False


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
    """Read a name and its value from each line; count the lines without."""
    fields = []
    odd = 0
    for line in lines:
        match = _field.fullmatch(line)
        alone = _name_alone.fullmatch(line)
        if match:
            value: bytes = match[2] or match[3] or b""
            fields.append((match[1].lower(), value.strip(OWS)))
        elif alone and line.endswith(b":"):
            fields.append((alone[1].lower(), b""))
        else:
            odd += 1
    return fields, odd


def _is_known(name: bytes) -> bool:
    return name in KNOWN or name in _PSEUDO


def _request(fields: list[Header]) -> PastedRequest:
    pseudo = {name: value for name, value in fields if name in _PSEUDO}
    headers = [field for field in fields if field[0] not in _PSEUDO]
    if not pseudo:
        request = RequestHead("GET", "1.1", headers, b"/")
        return PastedRequest(request, notes=(NO_REQUEST_LINE,))
    method, target, headers, bridged = put_together(pseudo, headers)
    request = RequestHead(method, "2", headers, target)
    return PastedRequest(request, notes=(OVER_HTTP2,), bridged=bridged)
