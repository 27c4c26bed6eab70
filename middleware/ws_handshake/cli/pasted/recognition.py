"""Recognises what somebody pasted: a request head, in one of the forms it is copied."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, NamedTuple

from ws_handshake.cli.pasted.curl import is_curl, read_curl
from ws_handshake.cli.pasted.har import read_har
from ws_handshake.cli.pasted.headers import read_headers
from ws_handshake.cli.pasted.hex import read_hex
from ws_handshake.cli.pasted.powershell import is_powershell, read_powershell
from ws_handshake.cli.pasted.wire import (
    is_request,
    is_verbose,
    read_request,
    read_verbose,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ws_handshake.cli.pasted.head import PastedHead

    Form = tuple[str, Callable[[bytes], bool], Callable[[bytes], PastedHead]]

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
    """What it was taken for, and the requests in it: of a HAR there can be several."""

    kind: str
    heads: tuple[PastedHead, ...]


def recognise(data: bytes) -> Pasted | None:
    """Return what was pasted, or None where no request is in it. Never raises."""
    return next(_recognised(_cleaned(data)), None)


def _recognised(text: bytes) -> Iterator[Pasted]:
    """Yield what `text` is: the form that leaves the least doubt comes first."""
    in_har = read_har(text)
    if in_har is not None:
        yield Pasted(HAR, in_har)
    for kind, is_so, read in _FORMS:
        if is_so(text):
            yield Pasted(kind, (read(text),))
    dumped = read_hex(text)
    if dumped is not None:
        yield Pasted(HEX, (read_request(dumped),))
    head = None if _RESPONSE.match(text) else read_headers(text)
    if head is not None:
        yield Pasted(HEADERS, (head,))


def why_unrecognised(data: bytes) -> str:
    """Return a sentence on what `data` is instead, as far as that shows."""
    text = _cleaned(data)
    if not text.strip():
        return "There is nothing in it."
    if _TLS.match(data):
        return "These are bytes of TLS, in which the request is encrypted."
    if _RESPONSE.match(text):
        return "This is a response; paste the request to which it came."
    if text.startswith((b"{", b"[")):
        return "This is JSON and no HAR file; ws-handshake watch reads log lines."
    return "No request was recognised in it."


def _cleaned(data: bytes) -> bytes:
    """Undo what copying does: marks of an encoding, Markdown's fences, an indent."""
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
