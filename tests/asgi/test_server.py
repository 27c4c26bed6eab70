"""The server that calls is found behind what it hands over, whatever wraps that."""

from __future__ import annotations

import asyncio
import sys
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from starlette.middleware.base import BaseHTTPMiddleware
from uvicorn import Config
from uvicorn.lifespan.on import LifespanOn

from tests.support.asgi import Spy, ask
from tests.support.handshakes import VALID
from tests.support.protocols import Echo
from ws_handshake.asgi.server import OTHERS, config_of, other_server, uvicorn_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from ws_handshake.asgi.scope import Receive, Scope, Send

LIFESPAN = {"type": "lifespan"}
PAGE = VALID.asked(headers=VALID.headers[:1])


class Bound:
    """Something to which what a server hands over is bound."""

    def __init__(self, **attributes: Any) -> None:
        vars(self).update(attributes)

    async def method(self) -> Any:
        """Do nothing."""


def _config() -> Config:
    return Config(Echo(), ws="wsproto", log_config=None)


def test_the_server_is_found_by_what_its_receive_is_bound_to() -> None:
    config = _config()
    protocol = Bound(config=config)
    cycle = Bound(on_response=protocol.method)

    assert config_of(LIFESPAN, LifespanOn(config).receive) is config
    assert config_of(LIFESPAN, protocol.method) is config
    assert config_of(LIFESPAN, cycle.method) is config


def test_the_server_is_found_by_its_send_where_its_receive_shows_nothing() -> None:
    config = _config()
    assert config_of(LIFESPAN, print, Bound(config=config).method) is config


def test_the_server_is_found_behind_functions_partials_and_requests() -> None:
    config = _config()
    bound = Bound(config=config).method

    async def wrapped() -> Any:
        raise AssertionError(bound)

    request = Bound(_receive=partial(wrapped))

    async def again() -> Any:
        raise AssertionError(request)

    assert config_of(LIFESPAN, again) is config


def test_the_server_is_found_behind_a_middleware_on_requests() -> None:
    config, found = _config(), []

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        found.append(config_of(scope, receive, send))
        await Echo()(scope, receive, send)

    async def outer(scope: Scope, receive: Receive, send: Send) -> None:
        server = Bound(config=config, method=receive)

        async def read() -> Any:
            raise AssertionError(server)

        class Unchanged(BaseHTTPMiddleware):
            async def dispatch(self, request: Any, call_next: Any) -> Any:
                return await call_next(request)

        await Unchanged(inner)(scope, read, send)

    ask(outer, PAGE.http_scope(), {"type": "http.request"})
    assert found == [config]


def test_a_function_that_is_not_complete_yet_shows_nothing() -> None:
    def read() -> object:
        return later

    assert config_of(LIFESPAN, read) is None
    later = 1
    assert read() == later


def test_the_search_ends() -> None:
    circle: Any = Bound()
    circle._receive = circle
    assert config_of(LIFESPAN, circle.method) is None

    class Deep:
        @property
        def _receive(self) -> object:
            return Deep()

    assert config_of(LIFESPAN, Deep()) is None


class Task:
    """A server whose task runs an application, with a `receive` of others."""

    def __init__(self, given: Any, **attributes: Any) -> None:
        self.given = given
        vars(self).update(attributes)

    async def run(self) -> object | None:
        return config_of(self.given, print)


def test_the_server_is_found_by_its_task_where_it_is_hidden() -> None:
    config, state = _config(), dict[str, object]()
    scope = {"type": "lifespan", "state": state}
    assert asyncio.run(Task(scope, config=config, state=state).run()) is config

    page = PAGE.http_scope()
    protocol = Bound(config=config)
    cycle = Task({**page}, scope=page, on_response=protocol.method)
    assert asyncio.run(cycle.run()) is config


