"""One valid handshake to bend, and its accept token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ws_handshake.testing.handshakes import VALID, Handshake, Header

if TYPE_CHECKING:
    from ws_handshake.core.violation import Violation

__all__ = ["ACCEPT", "KEY", "VALID", "Handshake", "Header", "measured"]

#: The key and the accept token of RFC 6455 section 1.3.
KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


def measured(violation: Violation) -> tuple[str, str | None]:
    """Return code and `received` of a violation, without the flaw (test_flaws.py)."""
    flaw = "" if violation.flaw is None else f", {violation.flaw.what}"
    received = violation.received
    return violation.reason.code, received and received.removesuffix(flaw)
