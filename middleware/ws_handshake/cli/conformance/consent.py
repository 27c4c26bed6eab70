"""Whether the catalogue may be sent: it is for servers that are one's own."""

from __future__ import annotations

import ipaddress
import sys
from typing import TYPE_CHECKING

from ws_handshake.cli.screen import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ws_handshake.cli.client.dial import Address
    from ws_handshake.cli.client.target import Target
    from ws_handshake.cli.screen import Screen

_QUESTION = "Is the server yours, and may this be sent? [y/N] "
_YES = ("y", "yes")


def may_send(
    target: Target, addresses: Iterable[Address], screen: Screen, *, yes: bool
) -> bool:
    """Ask before any address that is not this machine's; without a terminal, no."""
    beyond = [str(address) for address in addresses if not _is_loopback(str(address))]
    if not beyond or yes:
        return True
    where = f"{shown(target.authority)} ({', '.join(beyond)})"
    if not (sys.stdin.isatty() and screen.err.is_terminal):
        screen.complain(
            f"{where} is not this machine, and there is no terminal to ask on. If the "
            "server is yours, say so with --yes."
        )
        return False
    return _is_theirs(where, screen)


def _is_theirs(where: str, screen: Screen) -> bool:
    screen.complain(f"{where} is not this machine.")
    try:
        said = screen.err.input(_QUESTION, markup=False)
    except EOFError:
        said = ""
    if said.strip().lower() in _YES:
        return True
    screen.complain("Nothing was sent.")
    return False


def _is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback
