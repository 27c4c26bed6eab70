"""Reads a request that a browser copied for another program: as fetch, as PowerShell.

fetch("wss://chat.example.com/ws", {
  "headers": {"sec-websocket-key": "...", "sec-websocket-version": "13"},
  "method": "GET"
});
Invoke-WebRequest -Uri "wss://chat.example.com/ws" -Headers @{ "Upgrade"="websocket" }
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from ws_handshake.cli.pasted.literal import read_values
from ws_handshake.cli.pasted.members import fields_of, lowered, request_of
from ws_handshake.cli.pasted.request import encoded
from ws_handshake.core.request import CONNECTION, CONTENT_LENGTH, HOST, UPGRADE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ws_handshake.cli.pasted.request import Header, PastedRequest

_CALL = re.compile(rb"\bfetch\(\s*(\"[^\"\n]*+\"|'[^'\n]*+')\s*,")
_COMMAND = re.compile(rb"(?i)\bInvoke-(?:WebRequest|RestMethod)\b")
_SESSION = re.compile(rb"(?m)^\$session = New-Object\b")
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

LEFT_OUT = (
    'A browser\'s "Copy as fetch" leaves Upgrade, Connection, Host and cookies out by '
    'itself: that they are missing here shows nothing. To see what was sent, use "Copy '
    'as cURL", or save a HAR file.'
)
NOT_SENT = "This is judged as the browser sent it, not as PowerShell would send it."


class _Piece(NamedTuple):
    text: str
    quoted: bool


def fetch_calls(text: bytes) -> list[bytes]:
    """Return the calls of fetch() in `text`, each with what follows it."""
    starts = [call.start() for call in _CALL.finditer(text)]
    return [text[i:j] for i, j in pairwise([*starts, len(text)])]


def read_fetch(text: bytes) -> PastedRequest:
    """Return the request from which this call was copied."""
    call = _CALL.search(text)
    url, options = (call[1][1:-1], text[call.end() :]) if call else (b"", b"")
    first = next(iter(read_values(options.decode("utf-8", "replace"))), None)
    members = {**lowered(first), "url": url.decode("latin-1")}
    pasted = request_of(members, fields_of(members.get("headers")))
    return pasted._replace(
        notes=(LEFT_OUT,), left_out=frozenset([HOST, UPGRADE, CONNECTION])
    )


def powershell_commands(text: bytes) -> list[bytes]:
    """Return the commands in `text`, each with the session that precedes it."""
    starts = [session.start() for session in _SESSION.finditer(text)]
    if len(starts) != len(_COMMAND.findall(text)):
        starts = [command.start() for command in _COMMAND.finditer(text)]
    return [text[i:j] for i, j in pairwise([*starts, len(text)])]


def read_powershell(text: bytes) -> PastedRequest:
    """Return the request from which this command was copied."""
    pieces = list(_pieces(text.decode("latin-1")))
    options = {
        option.text.lower(): value.text
        for option, value in pairwise(pieces)
        if option.text.startswith("-") and not option.quoted
    }
    fields = list(_fields(pieces))
    if "-body" in options:
        fields.append((CONTENT_LENGTH, b"1"))
    method = options.get("-method", "GET").upper()
    members = {"url": options.get("-uri", ""), "method": method}
    return request_of(members, fields)._replace(notes=(NOT_SENT,))


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
