"""The catalogue: valid and broken handshakes over HTTP/1.1, read from `cases.txt`.

A case is `reject` or `accept` only where an RFC leaves the server no choice. A group
begins with what must come back: for a rejection our codes, then the clause (by default
that of the first code), then a header that the rejection must have. A case is a name
and a sentence, and below them how it differs from a valid handshake: another request
line, `- Name, Name` for lines that are left out, `Name: value` in place of the lines of
that name or behind the others, `+ Name: value` at the end, `> body`, and `s/this/that/`
in all of it. Bytes are escaped as in Python, `[a x 3]` is aaa, and what stands in
braces is filled in for each server.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Literal, cast

from ws_handshake.core.reasons import BY_CODE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Expected = Literal["accept", "reject", "either"]

_FIRST_LINE = b"GET {path} HTTP/1.1"
_VALID = {
    b"Host": [b"{host}"],
    b"Upgrade": [b"websocket"],
    b"Connection": [b"Upgrade"],
    b"Sec-WebSocket-Key": [b"{key}"],
    b"Sec-WebSocket-Version": [b"13"],
}
# The fields that the user adds, after those of the handshake, unless a case has them.
_ADDED = {
    b"{headers}": b"",
    b"{origin}": b"Origin",
    b"{subprotocols}": b"Sec-WebSocket-Protocol",
}

_place = re.compile(rb"\{(scheme|host|path|key|protocol|headers|origin|subprotocols)\}")
_times = re.compile(r"\[(.+?) x (\d+)\]")


@dataclass(frozen=True, slots=True)
class Case:
    """A handshake, and what must come back.

    `expected` is `either` where the RFCs leave the server a choice. `codes` are our
    reasons for a rejection, `rfc` is the clause that decides, and `needs` is a header
    that the rejection must have.
    """

    name: str
    sentence: str
    template: bytes
    expected: Expected
    rfc: str
    codes: tuple[str, ...] = ()
    needs: str | None = None

    def filled(self, places: Mapping[str, bytes]) -> bytes:
        """Return the bytes to send, with every placeholder replaced."""
        return _place.sub(lambda at: places[at[1].decode()], self.template)


def read_cases(text: str) -> Iterator[Case]:
    """Yield the cases in a text of this form."""
    for group in text.split("\n\n"):
        head, *lines = group.splitlines()
        kind, *more = head.split(" | ")
        expected, *codes = kind.split(" ")
        rfc = more[0] if more else BY_CODE[codes[0]].rfc
        needs = more[1] if more[1:] else None
        starts = [at for at, line in enumerate(lines) if not line.startswith("    ")]
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
            name, _, sentence = lines[start].strip().partition(": ")
            sent = template(line[4:] for line in lines[start + 1 : end])
            must = cast("Expected", expected)
            yield Case(name, sentence, sent, must, rfc, tuple(codes), needs)


def template(changes: Iterable[str] = ()) -> bytes:
    """Return a valid handshake with these changes; placeholders stay in it."""
    first, body, fields, last = _FIRST_LINE, b"", dict(_VALID), b""
    changed: dict[bytes, list[bytes]] = {}
    swaps: list[list[str]] = []
    for change in changes:
        sign, _, rest = change.partition(" ")
        if change.startswith("s/"):
            swaps.append(change.split("/")[1:3])
        elif sign == "-":
            for left_out in rest.encode().split(b", "):
                del fields[left_out]
        elif sign == "+":
            last += _bytes(rest) + b"\r\n"
        elif sign == ">":
            body = _bytes(rest)
        elif " HTTP/" in change:
            first = _bytes(change)
        else:
            name, _, value = _bytes(change).partition(b":")
            changed.setdefault(name, []).append(value.removeprefix(b" "))
    fields |= changed
    lines = [b"%s: %s\r\n" % (name, v) for name, vs in fields.items() for v in vs]
    added = b"".join(place for place, name in _ADDED.items() if name not in changed)
    wire = b"".join([first, b"\r\n", *lines, last, added, b"\r\n", body])
    for old, new in swaps:
        wire = wire.replace(_bytes(old), _bytes(new))
    return wire


def _bytes(text: str) -> bytes:
    spelt = _times.sub(lambda at: at[1] * int(at[2]), text)
    return spelt.encode("ascii").decode("unicode_escape").encode("latin-1")


_TEXT = files("ws_handshake.cli.conformance") / "cases.txt"
CASES = tuple(read_cases(_TEXT.read_text("ascii")))

#: The first of all: a server that does not accept it cannot be measured.
FIRST = CASES[0]
