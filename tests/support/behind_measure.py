"""What becomes of a real client's handshake behind a real proxy."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.support.handshakes import VALID
from tests.support.http2 import get_over_http2
from tests.support.proxies import available, proxy
from tests.support.proxy_configs import CONFIGURATIONS, fixed
from tests.support.tls import trusting
from tests.support.wires import Response

if TYPE_CHECKING:
    from contextlib import ExitStack
    from pathlib import Path

    from tests.support.behind_stage import Named, Stage
    from tests.support.capture import Arrived
    from tests.support.handshakes import Handshake
    from tests.support.proxy_configs import Configuration

#: What an HTTP/2 client sends that believes in HTTP/1.1, such as reqwest.
OVER_HTTP2 = (
    *VALID.without(b"host", b"upgrade", b"connection").headers,
    (b"user-agent", b"reqwest/0.12.9"),
)


_NONE = Response(b"", "")


@dataclass(frozen=True)
class Outcome:
    """How one attempt ended, with an echo or a rejection, and what we said of it.

    `response` is empty after an echo and over HTTP/2; `status` is None where the proxy
    sent none.
    """

    status: int | None
    arrived: Arrived | None
    codes: tuple[str, ...] = ()
    causes: tuple[Named, ...] = ()
    logged: dict[str, Any] | None = None
    echo: str = ""
    response: Response = _NONE


@dataclass(frozen=True)
class Measured:
    """One configuration: what came of it, and what after its fix, if it needs one."""

    configuration: Configuration
    port: int
    http1: Outcome
    http2: Outcome | None
    after: Outcome | None


def measure_all(
    stage: Stage, directory: Path, started: ExitStack
) -> dict[tuple[str, str], Measured]:
    """Measure every configuration of every proxy that is installed.

    The proxies go on, and end together: Apache can be deaf to a signal that comes in
    the first quarter of a second of its life.
    """
    here = [each for each in CONFIGURATIONS if available(each.proxy)]
    return {
        (each.proxy, each.name): measure(each, stage, directory, started)
        for each in here
    }


def measure(
    each: Configuration, stage: Stage, directory: Path, started: ExitStack
) -> Measured:
    """Open a WebSocket through a proxy; where it fails, through the fixed one too."""
    place = directory / each.proxy / each.name
    target = f"/{each.proxy}/{each.name}"
    over_http2 = after = None
    running = proxy(each.proxy, each.name, stage.port, place)
    port = started.enter_context(running)
    certificate = place / "certificate.pem" if each.tls else None
    http1 = attempt(stage, port, target, certificate)
    if certificate:
        over_http2 = attempt_over_http2(stage, port, f"{target}/h2", certificate)
    if not each.works:
        again = place / "fixed"
        running = proxy(each.proxy, fixed(each).name, stage.port, again)
        after = attempt(stage, started.enter_context(running), f"{target}/fixed")
    return Measured(each, port, http1, over_http2, after)


def attempt(
    stage: Stage,
    port: int,
    target: str,
    certificate: Path | None = None,
    origin: str | None = None,
) -> Outcome:
    """Open a WebSocket with a real client, and say hello."""
    scheme = "ws" if certificate is None else "wss"
    context = trusting(certificate) if certificate else None
    address = f"{scheme}://127.0.0.1:{port}{target}"
    headers = [("Origin", origin)] if origin else []
    try:
        with connect(
            address, ssl=context, proxy=None, additional_headers=headers
        ) as websocket:
            websocket.send("hello")
            echo = str(websocket.recv(5))
    except InvalidStatus as rejected:
        response = rejected.response
        head = f"HTTP/1.1 {response.status_code}\r\n{response.headers}".encode()
        return _rejected(stage, target, Response(head + response.body, "closed"))
    return Outcome(101, stage.arrived(target), echo=echo)


def attempt_over_http2(
    stage: Stage, port: int, target: str, certificate: Path
) -> Outcome:
    """Send an HTTP/1.1-style handshake as a GET over HTTP/2."""
    status = get_over_http2(port, certificate, OVER_HTTP2, target.encode("ascii"))
    logged, causes = stage.logged(target)
    codes = tuple(logged["websocket.handshake.violations"])
    return Outcome(status, stage.arrived(target), codes, causes, logged)


def attempt_bent(stage: Stage, port: int, target: str, bent: Handshake) -> Outcome:
    """Send a handshake as bytes, and read the head of the response."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), 5) as connection:
        try:
            connection.sendall(bent.asked(target=target.encode("ascii")).wire())
            while b"\r\n\r\n" not in received and (chunk := connection.recv(65536)):
                received += chunk
        except ConnectionError:
            return Outcome(None, stage.arrived(target))
    return _rejected(stage, target, Response(received, "closed"))


def _rejected(stage: Stage, target: str, response: Response) -> Outcome:
    arrived = stage.arrived(target)
    if not response.codes:
        return Outcome(response.status, arrived, response=response)
    logged, causes = stage.logged(target)
    return Outcome(
        response.status, arrived, response.codes, causes, logged, "", response
    )
