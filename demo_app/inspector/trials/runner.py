"""Trials: a request that no browser sends, over a raw socket to the demo itself."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Self

from starlette.exceptions import HTTPException

from demo_app.inspector.posted import LARGEST, head_of
from demo_app.inspector.trials.catalogue import TRIALS
from demo_app.inspector.trials.exchange import ask
from demo_app.inspector.trials.nginx import Nginx, NginxError
from demo_app.inspector.trials.request import Request, shown, wire
from demo_app.inspector.trials.tap import Tap
from demo_app.inspector.trials.uvicorn_alone import UvicornAlone
from demo_app.settings import HOST, host_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp

    from demo_app.inspector.trials.exchange import Response
    from demo_app.inspector.trials.watch import Watch
    from ws_handshake.outcome.record import HandshakeRecord

#: The servers that respond, as people call them.
SERVERS = ("ws-handshake", "uvicorn with wsproto", "uvicorn with websockets")

MOST_AT_ONCE = 8
_LARGEST_SHOWN = 4096
_FIRST_ADDRESS = "127.0.0.2"

_UNKNOWN = (
    "trial is the name of one that can happen here, as /catalogue.json lists them; "
    "without it, head is the text of a request."
)
_BUSY = f"{MOST_AT_ONCE} trials are running; ask again in a moment."


@dataclass(frozen=True, slots=True)
class Trial:
    """What the client sends, and what is to arrive: a proxy may stand between.

    `by` is the proxy that is played; a real nginx takes its place.
    """

    sent: str
    arrives: str
    by: str = ""
    nginx: bool = False

    @classmethod
    def of(cls, asked: Mapping[str, object], port: int) -> Self:
        """Read what the page asks for. Raises HTTPException for what is wrong."""
        nginx = asked.get("nginx", False)
        if not isinstance(nginx, bool):
            raise HTTPException(400, "nginx is true or false.")
        name = asked.get("trial")
        if name is None and "head" in asked:
            head = head_of(asked)
            return cls(head, head, nginx=nginx)
        known = TRIALS.get(name) if isinstance(name, str) else None
        if known is None or not isinstance(known.sends, Request):
            raise HTTPException(400, _UNKNOWN)
        arrives = known.sends.text(host_of(port))
        sent = known.before.text(host_of(port)) if known.before else arrives
        return cls(sent, arrives, known.by, nginx)


@dataclass(frozen=True, slots=True)
class Tried:
    """What was sent, what arrived, what came back from each server, what was logged."""

    sent: str
    arrived: str
    by: str
    responses: list[Response]
    records: list[HandshakeRecord]

    def row(self) -> dict[str, object]:
        """Return it as the page gets it."""
        return {
            "sent": self.sent,
            "arrived": self.arrived,
            "by": self.by,
            "responses": [
                {
                    "server": server,
                    "status": response.status,
                    "text": shown(response.data, _LARGEST_SHOWN),
                    "note": response.note,
                }
                for server, response in zip(SERVERS, self.responses, strict=True)
            ],
        }


class TrialRunner:
    """Runs trials, a few at once, and finds the records of each.

    Each is sent from a loopback address of its own, by which its records are found:
    nothing in the bytes has to be marked. Where the system has only one such address,
    one trial runs at a time.
    """

    def __init__(self, port: int, watch: Watch, app: ASGIApp) -> None:
        """Take the port of the demo, and the application without the middleware."""
        self._port = port
        self._watch = watch
        self._alone = [UvicornAlone(app, ws) for ws in ("wsproto", "websockets-sansio")]
        self._tap = Tap(port)
        self._nginx = Nginx()
        self._sources: asyncio.Queue[str] = asyncio.Queue()
        for address in _own_addresses():
            self._sources.put_nowait(address)
        self._running = 0

    async def run(self, trial: Trial) -> Tried:
        """Run a trial. Raises HTTPException where that is not possible now."""
        if self._running >= MOST_AT_ONCE:
            raise HTTPException(429, _BUSY)
        self._running += 1
        try:
            ports = await self._ports(trial)
            source = await self._sources.get()
            try:
                return await self._tried(trial, ports, source)
            finally:
                self._sources.put_nowait(source)
        except NginxError as error:
            raise HTTPException(503, str(error)) from error
        finally:
            self._running -= 1

    async def end(self) -> None:
        """End the servers that trials have started."""
        await self._nginx.end()
        self._tap.end()
        for alone in self._alone:
            await alone.end()

    async def _ports(self, trial: Trial) -> list[int]:
        alone = [await one.port() for one in self._alone]
        if trial.nginx:
            return await self._nginx.ports_before([await self._tap.port(), *alone])
        return [self._port, *alone]

    async def _tried(self, trial: Trial, ports: list[int], source: str) -> Tried:
        sent = wire(trial.sent if trial.nginx else trial.arrives)
        with self._watch.records_of(source) as records:
            responses = await asyncio.gather(*(ask(p, sent, source) for p in ports))
            # the server may report an acceptance only after we have read it
            await asyncio.sleep(0)
        arrived = self._tap.heard_from(source) if trial.nginx else sent
        return Tried(
            shown(wire(trial.sent), LARGEST),
            shown(arrived, LARGEST),
            "nginx" if trial.nginx else trial.by,
            responses,
            records,
        )


def _own_addresses() -> list[str]:
    """Return loopback addresses for trials alone; macOS has only 127.0.0.1."""
    first = IPv4Address(_FIRST_ADDRESS)
    try:
        with socket.socket() as probe:
            probe.bind((str(first), 0))
    except OSError:
        return [HOST]
    return [str(first + number) for number in range(MOST_AT_ONCE)]
