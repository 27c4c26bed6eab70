"""Case, one handshake of the catalogue: what is sent, and what must come back."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from ws_handshake.core.reasons import BY_CODE

if TYPE_CHECKING:
    from collections.abc import Mapping

    Field = tuple[bytes, bytes]
    #: For each name a sentence, and what is sent.
    Rows = Mapping[str, tuple[str, "Template | bytes"]]

Expected = Literal["accept", "reject", "either"]

HOST = b"Host"
UPGRADE = b"Upgrade"
CONNECTION = b"Connection"
KEY = b"Sec-WebSocket-Key"
VERSION = b"Sec-WebSocket-Version"
PROTOCOL = b"Sec-WebSocket-Protocol"
EXTENSIONS = b"Sec-WebSocket-Extensions"
ORIGIN = b"Origin"

# The fields that the user adds, after those of the handshake.
_ADDED = b"{headers}{origin}{subprotocols}"
_REPLACED = {ORIGIN: b"{origin}", PROTOCOL: b"{subprotocols}"}

_place = re.compile(rb"\{(scheme|host|path|key|protocol|headers|origin|subprotocols)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """A handshake with placeholders, which can be changed: VALID.but(KEY, b"x")."""

    first: bytes = b"GET {path} HTTP/1.1"
    fields: tuple[Field, ...] = (
        (HOST, b"{host}"),
        (UPGRADE, b"websocket"),
        (CONNECTION, b"Upgrade"),
        (KEY, b"{key}"),
        (VERSION, b"13"),
    )
    added: bytes = _ADDED
    body: bytes = b""

    def but(self, name: bytes, *values: bytes) -> Template:
        """Replace the line called `name` by these lines, or append them."""
        lines = tuple((name, value) for value in values)
        names = [key for key, _ in self.fields]
        place = names.index(name) if name in names else len(names)
        fields = (*self.fields[:place], *lines, *self.fields[place + 1 :])
        placeholder = _REPLACED.get(name)
        added = self.added.replace(placeholder, b"") if placeholder else self.added
        return replace(self, fields=fields, added=added)

    def without(self, *names: bytes) -> Template:
        """Remove these lines."""
        kept = tuple(field for field in self.fields if field[0] not in names)
        return replace(self, fields=kept)

    def plus(self, name: bytes, *values: bytes) -> Template:
        """Append lines."""
        lines = tuple((name, value) for value in values)
        return replace(self, fields=(*self.fields, *lines))

    def asked(self, first: bytes) -> Template:
        """Replace the request line."""
        return replace(self, first=first)

    def carrying(self, body: bytes) -> Template:
        """Append a body."""
        return replace(self, body=body)

    def wire(self) -> bytes:
        """Return the bytes, with the placeholders in them."""
        lines = [self.first, *(name + b": " + value for name, value in self.fields)]
        return b"\r\n".join([*lines, self.added + b"\r\n" + self.body])


VALID = Template()


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


def accepted(rfc: str, rows: Rows) -> tuple[Case, ...]:
    """Return handshakes that a server must accept."""
    return tuple(Case(*row, "accept", rfc) for row in _rows(rows))


def either(rfc: str, rows: Rows) -> tuple[Case, ...]:
    """Return handshakes that a server may accept or reject."""
    return tuple(Case(*row, "either", rfc) for row in _rows(rows))


def rejected(
    codes: str, rows: Rows, *, rfc: str | None = None, needs: str | None = None
) -> tuple[Case, ...]:
    """Return handshakes that a server must reject; `rfc` is else that of the code."""
    several = tuple(codes.split())
    clause = rfc or BY_CODE[several[0]].rfc
    return tuple(Case(*row, "reject", clause, several, needs) for row in _rows(rows))


def _rows(rows: Rows) -> list[tuple[str, str, bytes]]:
    return [
        (name, sentence, sent if isinstance(sent, bytes) else sent.wire())
        for name, (sentence, sent) in rows.items()
    ]
