"""Writer, who responds by itself: how that shows, and what to do about each status."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ws_handshake.cli.client.response import Response

#: The key of a writer's fixes for all other statuses.
OTHERS = 0

#: Where a writer stands.
IN_FRONT = "in front of the server"
FORWARD_PROXY = "a forward proxy on the client's side"
CLIENT_SIDE = "on the client's side"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A mark of a response; all that is given must hold. All of it is in lower case."""

    #: The name of a field that is there.
    field: bytes = b""
    #: How every Server begins.
    server: bytes = b""
    #: Words of the body.
    body: bytes = b""
    #: The name of a field that is missing: it stands in what is passed on.
    without: bytes = b""
    #: There is no body.
    empty: bool = False
    status: int = 0

    def stands_in(self, response: Response) -> bool:
        """Return whether a response has it."""
        servers = [value.lower() for value in response.values(b"server")]
        is_served = servers and all(s.startswith(self.server) for s in servers)
        return (
            self.status in {0, response.status}
            and (not self.field or bool(response.values(self.field)))
            and (not self.server or bool(is_served))
            and not (self.without and response.values(self.without))
            and self.body in response.body.lower()
            and not (self.empty and response.body)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """A proxy, gateway or platform that writes responses by itself."""

    name: str
    marks: tuple[Mark, ...]
    #: What to do by status; `OTHERS` stands for all others.
    fixes: Mapping[int, str]
    place: str = IN_FRONT

    def wrote(self, response: Response) -> bool:
        """Return whether it wrote a response by itself."""
        return any(mark.stands_in(response) for mark in self.marks)

    def fix(self, status: int) -> str:
        """Return what to do where it responds by itself, with this status."""
        return self.fixes.get(status) or self.fixes[OTHERS]


def pages(*words: bytes, field: bytes = b"", server: bytes = b"") -> tuple[Mark, ...]:
    """Return a mark for the words of each page; the rest holds for all of them."""
    return tuple(Mark(body=one, field=field, server=server) for one in words)


def each(statuses: Iterable[int], fix: str) -> dict[int, str]:
    """Return the same fix for several statuses."""
    return dict.fromkeys(statuses, fix)
