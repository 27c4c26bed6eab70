"""Recognises a request in what somebody pasted, in any of the forms it is copied in."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from ws_handshake.cli.pasted.access import read_access
from ws_handshake.cli.pasted.addresses import read_address
from ws_handshake.cli.pasted.cleaned import cleaned, logged, unescaped
from ws_handshake.cli.pasted.copied import (
    fetch_calls,
    powershell_commands,
    read_fetch,
    read_powershell,
)
from ws_handshake.cli.pasted.curl import curl_commands, read_curl
from ws_handshake.cli.pasted.edited import (
    with_lines_left_out,
    with_values,
    without_order,
)
from ws_handshake.cli.pasted.errors import read_error
from ws_handshake.cli.pasted.headers import read_headers, read_map
from ws_handshake.cli.pasted.objects import SCOPE, read_har, read_printed
from ws_handshake.cli.pasted.rejected import read_rejection
from ws_handshake.cli.pasted.text import bare_fields, find_heads
from ws_handshake.cli.pasted.traces import (
    is_okhttp,
    of_ngrep,
    of_okhttp,
    of_websockets,
)
from ws_handshake.cli.pasted.wire import read_hex, read_request
from ws_handshake.core.request import HOST, KEY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ws_handshake.cli.pasted.message import Message
    from ws_handshake.cli.pasted.request import PastedRequest
    from ws_handshake.cli.pasted.text import FoundHead

    Form = tuple[str, Callable[[bytes], list[bytes]], Callable[[bytes], PastedRequest]]

READABLE = (
    "It can read a request with its header lines, alone, in a log or in a trace; "
    'headers that a browser or a program shows; "Copy as cURL", "as fetch" and "as '
    'PowerShell"; a HAR file; a hex dump; and lines of access and error logs.'
)

WIRE = "a request head"
IN_TEXT = "a request head among other lines"
VERBOSE = "the output of curl -v"
CURL = "a curl command"
POWERSHELL = "a PowerShell command"
OKHTTP = "the log of OkHttp"
FETCH = "a fetch() call"
MAP = "a header map"
HEADERS = "header lines"
HAR = "a HAR file"
HEX = "a hex dump"

#: Of a page that opens more connections, the first suffice.
_MOST_COMMANDS = 200
# The order of the fields in these is that in which they were sent.
_AS_SENT = frozenset([WIRE, IN_TEXT, VERBOSE, OKHTTP, HEX, SCOPE])

TAKEN = (
    "Of the {} requests in the text this is number {}; the others are no handshakes."
)
REPEATED = "The text has it {} times, with the same headers but for the key."

_OF_CURL = re.compile(rb"(?m)^[*<] ")
_TLS = re.compile(rb"\A\x16\x03[\x00-\x04]")
_JSON = re.compile(rb"\{\s*\"|\[\s*\{")
_RESPONSE = re.compile(rb"\A(?:< )?HTTP/[0-9]")
_RESPONSE_FIELD = re.compile(
    rb"(?im)^[ \t<{'\"]*+(?:server|sec-websocket-accept|set-cookie|date)['\"]?:"
)
# What uvicorn writes beside this about the application is not always true.
_REJECTED = b"connection rejected ("
_STATUS = re.compile(
    rb"(?:\bHTTP/1\.[01]|\bRESPONSE:|\bRespStatus) {1,9}([1-5][0-9]{2})\b"
)
# A program that connects, which may set a few headers.
_CODE = re.compile(
    rb"\b(?:new WebSocket|websockets\.connect|create_connection|WebSocketApp"
    rb"|ws_connect)\("
)
_EVIDENT = re.compile(rb"(?i)\b(?:sec-websocket-|upgrade['\": ])")


class Pasted(NamedTuple):
    """What was recognised, and its requests: a HAR file can have several."""

    kind: str
    requests: tuple[PastedRequest, ...]


def recognise(data: bytes) -> Pasted | None:
    """Return what was pasted, or None if there is no request in it. Never raises."""
    text = cleaned(data)
    found = next(_recognised(text), None)
    for held in (logged, unescaped) if found is None else ():
        inner = held(text)
        found = found or (next(_recognised(inner), None) if inner else None)
    if found is None:
        return None
    requests = map(with_values, found.requests)
    if found.kind not in _AS_SENT:
        requests = map(without_order, requests)
    return found._replace(requests=tuple(requests))


def recognise_message(data: bytes) -> Message | None:
    """Return what a line of a log or an error means that has no request in it."""
    text = cleaned(data)
    text = logged(text) or text
    ours = read_rejection(text)
    rejected = read_access(text) if _REJECTED in text else None
    return (
        ours or rejected or read_error(text) or read_access(text) or read_address(text)
    )


def _recognised(text: bytes) -> Iterator[Pasted]:
    """Yield what `text` may be, the surest form first."""
    in_har = read_har(text)
    if in_har is not None:
        yield Pasted(HAR, in_har)
    dumped = read_hex(text)
    if dumped:
        yield Pasted(HEX, _handshakes(dumped))
    heads = find_heads(of_websockets(of_ngrep(text)))
    yield from _in_text(heads, text)
    if heads and all(map(_opens_tunnel, heads)):
        return  # a forward proxy was asked, and no request went through it
    logged = find_heads(of_okhttp(text)) if is_okhttp(text) else []
    if logged:
        # an application's interceptor sees no Host
        left_out = frozenset([HOST])
        requests = [_read(head)._replace(left_out=left_out) for head in logged]
        yield Pasted(OKHTTP, _handshakes(requests))
    for kind, parted, read in _FORMS:
        parts = parted(text)[:_MOST_COMMANDS]
        if parts:
            yield Pasted(kind, _handshakes([read(part) for part in parts]))
    blocks = [text] if _JSON.match(text) else bare_fields(text)
    yield from _of_blocks(MAP, read_map, blocks)
    is_code = _CODE.search(text) and not _EVIDENT.search(text)
    printed = None if is_code else read_printed(text)
    if printed is not None:
        yield Pasted(printed.kind, _handshakes(printed.requests))
    if not _RESPONSE.match(text) and not is_code:
        yield from _of_blocks(HEADERS, partial(_read_lines, text), blocks)


def _of_blocks(
    kind: str, read: Callable[[bytes], PastedRequest | None], blocks: list[bytes]
) -> Iterator[Pasted]:
    found = [request for request in map(read, blocks) if request is not None]
    if found:
        yield Pasted(kind, _handshakes(found))


def _read_lines(text: bytes, block: bytes) -> PastedRequest | None:
    """Read header lines, with the status that the text shows elsewhere."""
    pasted = read_headers(block)
    status = _STATUS.search(text)
    if pasted is None or pasted.server_status or status is None:
        return pasted
    return pasted._replace(server_status=int(status[1]))


def _opens_tunnel(head: FoundHead) -> bool:
    return head.head.startswith(b"CONNECT ") and b"\n:protocol" not in head.head


def _in_text(heads: list[FoundHead], text: bytes) -> Iterator[Pasted]:
    """Yield the handshakes among the heads; a plain request, if there is no other."""
    read = [_read(head) for head in heads]
    plain = (
        at
        for at, request in enumerate(read)
        if (request.request.headers or heads[at].is_first)
        and not _opens_tunnel(heads[at])
    )
    taken = _attempts(read) or list(plain)[:1]
    if taken:
        yield Pasted(_kind_of(heads[taken[0]], text), _taken(read, taken))


def _read(head: FoundHead) -> PastedRequest:
    pasted = read_request(head.head)._replace(server_status=head.status)
    return pasted if head.is_whole else with_lines_left_out(pasted)


def _taken(
    requests: list[PastedRequest], taken: list[int]
) -> tuple[PastedRequest, ...]:
    """Return the requests at these places, with a note if others were left aside."""
    if len(taken) == len(requests):
        return _distinct(requests)
    notes = [TAKEN.format(len(requests), at + 1) for at in taken]
    return _distinct(
        [
            requests[at]._replace(notes=(note, *requests[at].notes))
            for at, note in zip(taken, notes, strict=True)
        ]
    )


def _distinct(requests: list[PastedRequest]) -> tuple[PastedRequest, ...]:
    """Return each handshake once: clients try again, and only the key is another."""
    alike: dict[object, list[PastedRequest]] = {}
    for request in requests:
        head = request.request
        fields = tuple((n, v) for n, v in head.headers if n != KEY)
        same = (head._replace(headers=fields), request.flaw, request.server_status)
        alike.setdefault((same, len(fields) == len(head.headers)), []).append(request)
    return tuple(
        first._replace(notes=(*first.notes, REPEATED.format(len(others) + 1)))
        if others
        else first
        for first, *others in alike.values()
    )


def _handshakes(requests: list[PastedRequest]) -> tuple[PastedRequest, ...]:
    """Return the handshakes among these requests; if there is none, the first."""
    return _taken(requests, _attempts(requests) or [0])


def _attempts(requests: list[PastedRequest]) -> list[int]:
    return [at for at, request in enumerate(requests) if request.is_attempt()]


def _kind_of(head: FoundHead, text: bytes) -> str:
    if head.before == b"> " and _OF_CURL.search(text):
        return VERBOSE
    return WIRE if head.is_first and not head.before.strip() else IN_TEXT


def why_unrecognised(data: bytes) -> str:
    """Return a sentence on what `data` is instead, if that can be seen."""
    text = cleaned(data)
    if not text.strip():
        return "There is nothing to read."
    if _TLS.match(data):
        return "This is TLS, and the request in it is encrypted."
    if _RESPONSE.match(text) or _RESPONSE_FIELD.search(text):
        return "This is a response; paste its request."
    if _JSON.match(text):
        return "This is JSON, but not a HAR file; for a log use ws-handshake watch."
    return "No request was recognised."


_FORMS: tuple[Form, ...] = (
    (CURL, curl_commands, read_curl),
    (FETCH, fetch_calls, read_fetch),
    (POWERSHELL, powershell_commands, read_powershell),
)
