"""What each status of a response may mean, and what to do."""

from __future__ import annotations

from ws_handshake.cli.client.failures import RESPONSE_NOT_101

_TOO_LARGE = ("the request is too large", "Send fewer or smaller headers, a short URL.")
_PLAIN = (
    "it was taken for a plain request",
    "Check the path, and that every proxy forwards Upgrade and Connection.",
)

_MEANINGS: dict[int, tuple[str, str]] = {
    200: _PLAIN,
    204: _PLAIN,
    304: ("a cache responds", "Let no cache respond on this path."),
    400: (
        "the server, or a proxy, finds the request malformed",
        "Read the server's log; the middleware of ws_handshake would say why.",
    ),
    401: (
        "credentials are required",
        "Send them: --header 'Authorization: Bearer ...' or --header 'Cookie: ...'.",
    ),
    403: (
        "the credentials, the Origin, or a path that is not served",
        "Check the path; try --origin with the origin of the page; send credentials.",
    ),
    404: (
        "nothing is on this path, or nothing for the plain request that arrived",
        "Check the path, its prefix and trailing slash, and every proxy in between.",
    ),
    405: (
        "the path does not accept GET",
        "Check the path; WebSockets open with GET.",
    ),
    407: (
        "a proxy requires credentials",
        "Go around the proxy, or authenticate with it.",
    ),
    408: (
        "the request did not arrive whole in time",
        "Check the connection, and read the server's log.",
    ),
    410: ("the path is no longer served", "Check the path."),
    413: _TOO_LARGE,
    414: _TOO_LARGE,
    421: (
        "the server is not the one for this host name",
        "Use one host name in the URL, Host and the certificate.",
    ),
    422: (
        "a value is missing or invalid in the query or the headers",
        "Send what the response names.",
    ),
    426: (
        "it requires an upgrade: ours did not arrive, or has another version",
        "Let every proxy forward Upgrade and Connection.",
    ),
    429: ("too many requests", "Wait, and connect less often."),
    431: ("the headers are too large", "Send fewer or smaller headers."),
    451: ("a law forbids it", "Ask who runs the server."),
    500: (
        "the application failed",
        "Read the server's log: there is a traceback.",
    ),
    501: (
        "it does not support what was requested",
        "Install a WebSocket library for the server, and switch WebSockets on.",
    ),
    502: (
        "a proxy got no valid response from the server behind it",
        "Check that the server behind the proxy runs; read the proxy's log.",
    ),
    503: (
        "it is overloaded or has no server behind it",
        "Check that a server is up behind the proxy.",
    ),
    504: (
        "the server behind a proxy did not respond in time",
        "Check that the server behind the proxy responds to handshakes.",
    ),
    505: (
        "it does not take this version of HTTP",
        "Let the server, or the proxy that responds, speak HTTP/1.1.",
    ),
}
_GENERAL = {
    3: ("a redirect without an address", "Let the server name the address."),
    5: ("the server, or a proxy, failed", "Read its log."),
}
_UNKNOWN = ("", RESPONSE_NOT_101.fix)


def meaning_of(status: int) -> tuple[str, str]:
    """Return what a status may mean, and what to do."""
    return _MEANINGS.get(status) or _GENERAL.get(status // 100, _UNKNOWN)
