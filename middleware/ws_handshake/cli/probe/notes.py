"""The notes of a probe: what is worth knowing, and is no failure of this handshake."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence or two, with a stable code."""

    code: str
    what: str


SUBPROTOCOL_NOT_CHOSEN = Note(
    "subprotocol_not_chosen",
    "Subprotocols were offered, and the server chose none: browsers close such a "
    "connection.",
)
HTTP2_WITH_WEBSOCKETS = Note(
    "http2_available",
    "A client that also offers h2 gets HTTP/2 here, and WebSockets over it (Extended "
    "CONNECT, RFC 8441): try --http2.",
)
HTTP2_WITHOUT_WEBSOCKETS = Note(
    "http2_preferred",
    "A client that also offers h2 gets HTTP/2 here, without WebSockets over it: its "
    "handshake fails unless it offers http/1.1 alone.",
)


DOUBLED_SLASH = Note(
    "doubled_slash",
    "The path has a doubled slash, and was sent so: to most servers //ws is another "
    "path than /ws.",
)
WORKS_OVER_HTTP2 = Note(
    "works_over_http2",
    "Asked once more over HTTP/2 (Extended CONNECT, RFC 8441), it works: only clients "
    "that open WebSockets over HTTP/2 get through.",
)
WORKS_OVER_HTTP1 = Note(
    "works_over_http1",
    "Asked once more over HTTP/1.1, it works: only clients that offer nothing but "
    "http/1.1 in ALPN get through.",
)


def fails_too(code: str, changed: str, failed: str, conclusion: str = "") -> Note:
    """Asked once more, with one thing changed, it fails, too."""
    return Note(
        code, f"Asked once more {changed}, it fails, too ({failed}){conclusion}."
    )


def scheme_mapped(given: str, used: str) -> Note:
    """The URL had the scheme of a web page, or none."""
    if not given:
        return Note(
            "scheme_mapped", f"The URL has no scheme; it was read as {used}://."
        )
    return Note("scheme_mapped", f"{given}:// was read as {used}://.")


def request_faulty(codes: str) -> Note:
    """The options have made the request invalid."""
    return Note(
        "request_faulty",
        f"With these options the request itself is invalid: {codes}. A server that "
        "rejects it is right.",
    )


def address_failed(seen: str) -> Note:
    """Not every address of the host can be reached."""
    return Note(
        "address_failed",
        f"Not every address of this host can be reached ({seen}); a client that tries "
        "only the first does not connect.",
    )


def proxy_not_used(name: str) -> Note:
    """The environment names a proxy, and the server cannot be reached without one."""
    return Note(
        "proxy_not_used",
        f"{name} is set here, and the probe uses no proxy: other clients may get "
        "through.",
    )


def certificate_not_checked(seen: str) -> Note:
    """--insecure accepted a certificate that is not valid."""
    return Note(
        "certificate_not_checked",
        f"--insecure accepted a certificate that other clients reject: {seen}.",
    )


def messages_came(number: int) -> Note:
    """The server sent messages first."""
    what = "a message" if number == 1 else f"{number:,} messages"
    return Note("messages_came", f"The server sent {what} on its own.")
