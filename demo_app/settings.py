"""What the demo reads from its environment: PORT."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

HOST = "127.0.0.1"
DEFAULT_PORT = "8000"
_LAST_PORT = 65535


def port_of(environment: Mapping[str, str]) -> int:
    """Return the port to listen on. Raises ValueError, with a hint, for a wrong one."""
    text = environment.get("PORT") or DEFAULT_PORT
    number = int(text) if text.isascii() and text.isdecimal() else 0
    if not 1 <= number <= _LAST_PORT:
        raise ValueError(
            f"PORT is {text!r}; set it to a number from 1 to {_LAST_PORT}, "
            f"such as PORT={DEFAULT_PORT}."
        )
    return number


def host_of(port: int) -> str:
    """Return host and port of the demo, as a client writes them into Host."""
    return f"{HOST}:{port}"


def address_of(port: int) -> str:
    """Return the address of the demo, as a person types it."""
    return f"http://{host_of(port)}"


def origins_of(port: int) -> frozenset[str]:
    """Return the origins of the demo's own pages."""
    return frozenset([address_of(port), f"http://localhost:{port}"])
