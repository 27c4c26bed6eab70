"""Completes the check of the server that calls, or warns of what it lacks."""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, WeakSet

import structlog

from ws_handshake.asgi.places import register
from ws_handshake.asgi.server import config_of, other_server, uvicorn_line
from ws_handshake.outcome.harmless import Harmless
from ws_handshake.outcome.loggers import write_anyhow
from ws_handshake.outcome.observer import Notifier
from ws_handshake.structlog import StructlogObserver

if TYPE_CHECKING:
    from ws_handshake.asgi.scope import Scope

PACKAGE = "ws_handshake.uvicorn"

_INSTALLED = "websocket.handshake.protocol_installed"
_INSTALLED_LATE = "websocket.handshake.protocol_installed_late"
_NOT_INSTALLED = "websocket.handshake.protocol_not_installed"
_UNCHECKED = (
    "uvicorn responds to most broken handshakes, without a reason, before the "
    "application sees them"
)
# By what has reached the middleware first, for want of a lifespan.
_LATE = {
    "http": "no lifespan of this server has reached the middleware, so the connections "
    "before this request were not checked in full; to check all, ",
    "websocket": "neither a lifespan nor a plain request of this server has reached "
    f"the middleware; until one does, {_UNCHECKED}; wrap the whole application in it, "
    "and ",
}

_logger = structlog.get_logger("ws_handshake")


_alive: WeakSet[object] = WeakSet()
_without_response: WeakKeyDictionary[object, int] = WeakKeyDictionary()


def exists(middleware: object) -> None:
    """Note that there is a middleware, wherever it will stand."""
    _alive.add(middleware)


def introduce(
    middleware: object,
    scope: Scope,
    receive: object,
    send: object,
    *,
    installs: bool = True,
) -> None:
    """Let the server that calls and the middleware find each other.

    A lifespan reaches what stands before the whole application; without one the first
    plain request shows where a middleware stands. A WebSocket does not: plain requests,
    which broken handshakes become, may go elsewhere. `installs` has uvicorn get our
    protocol class; where the check stays incomplete, a warning names what to do. Never
    raises: what it looks at is others'.
    """
    kind = scope["type"]
    with Harmless():
        config = config_of(scope, receive, send)
        if config is not None and kind != "websocket":
            prefix = "" if kind == "lifespan" else scope.get("root_path", "")
            register(config, middleware, prefix)
        if _has_protocol(config):
            if not _is_ours(config):
                _install(config, kind, installs=installs)
            return
        other = other_server(receive, send)
        if other is not None and other.module not in sys.modules:
            _warn_once(_NOT_INSTALLED, other.hint())


def _install(config: Any, kind: str, *, installs: bool) -> None:  # noqa: ANN401  (uvicorn need not be installed)
    """Have uvicorn use our protocol class, or warn that it does not."""
    if not installs:
        _warn_once(_NOT_INSTALLED, f"{_UNCHECKED}; {uvicorn_line()}")
        return
    hint = (
        f"{_UNCHECKED}: it has changed what we build on; update uvicorn or ws-handshake"
    )
    with Harmless():
        other = import_module(f"{PACKAGE}.install").install(config)
        if other is None:
            _report_installed(config, kind)
            return
        hint = f"{_UNCHECKED}: {other} is not its own class; {uvicorn_line()}"
    _warn_once(_NOT_INSTALLED, hint)


def _report_installed(config: Any, kind: str) -> None:  # noqa: ANN401  (ditto)
    if structlog.is_configured():  # else it is printed, and nobody has to do anything
        ours = config.http_protocol_class
        fields = {"http_protocol_class": f"{ours.__module__}:{ours.__qualname__}"}
        write_anyhow(_logger, "debug", _INSTALLED, fields)
    if kind != "lifespan":
        _warn_once(_INSTALLED_LATE, _LATE[kind] + uvicorn_line())


def _has_protocol(config: object) -> bool:
    """Return whether a server is uvicorn, and shows which HTTP protocol it uses."""
    return isinstance(getattr(config, "http_protocol_class", None), type)


def _is_ours(config: Any) -> bool:  # noqa: ANN401  (ditto)
    bases = config.http_protocol_class.__mro__
    return any(base.__module__.startswith("ws_handshake.") for base in bases)


def note_no_response(config: object) -> None:
    """Note a handshake that no middleware is known to judge, and log it if none is.

    The first may be the one by which a middleware introduces itself.
    """
    count = _without_response[config] = _without_response.get(config, 0) + 1
    if count == 2 and not _alive:  # noqa: PLR2004
        _warn(
            "websocket.handshake.middleware_missing",
            "only the middleware explains broken handshakes, so they get uvicorn's own "
            "response, without a reason; wrap the application: "
            "app = WebSocketHandshakeMiddleware(app)",
        )


def note_tls() -> None:
    """Log once that a client began TLS on a port without it; it may have meant wss."""
    _warn_once(
        "websocket.handshake.tls_on_plain_port",
        "a client began TLS on this port, which speaks plain HTTP; let the client use "
        "ws://, and a proxy http://, or start the server with a certificate (uvicorn: "
        "--ssl-certfile, --ssl-keyfile)",
    )


def _warn(event: str, hint: str) -> None:
    write_anyhow(_logger, "warning", event, {"hint": hint})


@cache
def _warn_once(event: str, hint: str) -> None:
    _warn(event, hint)


@cache
def own_notifier() -> Notifier:
    """Return the notifier where no middleware has been found."""
    return Notifier((StructlogObserver(),))
