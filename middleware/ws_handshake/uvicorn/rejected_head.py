"""What the HTTP parser rejected, or never saw the end of, explained from its bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ws_handshake.asgi.lifespan import note_tls
from ws_handshake.core.flaws import HEAD_UNFINISHED, Flaw
from ws_handshake.core.raw_request import read_head
from ws_handshake.core.reasons import (
    HEAD_MALFORMED,
    HEADERS_TOO_LARGE,
    INTERNAL_ERROR,
    METHOD_NOT_GET,
)
from ws_handshake.core.verdict import judge_by_rules
from ws_handshake.core.violation import Violation
from ws_handshake.outcome.problem import render
from ws_handshake.uvicorn.connection import HandshakeCheck
from ws_handshake.uvicorn.http_flaws import flaw_of, with_flaw
from ws_handshake.uvicorn.report import POLICY, report

if TYPE_CHECKING:
    from uvicorn.config import Config
    from uvicorn.server import ServerState

    from ws_handshake.core.raw_request import WireHead
    from ws_handshake.uvicorn.report import Client

# RFC 8446 section 5.1: a record of the handshake, in any version of TLS
_TLS = b"\x16\x03"
_UNKNOWN_FLAW = Flaw("what the HTTP parser rejected", HEAD_MALFORMED.fix)


class Connection(Protocol):
    """What both of uvicorn's protocol classes know of their connection."""

    @property
    def config(self) -> Config: ...  # noqa: D102

    @property
    def scheme(self) -> str | None: ...  # noqa: D102

    @property
    def client(self) -> Client: ...  # noqa: D102

    @property
    def server_state(self) -> ServerState: ...  # noqa: D102


def explanation(
    connection: Connection, data: bytes, *, waits: bool = False
) -> bytes | None:
    """Explain bytes that the HTTP parser rejected; None if they are no handshake.

    `waits` means that the parser waits for the end of a head: then only the length of
    one without an end is wrong, and its last line has not come whole.
    """
    if data.startswith(_TLS):
        note_tls()
        return None
    wire = _read(connection, data, waits=waits)
    if not wire.head.is_attempt():
        return None
    middleware = HandshakeCheck(connection.config).middleware(wire.head)
    violations = _violations(wire, waits=waits)
    rejection = report(middleware, wire.head, violations, connection.client)
    if middleware is not None and middleware.policy.report_only:
        return None
    return render(rejection, http1=True).to_http1(
        method=wire.head.method, extra=connection.server_state.default_headers
    )


def note_unfinished(connection: Connection, data: bytes) -> None:
    """Report a handshake whose connection was lost before its head had ended.

    Nothing was sent. What else is wrong with it no one knows: more was to come.
    """
    wire = _read(connection, data, waits=True)
    if wire.complete or not wire.head.is_attempt():
        return
    middleware = HandshakeCheck(connection.config).middleware(wire.head)
    violations = with_flaw((), HEAD_UNFINISHED)
    report(middleware, wire.head, violations, connection.client, was_sent=False)


def _read(connection: Connection, data: bytes, *, waits: bool) -> WireHead:
    return read_head(data, connection.scheme or "http", waits=waits)


def _violations(wire: WireHead, *, waits: bool) -> tuple[Violation, ...]:
    """Return what is wrong with a head that the parser rejected; never nothing."""
    if not wire.complete:
        if waits and not wire.flaw:
            return (Violation(HEADERS_TOO_LARGE, "a request head without an end"),)
        return with_flaw((), wire.flaw or _UNKNOWN_FLAW)
    try:
        violations = judge_by_rules(wire.head, POLICY).violations
        flaw = wire.flaw or flaw_of(wire.head, strict=False)
    except Exception:  # noqa: BLE001  (fail closed)
        return (Violation(INTERNAL_ERROR),)
    if not wire.head.method:  # one that cannot be read may be GET
        violations = tuple(f for f in violations if f.reason is not METHOD_NOT_GET)
    if flaw or not violations:
        return with_flaw(violations, flaw or _UNKNOWN_FLAW)
    return violations