def test_an_application_that_another_calls_is_not_its_servers() -> None:
    config = _config()
    scope: dict[str, Any] = {"type": "lifespan", "state": {}}
    assert asyncio.run(Task(scope, config=config, state={}).run()) is None
    assert asyncio.run(Task(LIFESPAN, config=config, state=None).run()) is None
    page, other = PAGE.http_scope(), VALID.http_scope()
    assert asyncio.run(Task(other, config=config, scope=page).run()) is None
    assert asyncio.run(Task(other, config=config, scope="none").run()) is None


class Hostile:
    def __getattribute__(self, name: str) -> Any:
        raise OSError(name)


@pytest.mark.parametrize("receive", [print, Spy(), Spy().__call__, "text".strip, None])
def test_another_server_is_none_of_ours(receive: object) -> None:
    assert config_of(LIFESPAN, receive) is None
    assert config_of(LIFESPAN, Bound(config={"mine": 1}).method) is None
    assert other_server(receive, print) is None


def test_an_object_that_raises_when_it_is_looked_at_is_passed_over() -> None:
    config = _config()
    bound = Bound(config=config).method
    assert config_of(LIFESPAN, Hostile(), bound) is config
    assert config_of(LIFESPAN, Bound(config=Hostile()).method) is None
    assert asyncio.run(Task(PAGE.http_scope(), scope=Hostile()).run()) is None
    assert other_server(Hostile(), None) is None


def _of(module: str) -> Callable[[], None]:
    """Return a function, as if that module had defined it."""

    def receive() -> None:
        """Do nothing."""

    receive.__module__ = module
    return receive


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("hypercorn.asyncio.lifespan", "Hypercorn"),
        ("gunicorn.asgi.protocol", "gunicorn's ASGI worker"),
        ("granian.asgi", "granian"),
        ("daphne.server", "daphne"),
    ],
)
def test_another_server_is_known_by_where_its_objects_are_from(
    module: str, name: str
) -> None:
    kind = type("Protocol", (), {"__module__": module})
    for receive, send in (
        (_of(module), print),
        (print, kind()),
        (partial(_of(module)), 1),
    ):
        found = other_server(receive, send)
        assert found is not None
        assert found.name == name


def test_each_other_server_has_its_line_or_a_word_that_there_is_none() -> None:
    hints = {other.package: other.hint() for other in OTHERS}
    begin = (
        "responds to some broken handshakes, without a reason, before the application"
    )
    assert hints == {
        "hypercorn": f"Hypercorn {begin} sees them; start it with "
        "--config python:ws_handshake.hypercorn",
        "gunicorn": f"gunicorn's ASGI worker {begin} sees them; start it with "
        "--worker-class ws_handshake.gunicorn.ASGIWorker",
        "granian": f"granian {begin} sees them; it has no place for the check; "
        "to have it, use uvicorn, Hypercorn or gunicorn",
        "daphne": f"daphne {begin} sees them; it has no place for the check; "
        "to have it, use uvicorn, Hypercorn or gunicorn",
    }


@pytest.mark.parametrize(
    ("program", "line"),
    [
        ("/bin/uvicorn", "start uvicorn with --http {}"),
        ("/lib/uvicorn/__main__.py", "start uvicorn with --http {}"),
        ("C:/uvicorn.exe", "start uvicorn with --http {}"),
        (
            "/bin/gunicorn",
            (
                "give gunicorn's worker class CONFIG_KWARGS = "
                '{{**UvicornWorker.CONFIG_KWARGS, "http": "{}"}}'
            ),
        ),
        (
            "/bin/fastapi",
            "fastapi has no option for it, so start uvicorn main:app --http {}",
        ),
        ("main.py", 'give uvicorn http="{}"'),
    ],
)
def test_uvicorns_line_is_that_of_the_program_which_started_it(
    program: str, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [program, "main:app"])
    assert uvicorn_line() == line.format("ws_handshake.uvicorn:AutoHTTPProtocol")


def test_a_program_without_a_name_has_a_line_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "argv", [])
    assert uvicorn_line() == 'give uvicorn http="ws_handshake.uvicorn:AutoHTTPProtocol"'


def test_without_an_event_loop_of_asyncios_no_task_is_asked() -> None:
    assert config_of(PAGE.http_scope(), SimpleNamespace()) is None
