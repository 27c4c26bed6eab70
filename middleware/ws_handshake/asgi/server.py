"""Finds the server that calls an application, and the line that completes its check."""

from __future__ import annotations

import asyncio
import sys
from functools import partial
from pathlib import PurePath
from types import FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ws_handshake.asgi.scope import Scope

CLASS = "ws_handshake.uvicorn:AutoHTTPProtocol"

# So many objects are looked at behind the two callables that an application is given.
_MOST = 64

_CONFIGS = frozenset(["uvicorn.config", "hypercorn.config"])
_OF_GUNICORN = frozenset(["gunicorn.asgi.lifespan", "gunicorn.asgi.protocol"])


class OtherServer(NamedTuple):
    """A server of which the middleware cannot complete the check by itself.

    `package` is where its objects are from, `module` what the line has it load. Of one
    without a line there is nothing to load.
    """

    package: str
    name: str
    line: str | None = None
    module: str | None = None

    def hint(self) -> str:
        """Return what to do, for a person."""
        return (
            f"{self.name} responds to some broken handshakes, without a reason, before "
            "the application sees them; "
        ) + (
            "it has no place for the check; to have it, use uvicorn, Hypercorn or "
            "gunicorn"
            if self.line is None
            else f"start it with {self.line}"
        )


OTHERS = (
    OtherServer(
        "hypercorn",
        "Hypercorn",
        "--config python:ws_handshake.hypercorn",
        "ws_handshake.hypercorn",
    ),
    OtherServer(
        "gunicorn",
        "gunicorn's ASGI worker",
        "--worker-class ws_handshake.gunicorn.ASGIWorker",
        "ws_handshake.gunicorn",
    ),
    OtherServer("granian", "granian"),
    OtherServer("daphne", "daphne"),
)

# What to type where uvicorn was started by these; any other program calls uvicorn.run.
_UVICORN_LINES = {
    "uvicorn": f"start uvicorn with --http {CLASS}",
    "gunicorn": "give gunicorn's worker class CONFIG_KWARGS = "
    f'{{**UvicornWorker.CONFIG_KWARGS, "http": "{CLASS}"}}',
    "fastapi": "fastapi has no option for it, so start uvicorn main:app "
    f"--http {CLASS}",
}
_UVICORN_RUN = f'give uvicorn http="{CLASS}"'


def uvicorn_line() -> str:
    """Return what to type for uvicorn, as it was started here."""
    program = PurePath(sys.argv[0] if sys.argv else "")
    # python -m uvicorn
    name = program.parent.name if program.stem == "__main__" else program.stem
    return _UVICORN_LINES.get(name, _UVICORN_RUN)


def config_of(scope: Scope, receive: object, send: object = None) -> object | None:
    """Return the configuration of the server that calls, if it is one that we know.

    What it hands over is bound to what holds the configuration. Where a framework hides
    that, the task that runs the application is the server's. gunicorn's ASGI worker
    has no configuration there: it is the application that gunicorn was given.
    """
    for holder in (*_behind(receive, send), _of_task(scope)):
        # a request's is bound to its cycle, and that to the protocol by a callback
        protocol = _read(_read(holder, "on_response"), "__self__")
        for owner in (holder, protocol, _read(holder, "protocol")):
            config: object = _read(owner, "config")
            if _is_of(config, _CONFIGS):
                return config
            app: object = _read(owner, "app")
            if app is not None and _is_of(owner, _OF_GUNICORN):
                return app
    return None


def _is_of(found: object, modules: frozenset[str]) -> bool:
    return any(base.__module__ in modules for base in type(found).__mro__)


def other_server(receive: object, send: object) -> OtherServer | None:
    """Return the server that calls, if it is one in `OTHERS`."""
    packages = set(map(_package, _behind(receive, send)))
    return next((other for other in OTHERS if other.package in packages), None)


def _behind(*handed: object) -> Iterator[object]:
    """Yield what a server has handed over, and what that is bound to or wraps."""
    waiting, seen = list(handed), dict[int, object]()
    while waiting and len(seen) < _MOST:
        found = waiting.pop(0)
        if found is None or id(found) in seen:
            continue
        seen[id(found)] = found  # kept, so that no other gets its id
        yield found
        if type(found) is FunctionType:
            waiting += [
                _read(cell, "cell_contents") for cell in found.__closure__ or ()
            ]
        elif type(found) is partial:
            waiting.append(found.func)
        else:
            # what a middleware hands on in its place keeps it in `_receive`, as the
            # requests of Starlette do
            waiting += [_read(found, "__self__"), _read(found, "_receive")]


def _package(found: object) -> str:
    named = found if type(found) is FunctionType else type(found)
    return str(_read(named, "__module__")).partition(".")[0]


def _of_task(scope: Scope) -> object | None:
    """Return the object whose method the task runs, if it has made this scope.

    A request may call another application, with a scope of its own making.
    """
    try:
        task = asyncio.current_task()
    except RuntimeError:  # another event loop than asyncio's
        return None
    frame = _read(task and task.get_coro(), "cr_frame")
    holder: object = getattr(frame, "f_locals", {}).get("self")
    if scope["type"] == "lifespan":
        is_its_own = "state" in scope and _read(holder, "state") is scope["state"]
    else:
        made = _read(holder, "scope")
        is_its_own = type(made) is dict and made.get("headers") == scope["headers"]
    return holder if is_its_own else None


def _read(owner: object, name: str) -> Any:  # noqa: ANN401  (whatever somebody keeps there)
    """Return an attribute of an object that is not ours, or None."""
    try:
        return getattr(owner, name, None)
    except Exception:  # noqa: BLE001  (a property may raise anything)
        return None
