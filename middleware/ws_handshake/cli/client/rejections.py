"""Why a response does not accept the handshake, and how to fix that."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from ws_handshake.cli.client import failures
from ws_handshake.cli.client.failures import Failure
from ws_handshake.cli.client.problem import problem_of
from ws_handshake.cli.client.redirects import redirected
from ws_handshake.cli.client.response import ACCEPT, REDIRECTION, SUCCESS
from ws_handshake.cli.client.signs import (
    proxy_of,
    server_of,
    speaks_of_origin,
    text_of,
    writer_of,
)
from ws_handshake.cli.client.statuses import meaning_of
from ws_handshake.cli.client.words import said_in
from ws_handshake.cli.client.writer import IN_FRONT
from ws_handshake.cli.text import shown
from ws_handshake.core.request import UPGRADE
from ws_handshake.diagnosis import causes
from ws_handshake.diagnosis.cause import Certainty
from ws_handshake.diagnosis.proxies import UNKNOWN_PROXY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ws_handshake.cli.client.response import Response
    from ws_handshake.cli.client.target import Target
    from ws_handshake.cli.client.words import Saying
    from ws_handshake.cli.client.writer import Writer
    from ws_handshake.diagnosis.cause import Cause
    from ws_handshake.diagnosis.proxy import Proxy

_HTML = (b"text/html", b"application/xhtml+xml")
# A page that sends browsers elsewhere, as captive portals do.
_refresh = re.compile(
    rb"(?i)http-equiv=[\"']?refresh[^<>]{1,99}?url=[\"']?([^\"'<>\s]{1,500})"
)

# What nginx, Apache, Go's server and Tomcat respond to plain HTTP on a TLS port.
_WANTS_TLS = (
    b"plain HTTP request was sent to HTTPS port",
    b"speaking plain HTTP to an SSL-enabled server port",
    b"sent an HTTP request to an HTTPS server",
    b"This combination of host and port requires TLS",
)

_AUTHENTICATE = b"www-authenticate"
_OTHER_PROTOCOLS = {
    b"text/event-stream": (
        "an event stream (SSE), which is plain HTTP",
        "Check the path, or read the stream with EventSource.",
    ),
    b"application/grpc": (
        "a gRPC server, which takes no WebSockets",
        "Check host and port.",
    ),
}
_NOT_ITS_STATUS = (
    "it has Sec-WebSocket-Accept, and not the status of an acceptance",
    "Let the server respond with 101, and every proxy pass it on.",
)
_OVER_TLS = ("it is served over TLS only", "Use wss:// instead of ws://.")

_WSGI_SERVERS = ("wsgiserver", "werkzeug", "gunicorn", "waitress", "cheroot")
_NO_WSGI = "Run it as an ASGI application, with uvicorn: WSGI knows no WebSockets."

# Responses about the server behind who responds.
_BEHIND_IT = range(502, 505)

# Responses to a plain GET: the server did not see the upgrade, or knows none.
_TAKEN_FOR_PLAIN = frozenset([200, 204, 400, 404, 405, 426])


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
    location = _location(response)
    if location is not None:
        return Explained(redirected(response, location, target))
    said = said_in(text_of(response))
    writer = writer_of(response)
    if writer is not None:
        return Explained(_in_front(response, writer, said))
    failure = _unexplained(response, said)
    if target.doubled_slash and response.status in _TAKEN_FOR_PLAIN:
        # to most servers this is another path, so nothing else need be the cause
        return Explained(replace(failure, better_fix=_one_slash(target)))
    return Explained(failure, _suspects(response, said))


def _location(response: Response) -> bytes | None:
    """Return where a redirect leads, or a page that refreshes itself."""
    if response.status in REDIRECTION:
        return next(iter(response.values(b"location")), None)
    found = _refresh.search(response.body) if _is_page(response) else None
    return found and found[1]


def _in_front(response: Response, writer: Writer, said: Saying | None) -> Failure:
    status, fix = response.status, writer.fix(response.status)
    seen = f"{status} from {writer.name}, {writer.place}"
    if said is not None and said.enough:
        seen, fix = f"{seen}: {said.meaning}", said.fix
    elif writer.place is IN_FRONT and status in _BEHIND_IT:
        seen = f"{seen}: {meaning_of(status)[0]}"
    return Failure(failures.REJECTED_IN_FRONT, seen + _asks(response), fix)


def _unexplained(response: Response, said: Saying | None) -> Failure:
    """Return the failure that shows in the status, the fields and the words."""
    status, media_type = response.status, response.media_type
    if _is_page(response):
        seen = f"{status} with {media_type.decode('ascii')}"
        return Failure(failures.HTML_INSTEAD, seen)
    meaning, fix = (said.meaning, said.fix) if said else meaning_of(status)
    if media_type in _OTHER_PROTOCOLS:
        meaning, fix = _OTHER_PROTOCOLS[media_type]
    elif response.values(ACCEPT):
        meaning, fix = _NOT_ITS_STATUS
    elif status == HTTPStatus.UPGRADE_REQUIRED and _wants_tls(response):
        meaning, fix = _OVER_TLS
    elif status == HTTPStatus.UNAUTHORIZED and _is_negotiated(response):
        fix = "Use a token or a cookie: no WebSocket client negotiates credentials."
    seen = f"{status}: {meaning}" if meaning else str(status)
    return Failure(failures.RESPONSE_NOT_101, seen + _asks(response), fix)


def _is_page(response: Response) -> bool:
    return response.status in SUCCESS and response.media_type in _HTML


def _asks(response: Response) -> str:
    """Return what the fields ask for: credentials of a scheme, or patience."""
    asked = response.values(_AUTHENTICATE) + response.values(b"proxy-authenticate")
    schemes = b", ".join(value.partition(b" ")[0] for value in asked)
    later = response.values(b"retry-after")
    by = f" ({shown(schemes)})" if schemes else ""
    return f"{by}; it says to retry after {shown(later[0])}" if later else by


def _is_negotiated(response: Response) -> bool:
    values = [value.lower() for value in response.values(_AUTHENTICATE)]
    return bool(values) and all(v.startswith((b"negotiate", b"ntlm")) for v in values)


def _wants_tls(response: Response) -> bool:
    return any(token.startswith(b"tls") for token in response.tokens(UPGRADE))


def _one_slash(target: Target) -> str:
    return f"Write {target.with_one_slash.shown}: the path has a doubled slash."


def _suspects(response: Response, said: Saying | None) -> tuple[Cause, ...]:
    """Return the possible causes, the likelier first; never more than two."""
    proxy = proxy_of(response) or UNKNOWN_PROXY
    if proxy.carries_none or response.status == proxy.rejects_with:
        stripped = _stripped(Certainty.LIKELY, proxy)
        return (stripped._replace(detail=proxy.carries_none or stripped.detail),)
    if speaks_of_origin(response):
        return (causes.ORIGIN_DENIED_BY_APP.as_certain_as(Certainty.LIKELY),)
    if said is not None and said.enough:
        return tuple(_given_away(said, proxy))
    if response.status == HTTPStatus.FORBIDDEN:
        return (causes.NO_ROUTE.as_certain_as(Certainty.POSSIBLE),)
    if response.status not in _TAKEN_FOR_PLAIN or response.http_version == "2":
        return ()
    return _of_a_plain_request(response, proxy, said)


def _given_away(said: Saying, proxy: Proxy) -> Iterator[Cause]:
    if said.cause is causes.PROXY_STRIPPED_UPGRADE:
        yield _stripped(Certainty.LIKELY, proxy)
    elif said.cause is not None:
        yield said.cause


def _of_a_plain_request(
    response: Response, proxy: Proxy, said: Saying | None
) -> tuple[Cause, ...]:
    if proxy is not UNKNOWN_PROXY and not proxy.forwards_both_or_none:
        return (_stripped(Certainty.LIKELY, proxy),)
    stripped = _stripped(Certainty.POSSIBLE, proxy)
    if said is not None and said.cause is not None:
        return (said.cause, stripped)
    server, missing = server_of(response).lower(), causes.NO_WEBSOCKET_SUPPORT
    if server.startswith("uvicorn"):
        return (missing.as_certain_as(Certainty.POSSIBLE), stripped)
    if server.startswith(_WSGI_SERVERS):
        missing = missing.as_certain_as(Certainty.LIKELY, fix=_NO_WSGI, config=())
        return (missing, stripped)
    return (stripped,)


def _stripped(certainty: Certainty, proxy: Proxy) -> Cause:
    return causes.PROXY_STRIPPED_UPGRADE.as_certain_as(
        certainty, fix=proxy.fix, config=proxy.config
    )
