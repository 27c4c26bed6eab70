"""Reads a request head as it goes over the network, or as `curl -v` prints it."""

from __future__ import annotations

import re
from itertools import takewhile

from ws_handshake.cli.pasted.head import PastedHead
from ws_handshake.core.raw_request import read_head

_SENT = re.compile(rb"(?m)^> ?[A-Za-z]++ [^\s]++ HTTP/[0-9]")
_RESPONDED = re.compile(rb"(?m)^(?:< ?)?HTTP/[0-9.]++ ([1-5][0-9]{2})\b")
_REQUEST_LINE = re.compile(
    rb"[A-Za-z]++ ++[^\s]++ ++HTTP/[0-9]"
    rb"|(?:GET|POST|PUT|HEAD|CONNECT|OPTIONS|PATCH|DELETE) ++[/*h]"
)
# Over HTTP/2 there is no request line: whoever shows one made it up.
_SHOWN_HTTP2 = re.compile(rb"\A([^\r\n]*? HTTP/)([23])(?:\.0)?(?=[ \t]*(?:\r?\n|\Z))")
_PYTHON_BYTES = re.compile(rb"\A\s*b?['\"](?=[A-Z])")


def is_verbose(text: bytes) -> bool:
    """Return whether there is a request in the output of `curl -v`."""
    return _SENT.search(text) is not None


def is_request(text: bytes) -> bool:
    """Return whether `text` begins with something like a request line."""
    return _REQUEST_LINE.match(text) is not None


def read_verbose(text: bytes) -> PastedHead:
    """Return the first request in the output of `curl -v`, and how it got a response."""
    found = _SENT.search(text)
    output = text[found.start() :] if found else text
    lines = takewhile(_is_sent, output.split(b"\n"))
    request = b"\n".join(line.removeprefix(b">").removeprefix(b" ") for line in lines)
    return read_request(request)._replace(responded=responded(output))


def _is_sent(line: bytes) -> bool:
    return line.startswith(b">") and bool(line.strip(b"> \r"))


def read_request(text: bytes) -> PastedHead:
    """Return a head that begins with its request line.

    How its lines end, and whether the empty line behind it was copied, is a matter of
    copying, and no fault.
    """
    if b"\n" not in text.strip() and rb"\r\n" in text:
        text = _PYTHON_BYTES.sub(b"", text).replace(rb"\r\n", b"\r\n")
    shown = _SHOWN_HTTP2.match(text)
    if shown:
        text = shown[1] + b"1.1" + text[shown.end() :]
    found = read_head(text.rstrip(b"\r\n") + b"\r\n\r\n", scheme="")
    head = found.head._replace(http_version=shown[2].decode()) if shown else found.head
    return PastedHead(head, found.flaw, responded=responded(text))


def responded(text: bytes) -> int | None:
    """Return the status of the first response in `text`."""
    status = _RESPONDED.search(text)
    return int(status[1]) if status else None
