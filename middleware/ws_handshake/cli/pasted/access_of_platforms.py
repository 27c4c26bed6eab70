"""Reads access log lines of clouds, routers and frameworks, as text or as JSON.

heroku[router]: at=error code=H13 desc="..." method=GET path="/ws" ... status=503
wss 2026-11-30T22:23:00.1Z app/lb/1 192.0.2.3:281 10.0.0.1:80 0.1 0.1 0 101 101 ...
[2026-11-30T21:26:18.4Z] "GET /ws HTTP/1.1" 503 UF ... "-" 0 91 0 ...
{"RequestMethod": "GET", "RequestPath": "/ws", "DownstreamStatus": 404}
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from ws_handshake.cli.pasted.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    Reader = Callable[..., Message]

ACCEPTED = "The handshake was accepted; what failed, failed later."

_S = r"([1-5][0-9]{2})"

#: What Envoy writes behind the status if it made the response itself.
_ENVOY = {
    "UF": ("Envoy could not connect to the server behind it.", "connection_refused"),
    "UH": ("Envoy has no healthy server behind it.", "connection_refused"),
    "UC": ("The server behind Envoy ended the connection.", "closed_without_response"),
    "NR": ("Envoy has no route for this host and path.", "no_route"),
    "upgrade_failed": ("Envoy does not let WebSockets through.", "rejected_in_front"),
}
_ENVOY_FIX = (
    "Allow them with upgrade_configs: upgrade_type websocket, and check the route and "
    "the port of the service."
)
_HEROKU = {
    "H10": "The dyno has crashed.",
    "H12": "The application did not respond within 30 seconds.",
    "H13": "The application ended the connection before it responded.",
    "H14": "No web dyno runs.",
    "H15": "The WebSocket was open, and nothing came for 55 seconds.",
    "H18": "The application ended the connection while it responded.",
}
_HEROKU_FIX = (
    "Read the log of the dyno at this time; of an idle one, send pings more often."
)


def by_status(kind: str) -> Reader:
    """Return what makes a message of a status: accepted, or what the status means."""

    def read(status: str) -> Message:
        accepted = int(status) == HTTPStatus.SWITCHING_PROTOCOLS
        return Message(kind, ACCEPTED if accepted else "", status=int(status))

    return read


def _of_envoy(status: str, flags: str) -> Message:
    kind = "an access log line of Envoy"
    found = next(
        (_ENVOY[flag] for flag in _ENVOY if flag in re.split("[, ]", flags)), None
    )
    if found is None:
        return by_status(kind)(status)
    return Message(kind, found[0], _ENVOY_FIX, found[1], int(status))


def _of_heroku(code: str | None, status: str | None) -> Message:
    kind = "a log line of Heroku's router"
    if code:
        what = _HEROKU.get(code, "Heroku made the response itself.")
        return Message(kind, what, _HEROKU_FIX, "", int(status or 503))
    return by_status(kind)(status or "503")


PLATFORMS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (
        re.compile(
            r'^.{0,200}\[[0-9-]{10}T[0-9:.]+Z\] "[A-Z]+ \S+ HTTP/[0-9.]+" '
            + _S
            + r" (\S+(?: -)?(?: upgrade_failed)?)"
        ),
        _of_envoy,
    ),
    (
        re.compile(
            r"heroku[\[/]router\]?: at=(?:error code=(H[0-9]{2})|info)"
            r".{0,2000}? status=" + _S + "?"
        ),
        _of_heroku,
    ),
    (
        re.compile(
            r"\b(?:https?|h2|wss?) [0-9-]{10}T[0-9:.]+Z \S+ \S+ \S+ (?:-?[0-9.]+ ){3}"
            + _S
        ),
        by_status("an access log line of AWS's load balancer"),
    ),
    (
        re.compile(
            r"^[0-9-]{10} [0-9:]{8} \S+ GET /\S* \S+ [0-9]+ .*? "
            + _S
            + r" [0-9]+ [0-9]+ "
        ),
        by_status("an access log line of IIS"),
    ),
    (
        re.compile(r"\tGET\t\S{1,253}\t/\S{0,2000}\t" + _S + r"\t"),
        by_status("an access log line of CloudFront"),
    ),
    (
        re.compile(r" => generated [0-9]+ bytes .{0,60}?\(HTTP/1\.[01] " + _S + r"\)"),
        by_status("a log line of uWSGI"),
    ),
    (
        re.compile(r"Request finished .{0,20}?GET \S{1,2000} .{0,20}?- " + _S + r"\b"),
        by_status("a log line of ASP.NET Core"),
    ),
    (
        re.compile(r"\| *" + _S + r" \|[^\n]{0,120}?\| *GET\b"),
        by_status("a log line of Gin or Fiber"),
    ),
    (
        re.compile(r"\bTCP_[A-Z_]+/" + _S + r" [0-9]+ (?:GET|CONNECT) "),
        by_status("an access log line of Squid"),
    ),
    (
        re.compile(r"\[HTTP/[0-9.]+ " + _S + r" [^\]\n]{0,40}[0-9]ms\]"),
        by_status("a line of a browser's console"),
    ),
    (
        re.compile(r"\[" + _S + r"\]: GET /"),
        by_status("a log line of PHP"),
    ),
    (
        re.compile(r"\bSent " + _S + r" in [0-9]+"),
        by_status("a log line of Phoenix"),
    ),
    (
        re.compile(
            r'^(?=.*"(?:[Cc]lient)?_?(?:[Rr]equest_?)?[Mm]ethod" ?: ?"GET"'
            r'|.*"\$connect"'
            r'|.*"request" ?: ?"GET )'
            r'.*?"(?:\w{0,30}[Ss]tatus(?:_?[Cc]ode)?)" ?: ?"?' + _S + r"\b"
        ),
        by_status("an access log line in JSON"),
    ),
)
