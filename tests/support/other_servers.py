"""Runs servers with the wrapped application, and finds out who sent which response."""

from __future__ import annotations

import json
import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from tests.support.apps_other import CASE, SEEN
from tests.support.handshakes import VALID
from tests.support.http2 import Http2Client, Http2Response
from tests.support.needed import is_missing
from tests.support.other_cases import CASES, CONNECTION, SEC_KEY, UPGRADE, VERSION
from tests.support.other_http2_cases import HTTP2_CASES
from tests.support.wires import Response, serving
from ws_handshake.structlog import REJECTED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from tests.support.other_cases import Case

_APP = "tests.support.apps_other:app"
_UVICORN = ("uvicorn", _APP, "--port", "{port}", "--log-level", "warning")
_HYPERCORN = ("hypercorn", _APP, "--bind", "127.0.0.1:{port}")
_GUNICORN = (
    *("gunicorn", _APP, "--bind", "127.0.0.1:{port}", "--graceful-timeout", "2"),
    "--worker-class",
)

# A server that has not responded by then does not respond.
_SECONDS = 10.0
_AT_ONCE = 10

_REJECTED_AND_PLAIN = (
    VALID.without(UPGRADE).wire()
    + VALID.without(UPGRADE, CONNECTION, SEC_KEY, VERSION).plus(CASE, b"behind").wire()
)


@dataclass(frozen=True)
class Setup:
    """A server, and how it is started."""

    title: str
    command: tuple[str, ...]
    http2: bool = False

    @property
    def module(self) -> str:
        """The module that must be installed."""
        return self.command[0]


PROTOCOL = "uvicorn + our protocol class"
WSPROTO = "uvicorn + wsproto"
SANSIO = "uvicorn + websockets"
HYPERCORN = "hypercorn"
HYPERCORN_OURS = "hypercorn + our configuration"
GUNICORN = "gunicorn"
GUNICORN_OURS = "gunicorn + our worker"
DAPHNE = "daphne"
GRANIAN = "granian"

SETUPS: dict[str, Setup] = {
    setup.title: setup
    for setup in (
        Setup(
            PROTOCOL,
            (
                *_UVICORN,
                *("--ws", "wsproto"),
                *("--http", "ws_handshake.uvicorn:HttpToolsProtocol"),
            ),
        ),
        Setup(WSPROTO, (*_UVICORN, "--ws", "wsproto", "--http", "httptools")),
        Setup(SANSIO, (*_UVICORN, "--ws", "websockets-sansio", "--http", "httptools")),
        Setup(HYPERCORN, _HYPERCORN, http2=True),
        Setup(
            HYPERCORN_OURS,
            (*_HYPERCORN, "--config", "python:ws_handshake.hypercorn"),
            http2=True,
        ),
        Setup(GUNICORN, (*_GUNICORN, "asgi")),
        Setup(GUNICORN_OURS, (*_GUNICORN, "ws_handshake.gunicorn.ASGIWorker")),
        Setup(DAPHNE, ("daphne", "-b", "127.0.0.1", "-p", "{port}", _APP)),
        Setup(
            GRANIAN,
            (
                *("granian", _APP, "--interface", "asgi"),
                *("--host", "127.0.0.1", "--port", "{port}"),
            ),
            http2=True,
        ),
    )
}


@dataclass(frozen=True)
class Rejection:
    """What the log says of a rejection."""

    codes: tuple[str, ...]
    status: int


@dataclass(frozen=True)
class Outcome:
    """What became of one request.

    `scopes` are what the application's side was handed: nothing where the server
    responded by itself. `rejections` are those that the log ascribes to this request.
    """

    case: Case
    response: Response | Http2Response
    scopes: tuple[str, ...]
    rejections: tuple[Rejection, ...]

    @property
    def scope(self) -> str | None:
        """The one scope, or None."""
        return self.scopes[0] if self.scopes else None

    @property
    def judged(self) -> tuple[str, ...]:
        """The codes of the rejection; none where there was none."""
        return self.rejections[0].codes if self.rejections else ()


