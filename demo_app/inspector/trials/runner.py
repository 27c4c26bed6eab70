"""Trials: a request that no browser sends, over a raw socket to the demo itself."""

from __future__ import annotations

import asyncio
import socket
import time
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Self

from starlette.exceptions import HTTPException

from demo_app.inspector.posted import LARGEST, head_of
from demo_app.inspector.trials.catalogue import TRIALS
from demo_app.inspector.trials.exchange import ask
from demo_app.inspector.trials.nginx import Nginx, NginxError
from demo_app.inspector.trials.request import shown, wire
from demo_app.inspector.trials.uvicorn_alone import UvicornAlone
from demo_app.settings import HOST, host_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp

    from demo_app.inspector.live.hub import Hub

OWN = "own"
_ROUTES = frozenset(["direct", "nginx"])
MOST_AT_ONCE = 8
_LARGEST_SHOWN = 4096
_FIRST_ADDRESS = "127.0.0.2"

_UNKNOWN = (
    "trial is valid, own, or the code of a reason or cause that can happen here, as "
    "/catalogue.json lists them."
)
_BUSY = f"{MOST_AT_ONCE} trials are running; ask again in a moment."


@dataclass(frozen=True, slots=True)
class Trial:
    """What is to be sent, and to which server."""

    text: str
    with_ws_handshake: bool = True
    through: str = "direct"

    @classmethod
    def of(cls, asked: Mapping[str, object], port: int) -> Self:
        """Read what the page asks for. Raises HTTPException for what is wrong."""
        checked = asked.get("with_ws_handshake", True)
        through = asked.get("through", "direct")
        if not isinstance(checked, bool):
            raise HTTPException(400, "with_ws_handshake is true or false.")
        if not isinstance(through, str) or through not in _ROUTES:
            raise HTTPException(400, 'through is "direct" or "nginx".')
        return cls(_text_of(asked, port), checked, through)


def _text_of(asked: Mapping[str, object], port: int) -> str:
    name = asked.get("trial")
    if name == OWN:
        return head_of(asked)
    if not isinstance(name, str) or name not in TRIALS:
        raise HTTPException(400, _UNKNOWN)
    return TRIALS[name].text(host_of(port))


class TrialRunner:
    """Runs trials, a few at once, and finds the events of each.

    Each is sent from a loopback address of its own, by which its events are found:
    nothing in the bytes has to be marked. Where the system has only one such address,
    one trial runs at a time.
    """

    def __init__(self, port: int, hub: Hub, app: ASGIApp) -> None:
        """Take the port of the demo, its hub, and the unwrapped application."""
        self._port = port
        self._hub = hub
        self._uvicorn_alone = UvicornAlone(app)
        self._nginx = {True: Nginx(), False: Nginx()}
        self._sources: asyncio.Queue[str] = asyncio.Queue()
        for address in _own_addresses():
            self._sources.put_nowait(address)
        self._running = 0

    async def run(self, trial: Trial) -> dict[str, object]:
        """Run a trial, and return what was sent, what came back and what was logged."""
        if self._running >= MOST_AT_ONCE:
            raise HTTPException(429, _BUSY)
        self._running += 1
        try:
            port = await self._port_for(trial)
            source = await self._sources.get()
            try:
                return await self._sent(trial, port, source)
            finally:
                self._sources.put_nowait(source)
        except NginxError as error:
            raise HTTPException(503, str(error)) from error
        finally:
            self._running -= 1

    async def end(self) -> None:
        """End the servers that trials have started."""
        for nginx in self._nginx.values():
            await nginx.end()
        await self._uvicorn_alone.end()

    async def _port_for(self, trial: Trial) -> int:
        checked = trial.with_ws_handshake
        port = self._port if checked else await self._uvicorn_alone.port()
        if trial.through == "direct":
            return port
        return await self._nginx[checked].port_before(port)

    async def _sent(self, trial: Trial, port: int, source: str) -> dict[str, object]:
        sent = wire(trial.text)
        began = time.perf_counter()
        with self._hub.events_of(source) as events:
            response = await ask(port, sent, source)
            took = time.perf_counter() - began
            # the server may report an acceptance only after we have read it
            await asyncio.sleep(0)
        return {
            "sent": shown(sent, LARGEST),
            "through": trial.through,
            "with_ws_handshake": trial.with_ws_handshake,
            "response": {
                "status": response.status,
                "text": shown(response.data, _LARGEST_SHOWN),
                "note": response.note,
            },
            "events": list(events),
            "took_ms": round(took * 1000, 1),
        }


def _own_addresses() -> list[str]:
    """Return loopback addresses for trials alone; macOS has only 127.0.0.1."""
    first = IPv4Address(_FIRST_ADDRESS)
    try:
        with socket.socket() as probe:
            probe.bind((str(first), 0))
    except OSError:
        return [HOST]
    return [str(first + number) for number in range(MOST_AT_ONCE)]
