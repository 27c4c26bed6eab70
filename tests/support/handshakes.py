"""One valid handshake to bend, and its accept token."""

from __future__ import annotations

from ws_handshake.testing.handshakes import VALID, Handshake, Header

__all__ = ["ACCEPT", "KEY", "VALID", "Handshake", "Header"]

#: The key and the accept token of RFC 6455 section 1.3.
KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
