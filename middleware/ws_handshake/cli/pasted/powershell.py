"""Reads the PowerShell command that DevTools copy: Invoke-WebRequest with headers."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from ws_handshake.cli.pasted.request import PastedRequest, encoded, flaw_of, read_url
from ws_handshake.core.request import CONTENT_LENGTH, HOST, RequestHead

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ws_handshake.cli.pasted.request import Header

_COMMAND = re.compile(rb"(?i)\bInvoke-(?:WebRequest|RestMethod)\b")
_PIECE = re.compile(
    r"""(?sx)
    "(?P<double>(?:[^"`]|`.|"")*+)(?:"|`?\Z)
    | '(?P<single>(?:[^']|'')*+)(?:'|\Z)
    | (?P<word>[$\w.:\-]++)
    | [\s`]++
    | (?P<mark>.)
    """
)
_escape = re.compile(r"""(?sx) `(.) | "(") | \$\(\[char\]([0-9]{1,7})\)""")
_LAST_CHARACTER = 0x10FFFF

NOT_SENT = "This is judged as the browser sent it, not as PowerShell would send it."


class _Piece(NamedTuple):
    text: str
    quoted: bool


def is_powershell(text: bytes) -> bool:
    """Return whether Invoke-WebRequest is called."""
    return _COMMAND.search(text) is not None


def read_powershell(text: bytes) -> PastedRequest:
    """Return the request from which this command was copied."""
    pieces = list(_pieces(text.decode("latin-1")))
    options = {
        option.text.lower(): value.text
        for option, value in pairwise(pieces)
        if option.text.startswith("-") and not option.quoted
    }
    address = read_url(options.get("-uri", ""))
    fields = list(_fields(pieces))
    if address.host and all(name != HOST for name, _ in fields):
        fields.insert(0, (HOST, address.host))
    if "-body" in options:
        fields.append((CONTENT_LENGTH, b"1"))
    method = options.get("-method", "GET").upper()
    request = RequestHead(method, "1.1", fields, address.target, address.scheme)
    return PastedRequest(request, flaw_of(request), (NOT_SENT,))


def _pieces(script: str) -> Iterator[_Piece]:
    for piece in _PIECE.finditer(script):
        kind = piece.lastgroup
        if kind == "double":
            yield _Piece(_escape.sub(_unescaped, piece[kind]), quoted=True)
        elif kind == "single":
            yield _Piece(piece[kind].replace("''", "'"), quoted=True)
        elif kind is not None:
            yield _Piece(piece[kind], quoted=False)


def _unescaped(match: re.Match[str]) -> str:
    escaped, quote, number = match.groups()
    if number is None:
        return str(escaped or quote)
    character = chr(min(int(number), _LAST_CHARACTER))
    return character.encode("utf-8", "replace").decode("latin-1")


def _fields(pieces: list[_Piece]) -> Iterator[Header]:
    """Yield `"Name"="value"`, and the fields that are set on the session."""
    for before, mark, value in zip(pieces, pieces[1:], pieces[2:], strict=False):
        if value.quoted and mark == ("=", False):
            if before.quoted:
                yield encoded(before.text).lower(), encoded(value.text)
            elif before.text.lower().endswith(".useragent"):
                yield b"user-agent", encoded(value.text)
    cookies = list(_cookies(pieces))
    if cookies:
        yield b"cookie", b"; ".join(cookies)


def _cookies(pieces: list[_Piece]) -> Iterator[bytes]:
    for number, piece in enumerate(pieces):
        if piece == ("System.Net.Cookie", False):
            follows = pieces[number + 1 : number + 5]
            strings = [text for text, quoted in follows if quoted]
            yield encoded("=".join(strings[:2]))
