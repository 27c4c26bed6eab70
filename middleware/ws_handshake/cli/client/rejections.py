"""Why a response does not accept the handshake, and how to fix that."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from ws_handshake.cli.client import failures
from ws_handshake.cli.client.failures import Failure
from ws_handshake.cli.client.problem import problem_of
from ws_handshake.cli.client.redacted import shown_address
from ws_handshake.cli.client.response import REDIRECTION, SUCCESS
from ws_handshake.cli.client.signs import (
    fix_of,
    place_of,
    proxy_of,
    server_of,
    speaks_of_origin,
    writer_of,
)
from ws_handshake.diagnosis import causes
from ws_handshake.diagnosis.cause import Certainty
from ws_handshake.diagnosis.proxies import UNKNOWN_PROXY

if TYPE_CHECKING:
    from ws_handshake.cli.client.response import Response
    from ws_handshake.cli.client.target import Target
    from ws_handshake.diagnosis.cause import Cause
    from ws_handshake.diagnosis.proxy import Proxy

_HTML = (b"text/html", b"application/xhtml+xml")

# What nginx, Apache and Go's server respond to plain HTTP on a TLS port.
_WANTS_TLS = (
    b"plain HTTP request was sent to HTTPS port",
    b"speaking plain HTTP to an SSL-enabled server port",
    b"sent an HTTP request to an HTTPS server",
)

# Responses to a plain GET: the server did not see the upgrade, or knows none.
_TAKEN_FOR_PLAIN = frozenset([200, 204, 400, 404, 405, 426])

#: What each status may mean, and what to do.
_MEANINGS: dict[int, tuple[str, str]] = {
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
    426: (
        "it requires an upgrade: ours did not arrive, or has another version",
        "Let every proxy forward Upgrade and Connection.",
    ),
    429: ("too many requests", "Wait, and connect less often."),
    431: ("the headers are too large", "Send fewer or smaller headers."),
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
}
_GENERAL = ("", failures.RESPONSE_NOT_101.fix)


@dataclass(frozen=True, slots=True)
class Explained:
    """What is wrong with a response, and what may have caused it."""

    failure: Failure
    causes: tuple[Cause, ...] = ()


def explained(response: Response, target: Target) -> Explained:
    """Explain a response that is not an acceptance."""
    problem = problem_of(response)
    if problem is not None:
        failure = Failure(failures.HANDSHAKE_REJECTED, problem.codes)
        return Explained(failure, problem.causes)
    if any(sentence in response.body for sentence in _WANTS_TLS):
        return Explained(Failure(failures.PLAIN_ON_TLS_PORT, "the response says so"))
    locations = response.values(b"location")
    if response.status in REDIRECTION and locations:
        return Explained(_redirected(response, locations[0], target))
    writer = writer_of(response)
    if writer is not None:
        fix = fix_of(writer, response.status)
        seen = f"{response.status} from {writer.name}, {place_of(writer)}"
        if response.status >= HTTPStatus.BAD_GATEWAY and response.status in _MEANINGS:
            seen = f"{seen}: {_MEANINGS[response.status][0]}"
        return Explained(Failure(failures.REJECTED_IN_FRONT, seen, fix))
    failure = _unexplained(response)
    if target.doubled_slash and response.status in _TAKEN_FOR_PLAIN:
        # to most servers this is another path, so nothing else need be the cause
        return Explained(replace(failure, better_fix=_one_slash(target)))
    return Explained(failure, _suspects(response))


def _unexplained(response: Response) -> Failure:
    """Return the failure that shows in the status and the media type alone."""
    if response.status in SUCCESS and response.media_type in _HTML:
        seen = f"{response.status} with {response.media_type.decode('ascii')}"
        return Failure(failures.HTML_INSTEAD, seen)
    meaning, fix = _MEANINGS.get(response.status, _GENERAL)
    seen = f"{response.status}: {meaning}" if meaning else str(response.status)
    return Failure(failures.RESPONSE_NOT_101, seen, fix)


def _one_slash(target: Target) -> str:
    return f"Write {target.with_one_slash.shown}: the path has a doubled slash."


def _redirected(response: Response, location: bytes, target: Target) -> Failure:
    seen = f"{response.status} to {shown_address(location)}"
    return Failure(failures.REDIRECTED, seen, _better_fix(location, target))


def _better_fix(location: bytes, target: Target) -> str | None:
    """Return the fix, if the address shows what the redirect is for."""
    here = f"{'https' if target.secure else 'http'}://{target.authority}{target.path}"
    try:
        there = urlsplit(urljoin(here, location.decode("latin-1")))
        host = there.hostname
    except ValueError:
        return None
    if host == target.host and there.path == target.path + "/":
        return "Add a slash at the end of the path."
    if host == target.host and there.path + "/" == target.path:
        return "Remove the slash at the end of the path."
    if there.scheme in {"https", "wss"} and not target.secure:
        return "Use wss:// instead of ws://."
    if any(word in there.path.lower() for word in ("login", "signin", "auth", "sso")):
        return (
            "Send credentials: --header 'Cookie: ...' or --header 'Authorization: ...'."
        )
    return None


def _suspects(response: Response) -> tuple[Cause, ...]:
    """Return the possible causes, the likelier first; never more than two."""
    proxy, server = proxy_of(response) or UNKNOWN_PROXY, server_of(response).lower()
    if proxy.carries_none or response.status == proxy.rejects_with:
        stripped = _stripped(Certainty.LIKELY, proxy)
        return (stripped._replace(detail=proxy.carries_none or stripped.detail),)
    if speaks_of_origin(response):
        return (causes.ORIGIN_DENIED_BY_APP.as_certain_as(Certainty.LIKELY),)
    if response.status == HTTPStatus.FORBIDDEN:
        return (causes.NO_ROUTE.as_certain_as(Certainty.POSSIBLE),)
    if response.status not in _TAKEN_FOR_PLAIN or response.http_version == "2":
        return ()
    if proxy is not UNKNOWN_PROXY:
        return (_stripped(Certainty.LIKELY, proxy),)
    missing = causes.NO_WEBSOCKET_SUPPORT.as_certain_as(Certainty.POSSIBLE)
    others = (missing,) if server.startswith("uvicorn") else ()
    return (*others, _stripped(Certainty.POSSIBLE, proxy))


def _stripped(certainty: Certainty, proxy: Proxy) -> Cause:
    return causes.PROXY_STRIPPED_UPGRADE.as_certain_as(
        certainty, fix=proxy.fix, config=proxy.config
    )


def meaning_of(status: int) -> tuple[str, str]:
    """Return what a status may mean, and what to do."""
    return _MEANINGS.get(status, _GENERAL)
