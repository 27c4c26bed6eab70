"""Recognises a request in what somebody pasted, in any of the forms it is copied in."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, NamedTuple

from ws_handshake.cli.pasted.curl import is_curl, read_curl
from ws_handshake.cli.pasted.har import read_har
from ws_handshake.cli.pasted.headers import read_headers
from ws_handshake.cli.pasted.powershell import is_powershell, read_powershell
from ws_handshake.cli.pasted.wire import (
    is_request,
    is_verbose,
    read_hex,
    read_request,
    read_verbose,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ws_handshake.cli.pasted.request import PastedRequest

    Form = tuple[str, Callable[[bytes], bool], Callable[[bytes], PastedRequest]]

READABLE = (
    "It can read a request line with its header lines, headers copied from DevTools, "
    '"Copy as cURL" and "Copy as PowerShell", the output of curl -v, a HAR file and a '
    "hex dump."
)

WIRE = "a request head"
VERBOSE = "the output of curl -v"
CURL = "a curl command"
POWERSHELL = "a PowerShell command"
HEADERS = "header lines"
HAR = "a HAR file"
HEX = "a hex dump"

_MARKS = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_fence = re.compile(rb"(?m)^[ \t]*+```[^\r\n]*+\r?\n?")
_indent = re.compile(rb"[ \t]*+")
_TLS = re.compile(rb"\A\x16\x03[\x00-\x04]")
_RESPONSE = re.compile(rb"\AHTTP/[0-9]")


class Pasted(NamedTuple):
    """What was recognised, and its requests: a HAR file can have several."""

    kind: str
    requests: tuple[PastedRequest, ...]


def recognise(data: bytes) -> Pasted | None:
    """Return what was pasted, or None if there is no request in it. Never raises."""
    return next(_recognised(_cleaned(data)), None)


def _recognised(text: bytes) -> Iterator[Pasted]:
    """Yield what `text` may be, the surest form first."""
    in_har = read_har(text)
    if in_har is not None:
        yield Pasted(HAR, in_har)
    for kind, matches, read in _FORMS:
        if matches(text):
            yield Pasted(kind, (read(text),))
    dumped = read_hex(text)
    if dumped is not None:
        yield Pasted(HEX, (read_request(dumped),))
    request = None if _RESPONSE.match(text) else read_headers(text)
    if request is not None:
        yield Pasted(HEADERS, (request,))


def why_unrecognised(data: bytes) -> str:
    """Return a sentence on what `data` is instead, if that can be seen."""
    text = _cleaned(data)
    if not text.strip():
        return "There is nothing to read."
    if _TLS.match(data):
        return "This is TLS, and the request in it is encrypted."
    if _RESPONSE.match(text):
        return "This is a response; paste its request."
    if text.startswith((b"{", b"[")):
        return "This is JSON, but not a HAR file; for a log use ws-handshake watch."
    return "No request was recognised."


def _cleaned(data: bytes) -> bytes:
    """Remove what copying adds: byte order marks, Markdown fences, an indent."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            data = data[2:].decode(encoding, "replace").encode()
    text = _fence.sub(b"", data.removeprefix(codecs.BOM_UTF8)).strip(b"\r\n\x00")
    lines = text.split(b"\n")
    margins = [_indent.match(line) for line in lines if line.strip()]
    margin = min((found.end() for found in margins if found), default=0)
    return b"\n".join(line[margin:] for line in lines) if margin else text


_FORMS: tuple[Form, ...] = (
    (VERBOSE, is_verbose, read_verbose),
    (WIRE, is_request, read_request),
    (CURL, is_curl, read_curl),
    (POWERSHELL, is_powershell, read_powershell),
)