@dataclass(frozen=True)
class Measured:
    """What became of all requests.

    `without_app` counts, by their codes, the rejections that no application was asked
    about; `serves_behind` says whether a request behind a rejected one was served.
    """

    setup: Setup
    http1: tuple[Outcome, ...]
    http2: tuple[Outcome, ...]
    without_app: Counter[tuple[str, ...]]
    serves_behind: bool

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """All of them, of both versions of HTTP."""
        return self.http1 + self.http2


def installed(setup: Setup) -> bool:
    """Return whether a server can be run; on CI it must be."""
    return find_spec(setup.module) is not None


def need(setup: Setup) -> None:
    """Skip a test whose server is not installed; on CI, fail it."""
    if installed(setup):
        return
    is_missing(f"{setup.module} is not installed")


def measure(setup: Setup, log: Path) -> Measured:
    """Run the server, ask it everything, and read its log when it has ended."""
    with serving(setup.command, log) as server, ThreadPoolExecutor(_AT_ONCE) as pool:
        first = pool.map(
            lambda case: exchange(server.port, _wire(case), is_complete), CASES
        )
        second = pool.map(
            lambda case: _exchange_http2(server.port, case),
            HTTP2_CASES if setup.http2 else (),
        )
        responses = [*zip(CASES, first, strict=True)]
        responses2 = [*zip(HTTP2_CASES, second, strict=False)]
        exchange(server.port, _REJECTED_AND_PLAIN, _has_two_responses)
    reported = [json.loads(line) for line in _json_lines(log)]
    return Measured(
        setup,
        tuple(_outcome(case, response, reported) for case, response in responses),
        tuple(_outcome(case, response, reported) for case, response in responses2),
        Counter(_rejection(event).codes for event in _events(reported, REJECTED, None)),
        bool(_events(reported, SEEN, "behind")),
    )


def exchange(port: int, data: bytes, done: Callable[[Response], bool]) -> Response:
    """Send bytes, and read until it is `done`, the connection's end, or too long."""
    response = Response(b"", "open")
    with (
        socket.create_connection(("127.0.0.1", port), _SECONDS) as connection,
        suppress(TimeoutError, ConnectionError),
    ):
        connection.sendall(data)
        while not done(response) and (chunk := connection.recv(65536)):
            response = replace(response, raw=response.raw + chunk)
    return response


def is_complete(response: Response) -> bool:
    """Return whether a response is there, as far as its head says; the others end."""
    if b"\r\n\r\n" not in response.raw:
        return False
    length = dict(response.headers).get(b"content-length")
    if length is None:
        return response.status == 101
    return len(response.body) >= int(length)


def _exchange_http2(port: int, case: Case) -> Http2Response:
    with Http2Client(port) as client:
        return client.ask(case.handshake.plus(*_marker(case)))


def _has_two_responses(response: Response) -> bool:
    return response.raw.count(b"HTTP/1.1 ") == 2


def _wire(case: Case) -> bytes:
    return case.wire(_marker(case))


def _marker(case: Case) -> tuple[bytes, bytes]:
    return CASE, case.mark.encode("ascii")


def _json_lines(log: Path) -> Iterable[str]:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return (line for line in lines if line.startswith("{"))


def _events(
    reported: list[dict[str, Any]], event: str, case: str | None
) -> list[dict[str, Any]]:
    return [
        line for line in reported if (line["event"], line.get("case")) == (event, case)
    ]


def _rejection(event: dict[str, Any]) -> Rejection:
    codes = tuple(event["websocket.handshake.violations"])
    return Rejection(codes, event["http.response.status_code"])


def _outcome(
    case: Case, response: Response | Http2Response, reported: list[dict[str, Any]]
) -> Outcome:
    return Outcome(
        case,
        response,
        tuple(event["scope"] for event in _events(reported, SEEN, case.mark)),
        tuple(map(_rejection, _events(reported, REJECTED, case.mark))),
    )
