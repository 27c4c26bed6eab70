"""Why a response is no acceptance, and how to fix it, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from ws_handshake.cli.client import failures
from ws_handshake.cli.client.failures import Failure
from ws_handshake.cli.client.problem import problem_of
from ws_handshake.cli.client.response import REDIRECTION, SUCCESS
from ws_handshake.cli.client.signs import proxy_of, server_of
from ws_handshake.cli.redacted import shown_address
from ws_handshake.diagnosis import causes
from ws_handshake.diagnosis.causes import Certainty
from ws_handshake.diagnosis.proxies import UNKNOWN

if TYPE_CHECKING:
    from ws_handshake.cli.client.response import Response
    from ws_handshake.cli.client.target import Target
    from ws_handshake.diagnosis.causes import Cause
    from ws_handshake.diagnosis.proxy import Proxy

_HTML = (b"text/html", b"application/xhtml+xml")

# What nginx, Apache and Go's server say on a TLS port to a request in plain text.
_WANTS_TLS = (
    b"plain HTTP request was sent to HTTPS port",
    b"speaking plain HTTP to an SSL-enabled server port",
    b"sent an HTTP request to an HTTPS server",
)

# Responds to a plain GET: who gives them did not see, or does not know, the upgrade.
_TAKEN_FOR_PLAIN = frozenset([200, 204, 400, 404, 405, 426])

_SAID: dict[int, tuple[str, str]] = {
    400: (
        "the server, or a proxy, takes the request for a faulty one",
        "Let the server say more: its log, or ws_handshake's middleware in front.",
    ),
    401: (
        "it wants credentials",
        "Send them: --header 'Authorization: Bearer ...' or --header 'Cookie: ...'.",
    ),
    403: (
        "credentials, Origin, or a path that the application does not serve",
        "Check the path; try --origin with the page's origin, and send credentials.",
    ),
    404: (
        "nothing is here for a plain request, which it was taken for, or at all",
        "Check the path, its prefix and a trailing slash, and every proxy between.",
    ),
    405: (
        "the path takes no GET",
        "Check the path; WebSockets open with GET.",
    ),
    407: (
        "a proxy between wants credentials",
        "Go around the proxy, or authenticate with it.",
    ),
    426: (
        "it wants an upgrade, so it did not see ours, or wants another version",
        "Let every proxy between forward Upgrade and Connection.",
    ),
    429: ("it had too many requests", "Wait, and connect less often."),
    431: ("the headers are too large for it", "Send fewer or smaller headers."),
    500: (
        "the application failed",
        "Read the server's log: there is a traceback.",
    ),
    501: (
        "it does not support what was asked",
        "Give the server a WebSocket library, and switch WebSockets on.",
    ),
    502: (
        "a proxy got no proper response from the server behind it",
        "Check that the server behind the proxy runs, and the proxy's log.",
    ),
    503: (
        "it is overloaded or has no server behind it",
        "Check that a server is up behind the proxy.",
    ),
    504: (
        "a proxy waited in vain for the server behind it",
        "Check that the server behind the proxy responds to handshakes.",
    ),
}
_GENERAL = ("", failures.RESPONSE_NOT_101.fix)


@dataclass(frozen=True, slots=True)
class Explained:
    """What is wrong with a response, and who may be behind it."""

    failure: Failure
    causes: tuple[Cause, ...] = ()


def explained(response: Response, target: Target) -> Explained:
    """Explain a response that accepts nothing."""
    problem = problem_of(response)
    if problem is not None:
        return Explained(Failure(failures.HANDSHAKE_REJECTED, problem.codes))
    if any(sentence in response.body for sentence in _WANTS_TLS):
        return Explained(Failure(failures.PLAIN_ON_TLS_PORT, "it says so"))
    locations = response.values(b"location")
    if response.status in REDIRECTION and locations:
        return Explained(_redirected(response, locations[0], target))
    if response.status in SUCCESS and response.media_type in _HTML:
        seen = f"{response.status} with {response.media_type.decode('ascii')}"
        return Explained(Failure(failures.HTML_INSTEAD, seen), _suspects(response))
    said, fix = _SAID.get(response.status, _GENERAL)
    seen = f"{response.status}: {said}" if said else str(response.status)
    return Explained(Failure(failures.RESPONSE_NOT_101, seen, fix), _suspects(response))


def _redirected(response: Response, location: bytes, target: Target) -> Failure:
    seen = f"{response.status} to {shown_address(location)}"
    return Failure(failures.REDIRECTED, seen, _way_to(location, target))


def _way_to(location: bytes, target: Target) -> str | None:
    """Say what the redirection is for, if that can be seen from its address."""
    here = f"{'https' if target.secure else 'http'}://{target.authority}{target.path}"
    try:
        there = urlsplit(urljoin(here, location.decode("latin-1")))
        host = there.hostname
    except ValueError:
        return None
    if host == target.host and there.path == target.path + "/":
        return "Add the slash at the end of the path."
    if host == target.host and there.path + "/" == target.path:
        return "Leave the slash at the end of the path out."
    if there.scheme in {"https", "wss"} and not target.secure:
        return "Use wss:// in the place of ws://."
    if any(word in there.path.lower() for word in ("login", "signin", "auth", "sso")):
        return "Send credentials along: --header 'Cookie: ...' or 'Authorization: ...'."
    return None


def _suspects(response: Response) -> tuple[Cause, ...]:
    """Return who may be behind it, the likelier first; never more than two."""
    proxy, server = proxy_of(response) or UNKNOWN, server_of(response).lower()
    if response.status == proxy.rejects_with:
        return (_stripped(Certainty.LIKELY, proxy),)
    if response.status == HTTPStatus.FORBIDDEN:
        return (causes.NO_ROUTE.as_certain_as(Certainty.POSSIBLE),)
    if response.status not in _TAKEN_FOR_PLAIN or response.http_version == "2":
        return ()
    if proxy is not UNKNOWN:
        return (_stripped(Certainty.LIKELY, proxy),)
    missing = causes.NO_WEBSOCKET_SUPPORT.as_certain_as(Certainty.POSSIBLE)
    others = (missing,) if server.startswith("uvicorn") else ()
    return (*others, _stripped(Certainty.POSSIBLE, proxy))


def _stripped(certainty: Certainty, proxy: Proxy) -> Cause:
    return causes.PROXY_STRIPPED_UPGRADE.as_certain_as(
        certainty, fix=proxy.fix, config=proxy.config
    )
