"""Notes: what is worth a word although it is no fault of this handshake."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence or two about what was seen, with a stable code."""

    code: str
    what: str


SUBPROTOCOL_NOT_CHOSEN = Note(
    "subprotocol_not_chosen",
    "Subprotocols were offered and the server chose none: browsers close such a "
    "connection.",
)
HTTP2_WITH_WEBSOCKETS = Note(
    "http2_available",
    "A client that offers h2 too gets HTTP/2 here, and WebSockets over it (Extended "
    "CONNECT, RFC 8441): try --http2.",
)
HTTP2_WITHOUT_WEBSOCKETS = Note(
    "http2_preferred",
    "A client that offers h2 too gets HTTP/2 here, without WebSockets over it: its "
    "handshake fails unless it offers http/1.1 alone.",
)


def scheme_mapped(given: str, used: str) -> Note:
    """Say that an address out of a browser was taken for a WebSocket's."""
    return Note("scheme_mapped", f"{given}:// was read as {used}://.")


def request_faulty(codes: str) -> Note:
    """Say that the options bent the request so that it must be rejected."""
    return Note(
        "request_faulty",
        f"With these options the request itself is faulty: {codes}. A server that "
        "rejects it is right.",
    )


def address_failed(seen: str) -> Note:
    """Say that not every address of the name responses."""
    return Note(
        "address_failed",
        f"Not every address of this host responds ({seen}); a client that tries only "
        "the first does not connect.",
    )


def certificate_not_checked(seen: str) -> Note:
    """Say what --insecure let pass."""
    return Note(
        "certificate_not_checked",
        f"--insecure let a certificate pass that other clients reject: {seen}.",
    )


def messages_came(number: int) -> Note:
    """Say that the server speaks first."""
    what = "a message" if number == 1 else f"{number:,} messages"
    return Note("messages_came", f"The server sent {what} without being asked.")
