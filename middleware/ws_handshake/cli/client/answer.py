"""Answer, what came back: and whether it is the acceptance that a client must see."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from ws_handshake.cli.client import faults
from ws_handshake.cli.client.faults import Finding
from ws_handshake.cli.redacted import shown_field, shown_protocol
from ws_handshake.core import grammar
from ws_handshake.core import request as at
from ws_handshake.core.redaction import counted, shown
from ws_handshake.core.verdict import accept_token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ws_handshake.core.request import RequestHead

    Check = Callable[[RequestHead, "Answer"], Iterator[Finding]]

ACCEPT = b"sec-websocket-accept"
SUCCESS, REDIRECTION = range(200, 300), range(300, 400)


@dataclass(frozen=True, slots=True)
class Answer:
    """A response head, and as much of the body as is looked at; nothing decoded."""

    http_version: str
    status: int
    phrase: bytes = b""
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""

    @property
    def accepts(self) -> bool:
        """Say whether it is an acceptance: 101; over HTTP/2 any 2xx (RFC 8441)."""
        if self.http_version == "2":
            return self.status in SUCCESS
        return self.status == HTTPStatus.SWITCHING_PROTOCOLS

    @property
    def media_type(self) -> bytes:
        """The media type in lower case, without parameters."""
        value = b"".join(self.values(b"content-type")[:1])
        return value.partition(b";")[0].strip(grammar.OWS).lower()

    def values(self, name: bytes) -> list[bytes]:
        """Return the values of the lines called `name`, without white space around."""
        return [
            value.strip(grammar.OWS)
            for key, value in self.headers
            if key.lower() == name
        ]

    def tokens(self, name: bytes) -> list[bytes]:
        """Return the elements of all lines called `name` as one list, lower-case."""
        return grammar.elements(b",".join(self.values(name)).lower())

    def lines(self) -> tuple[str, ...]:
        """Return the status line and the header lines, as they may be shown."""
        phrase = f" {shown(self.phrase)}" if self.phrase else ""
        first = f"HTTP/{self.http_version} {self.status}{phrase}"
        pairs = self.headers
        return (first, *(f"{shown(n)}: {shown_field(n, v)}" for n, v in pairs))

    def with_body(self, body: bytes) -> Answer:
        """Return the answer with another body."""
        return replace(self, body=body)


def check(head: RequestHead, answer: Answer) -> tuple[Finding, ...]:
    """Check an acceptance as RFC 6455 section 4.1 tells a client; all faults at once.

    Over HTTP/2 there is no Upgrade, Connection or Sec-WebSocket-Accept (RFC 8441).
    """
    checks = CHECKS if answer.http_version == "2" else (*HTTP1_CHECKS, *CHECKS)
    return tuple(finding for one in checks for finding in one(head, answer))


def http_version(_head: RequestHead, answer: Answer) -> Iterator[Finding]:
    """RFC 9110 section 15.2: a 101 is not sent to, nor by, HTTP/1.0."""
    if answer.http_version == "1.0":
        yield Finding(faults.ANSWER_VERSION_TOO_OLD, "HTTP/1.0")


def upgrade(_head: RequestHead, answer: Answer) -> Iterator[Finding]:
    """Item 2: a value that is an ASCII case-insensitive match for `websocket`."""
    values = answer.values(at.UPGRADE)
    if not values:
        yield Finding(faults.ANSWER_UPGRADE_MISSING)
    elif answer.tokens(at.UPGRADE) != [b"websocket"]:
        seen = shown(b", ".join(values))
        yield Finding(faults.ANSWER_UPGRADE_NOT_WEBSOCKET, seen)


def connection(_head: RequestHead, answer: Answer) -> Iterator[Finding]:
    """Item 3: a token that is an ASCII case-insensitive match for `Upgrade`."""
    values = answer.values(at.CONNECTION)
    if not values:
        yield Finding(faults.ANSWER_CONNECTION_MISSING)
    elif b"upgrade" not in answer.tokens(at.CONNECTION):
        seen = shown(b", ".join(values))
        yield Finding(faults.ANSWER_CONNECTION_NOT_UPGRADE, seen)


def accept(head: RequestHead, answer: Answer) -> Iterator[Finding]:
    """Item 4: computed from the key as it was sent."""
    values, keys = answer.values(ACCEPT), head.values(at.KEY)
    expected = accept_token(keys[0]).encode("ascii") if keys else None
    if not values:
        yield Finding(faults.ACCEPT_MISSING)
    elif len(values) > 1:
        yield Finding(faults.ACCEPT_DUPLICATED, counted(len(values), "line"))
    elif values[0] != expected:
        yield Finding(faults.ACCEPT_WRONG, _wrong_accept(values[0], expected))


def _wrong_accept(value: bytes, expected: bytes | None) -> str:
    if expected is None:
        return f"{shown(value)}, although no key was sent"
    return f"{shown(value)}, expected {expected.decode('ascii')}"


def extensions(head: RequestHead, answer: Answer) -> Iterator[Finding]:
    """Item 5: none that was not offered."""
    values = answer.values(at.EXTENSIONS)
    value = b",".join(values)
    if not values:
        return
    if not grammar.is_extension_list(value):
        seen = counted(len(value), "character")
        yield Finding(faults.ANSWER_EXTENSIONS_MALFORMED, seen)
        return
    sent = b",".join(head.values(at.EXTENSIONS))
    offered = {one.name for one in grammar.parse_extensions(sent)}
    for used in grammar.parse_extensions(value):
        if used.name not in offered:
            yield Finding(faults.EXTENSION_NOT_OFFERED, shown(used.name.encode()))


def subprotocol(head: RequestHead, answer: Answer) -> Iterator[Finding]:
    """Item 6: one of those offered, compared letter by letter."""
    chosen = answer.values(at.PROTOCOL)
    offered = grammar.elements(b",".join(head.values(at.PROTOCOL)))
    if len(chosen) > 1:
        yield Finding(faults.SUBPROTOCOL_DUPLICATED, counted(len(chosen), "line"))
    elif chosen and chosen[0] not in offered:
        yield Finding(faults.SUBPROTOCOL_NOT_OFFERED, shown_protocol(chosen[0]))


HTTP1_CHECKS: tuple[Check, ...] = (http_version, upgrade, connection, accept)
CHECKS: tuple[Check, ...] = (extensions, subprotocol)
