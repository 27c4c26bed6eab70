"""A server with our protocol class, and a relay that sees what proxies send it."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.support.behind_app import CAUSES, COMMAND
from tests.support.behind_relay import relaying
from tests.support.wires import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.behind_relay import Relay
    from tests.support.capture import Arrived
    from tests.support.wires import Server


class Named(NamedTuple):
    """A cause as it was logged."""

    code: str
    certainty: str
    detail: str
    fix: str


@dataclass(frozen=True)
class Stage:
    """What proxies pass requests on to; a request is known by the path it asks for."""

    server: Server
    relay: Relay

    @property
    def port(self) -> int:
        """Where proxies are to go."""
        return self.relay.port

    def arrived(self, target: str) -> Arrived | None:
        """Return the head with this target, if one came through."""
        return self.relay.heads.get(target)

    def logged(
        self, target: str, seconds: float = 5.0
    ) -> tuple[dict[str, Any], tuple[Named, ...]]:
        """Return the rejection of this target and its causes; wait if need be."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            events = self.events()
            witnessed = next((e for e in events if e.get("path") == target), None)
            if witnessed:
                (rejection,) = [e for e in events if e.get("url.path") == target]
                return rejection, tuple(Named(*c) for c in witnessed["causes"])
            time.sleep(0.01)
        raise TimeoutError(f"No rejection of {target} in the log.")

    def events(self) -> list[dict[str, Any]]:
        """Return the whole lines of JSON that the server has logged."""
        lines = self.server.logged().splitlines(keepends=True)
        return [json.loads(line) for line in lines if line[:1] + line[-2:] == "{}\n"]

    def rejections(self) -> set[str]:
        """Return all targets that were rejected."""
        return {event["path"] for event in self.events() if event["event"] == CAUSES}


@contextmanager
def staged(directory: Path) -> Iterator[Stage]:
    """Run a server and a relay before it until the block ends."""
    with (
        serving(COMMAND, directory / "server.txt") as server,
        relaying(server.port) as relay,
    ):
        yield Stage(server, relay)
