"""Puts our HTTP protocol class in the place of uvicorn's own, while a server starts."""

from __future__ import annotations

from asyncio import get_running_loop
from importlib import import_module
from inspect import signature
from typing import TYPE_CHECKING, Any, NamedTuple

from ws_handshake.core.redaction import printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from uvicorn.config import Config


class Seam(NamedTuple):
    """What our subclass of one of uvicorn's classes builds on.

    `methods` it overrides or calls, `attributes` it reads of an instance.
    """

    module: str
    name: str
    methods: tuple[str, ...]
    attributes: tuple[str, ...]

    def check(self, ours: Any, own: Any, config: Config) -> None:  # noqa: ANN401  (classes, built as uvicorn builds them)
        """Raise if uvicorn has not all that our class builds on."""
        if ours.__base__ is not own:
            raise TypeError(f"{ours.__name__} is a subclass of another class.")
        for name in self.methods:
            if _parameters(getattr(own, name)) != _parameters(getattr(ours, name)):
                raise TypeError(f"{name} takes other parameters.")
        state, loop = import_module("uvicorn.server").ServerState(), get_running_loop()
        made = ours(config=config, server_state=state, app_state={}, _loop=loop)
        for name in self.attributes:
            getattr(made, name)


_METHODS = (
    *("_should_upgrade", "handle_websocket_upgrade", "data_received"),
    *("on_response_complete", "send_400_response", "connection_lost", "shutdown"),
)
_ATTRIBUTES = (
    *("app_state", "client", "config", "cycle", "flow", "headers", "root_path"),
    *("scheme", "scope", "server_state", "transport", "ws_protocol_class"),
)

#: By the class of uvicorn's in whose place it goes.
SEAMS = {
    "uvicorn.protocols.http.h11_impl:H11Protocol": Seam(
        "ws_handshake.uvicorn.h11", "H11Protocol", _METHODS, (*_ATTRIBUTES, "conn")
    ),
    "uvicorn.protocols.http.httptools_impl:HttpToolsProtocol": Seam(
        "ws_handshake.uvicorn.httptools",
        "HttpToolsProtocol",
        (*_METHODS, "_unsupported_upgrade_warning", "_unset_keepalive_if_required"),
        (*_ATTRIBUTES, "pipeline"),
    ),
}


def install(config: Config) -> str | None:
    """Have uvicorn use our class for the connections to come.

    It reads `http_protocol_class` for each. A class that is not uvicorn's own was
    somebody's choice, and stays: then its name is returned, and None if ours is
    installed. Raises where uvicorn is of another shape; nothing is changed then.
    """
    own: Any = config.http_protocol_class
    path = f"{own.__module__}:{own.__qualname__}"
    seam = SEAMS.get(path)
    if seam is None:
        return printable(path)
    ours = getattr(import_module(seam.module), seam.name)
    seam.check(ours, own, config)
    config.http_protocol_class = ours
    return None


def _parameters(method: Callable[..., object]) -> list[str]:
    return list(signature(method).parameters)
