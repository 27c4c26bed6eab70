"""Trials: a request that no browser sends, over a raw socket to the demo itself."""

from __future__ import annotations

import asyncio
import socket
import time
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Self

from starlette.exceptions import HTTPException

from demo_app.inspector.trials.catalogue import TRIALS
from demo_app.inspector.trials.exchange import ask, shown, wire
from demo_app.inspector.trials.nginx import Nginx, NginxError
from demo_app.inspector.posted import LARGEST, head_of
from demo_app.settings import HOST, host_of
from demo_app.inspector.trials.uvicorn_alone import Unguarded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp

    from demo_app.inspector.live.hub import Hub

OWN = "own"
_WAYS = frozenset(["direct", "nginx"])
MOST_AT_ONCE = 8
_LARGEST_SHOWN = 4096
_FIRST_ADDRESS = "127.0.0.2"

_UNKNOWN = (
    "trial is valid, own, or the code of a reason or cause that can happen here; "
    "/catalogue.json has them."
)
_BUSY = f"{MOST_AT_ONCE} trials are running; ask again in a moment."


@dataclass(frozen=True, slots=True)
class Trial:
    """What is to be sent, and to whom."""

    text: str
    guard: bool = True
    through: str = "direct"

    @classmethod
    def of(cls, asked: Mapping[str, object], port: int) -> Self:
        """Read what a page asks for. Raises HTTPException, with a hint, for more."""
        guard, through = asked.get("guard", True), asked.get("through", "direct")
        if not isinstance(guard, bool):
            raise HTTPException(400, "guard is true or false.")
        if not isinstance(through, str) or through not in _WAYS:
            raise HTTPException(400, 'through is "direct" or "nginx".')
        return cls(_text_of(asked, port), guard, through)


def _text_of(asked: Mapping[str, object], port: int) -> str:
    name = asked.get("trial")
    if name == OWN:
        return head_of(asked)
    if not isinstance(name, str) or name not in TRIALS:
        raise HTTPException(400, _UNKNOWN)
    return TRIALS[name].text(host_of(port))


class Laboratory:
    """Makes trials, a few at once, and knows which event is whose.

    Each runs from a loopback address of its own, by which its events are found: nothing
    of the bytes has to be marked. Where the system has one such address there is one
    trial at a time.
    """

    def __init__(self, port: int, hub: Hub, unguarded: ASGIApp) -> None:
        """Take the port of the demo, who hears of it, and the application within."""
        self._port = port
        self._hub = hub
        self._unguarded = Unguarded(unguarded)
        self._nginx = {True: Nginx(), False: Nginx()}
        self._sources: asyncio.Queue[str] = asyncio.Queue()
        for address in _own_addresses():
            self._sources.put_nowait(address)
        self._running = 0

    async def make(self, trial: Trial) -> dict[str, object]:
        """Make a trial, and return what was sent, responded and logged."""
        if self._running >= MOST_AT_ONCE:
            raise HTTPException(429, _BUSY)
        self._running += 1
        try:
            port = await self._port_for(trial)
            source = await self._sources.get()
            try:
                return await self._made(trial, port, source)
            finally:
                self._sources.put_nowait(source)
        except NginxError as missing:
            raise HTTPException(503, str(missing)) from missing
        finally:
            self._running -= 1

    async def end(self) -> None:
        """End what the trials needed."""
        for nginx in self._nginx.values():
            await nginx.end()
        await self._unguarded.end()

    async def _port_for(self, trial: Trial) -> int:
        port = self._port if trial.guard else await self._unguarded.port()
        if trial.through == "direct":
            return port
        return await self._nginx[trial.guard].port_before(port)

    async def _made(self, trial: Trial, port: int, source: str) -> dict[str, object]:
        sent = wire(trial.text)
        began = time.perf_counter()
        with self._hub.hearing(source) as received:
            response = await ask(port, sent, source)
            took = time.perf_counter() - began
            # an acceptance is reported once it was sent, and we may be the quicker
            await asyncio.sleep(0)
        return {
            "sent": shown(sent, LARGEST),
            "through": trial.through,
            "guard": trial.guard,
            "response": {
                "status": response.status,
                "text": shown(response.data, _LARGEST_SHOWN),
                "note": response.note,
            },
            "events": list(received),
            "took_ms": round(took * 1000, 1),
        }


def _own_addresses() -> list[str]:
    """Return loopback addresses that nobody else uses; macOS has only the first."""
    first = IPv4Address(_FIRST_ADDRESS)
    try:
        with socket.socket() as probe:
            probe.bind((str(first), 0))
    except OSError:
        return [HOST]
    return [str(first + number) for number in range(MOST_AT_ONCE)]
