"""Response, and whether it accepts the handshake as a client must demand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from ws_handshake.cli.client import failures
from ws_handshake.cli.client.failures import Failure
from ws_handshake.cli.client.redacted import shown_field, shown_protocol
from ws_handshake.core import grammar
from ws_handshake.core.redaction import counted, shown
from ws_handshake.core.request import CONNECTION, EXTENSIONS, KEY, PROTOCOL, UPGRADE
from ws_handshake.core.verdict import accept_token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ws_handshake.core.request import RequestHead

    Check = Callable[[RequestHead, "Response"], Iterator[Failure]]

ACCEPT = b"sec-websocket-accept"
SUCCESS, REDIRECTION = range(200, 300), range(300, 400)


@dataclass(frozen=True, slots=True)
class Response:
    """A response head, and the beginning of its body; nothing is decoded."""

    http_version: str
    status: int
    phrase: bytes = b""
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""

    @property
    def accepts(self) -> bool:
        """True for an acceptance: 101; over HTTP/2 any 2xx (RFC 8441)."""
        if self.http_version == "2":
            return self.status in SUCCESS
        return self.status == HTTPStatus.SWITCHING_PROTOCOLS

    @property
    def media_type(self) -> bytes:
        """The media type in lower case, without parameters."""
        value = b"".join(self.values(b"content-type")[:1])
        return value.partition(b";")[0].strip(grammar.OWS).lower()

    def values(self, name: bytes) -> list[bytes]:
        """Return the values of the lines called `name`, stripped of white space."""
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

    def with_body(self, body: bytes) -> Response:
        """Return the response with another body."""
        return replace(self, body=body)


def check(request: RequestHead, response: Response) -> tuple[Failure, ...]:
    """Check an acceptance as RFC 6455 section 4.1 demands; return all failures.

    Over HTTP/2 there is no Upgrade, Connection or Sec-WebSocket-Accept (RFC 8441).
    """
    checks = CHECKS if response.http_version == "2" else (*HTTP1_CHECKS, *CHECKS)
    return tuple(failure for one in checks for failure in one(request, response))


def http_version(_request: RequestHead, response: Response) -> Iterator[Failure]:
    """RFC 9110 section 15.2: a 101 is not sent to, nor by, HTTP/1.0."""
    if response.http_version == "1.0":
        yield Failure(failures.RESPONSE_VERSION_TOO_OLD, "HTTP/1.0")


def upgrade(_request: RequestHead, response: Response) -> Iterator[Failure]:
    """Item 2: a value that is an ASCII case-insensitive match for `websocket`."""
    values = response.values(UPGRADE)
    if not values:
        yield Failure(failures.RESPONSE_UPGRADE_MISSING)
    elif response.tokens(UPGRADE) != [b"websocket"]:
        seen = shown(b", ".join(values))
        yield Failure(failures.RESPONSE_UPGRADE_NOT_WEBSOCKET, seen)


def connection(_request: RequestHead, response: Response) -> Iterator[Failure]:
    """Item 3: a token that is an ASCII case-insensitive match for `Upgrade`."""
    values = response.values(CONNECTION)
    if not values:
        yield Failure(failures.RESPONSE_CONNECTION_MISSING)
    elif b"upgrade" not in response.tokens(CONNECTION):
        seen = shown(b", ".join(values))
        yield Failure(failures.RESPONSE_CONNECTION_NOT_UPGRADE, seen)


def accept(request: RequestHead, response: Response) -> Iterator[Failure]:
    """Item 4: the value that belongs to the key."""
    values, keys = response.values(ACCEPT), request.values(KEY)
    expected = accept_token(keys[0]).encode("ascii") if keys else None
    if not values:
        yield Failure(failures.ACCEPT_MISSING)
    elif len(values) > 1:
        yield Failure(failures.ACCEPT_DUPLICATED, counted(len(values), "line"))
    elif values[0] != expected:
        yield Failure(failures.ACCEPT_WRONG, _wrong_accept(values[0], expected))


def _wrong_accept(value: bytes, expected: bytes | None) -> str:
    if expected is None:
        return f"{shown(value)}, although no key was sent"
    seen = shown(value) or "an empty value"
    return f"{seen}, expected {expected.decode('ascii')}"


def extensions(request: RequestHead, response: Response) -> Iterator[Failure]:
    """Item 5: none that was not offered."""
    values = response.values(EXTENSIONS)
    value = b",".join(values)
    if not values:
        return
    if not grammar.is_extension_list(value):
        seen = counted(len(value), "character")
        yield Failure(failures.RESPONSE_EXTENSIONS_MALFORMED, seen)
        return
    sent = b",".join(request.values(EXTENSIONS))
    offered = {one.name for one in grammar.parse_extensions(sent)}
    for used in grammar.parse_extensions(value):
        if used.name not in offered:
            yield Failure(failures.EXTENSION_NOT_OFFERED, shown(used.name.encode()))


def subprotocol(request: RequestHead, response: Response) -> Iterator[Failure]:
    """Item 6: one of those offered, compared letter by letter."""
    chosen = response.values(PROTOCOL)
    offered = grammar.elements(b",".join(request.values(PROTOCOL)))
    if len(chosen) > 1:
        yield Failure(failures.SUBPROTOCOL_DUPLICATED, counted(len(chosen), "line"))
    elif chosen and chosen[0] not in offered:
        yield Failure(failures.SUBPROTOCOL_NOT_OFFERED, shown_protocol(chosen[0]))


HTTP1_CHECKS: tuple[Check, ...] = (http_version, upgrade, connection, accept)
CHECKS: tuple[Check, ...] = (extensions, subprotocol)
