"""The options of the inspector: how much it keeps, and who may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from ws_handshake.core.authority import split_host

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_RECORDS = 10_000


@dataclass(frozen=True, slots=True)
class Options:
    """The options, parsed once; hosts are in lower case."""

    records: int
    allowed_hosts: frozenset[bytes]
    expose_to_network: bool

    @classmethod
    def of(
        cls, *, records: int, allowed_hosts: Sequence[str], expose_to_network: bool
    ) -> Self:
        """Parse the options. Raises ValueError, with a hint, for a wrong one."""
        is_whole = type(records) is int
        if not is_whole or not 1 <= records <= MOST_RECORDS:
            raise ValueError(
                f"records is {records!r}; give a number from 1 to {MOST_RECORDS:,}: so "
                "many handshakes are kept in memory."
            )
        if not isinstance(expose_to_network, bool):
            raise ValueError(
                f"expose_to_network is {expose_to_network!r}; give True if everyone "
                "who can reach this server may see its handshakes, else leave it out."
            )
        hosts = [] if isinstance(allowed_hosts, str) else map(_host, allowed_hosts)
        parsed = frozenset(filter(None, hosts))
        if len(parsed) != len(allowed_hosts):
            raise ValueError(
                f"allowed_hosts is {allowed_hosts!r}; give a list of names without "
                'scheme and port, such as ["dev.example.com"].'
            )
        return cls(records, parsed, expose_to_network)


def _host(name: object) -> bytes | None:
    """Return a name in lower case; None of what is none, or has a port."""
    if not isinstance(name, str) or not name.isascii():
        return None
    found = split_host(name.encode("ascii"))
    return found[0] if found and found[1] is None else None


def path_of(path: object) -> str:
    """Return a path to mount on. Raises ValueError, with a hint, for a wrong one."""
    if isinstance(path, str) and path[:1] == "/" != path[-1:] and "//" not in path:
        return path
    raise ValueError(
        f"path is {path!r}; give one that begins with a slash and ends without, such "
        'as "/_handshakes".'
    )
