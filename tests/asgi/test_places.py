"""Which middleware a request meets first, by the configuration of its server."""

from __future__ import annotations

from uvicorn import Config

from tests.support.protocols import Echo
from ws_handshake.asgi.places import middleware_for, register


class Wrapping:
    """A wrapping that keeps its application in `.app`, as most do."""

    def __init__(self, app: object) -> None:
        self.app = app


class Standing:
    """Something that stands before an application."""


def _config() -> Config:
    return Config(Echo(), log_config=None)


def _found(config: object, app: object = None, path: str = "/ws") -> object:
    return middleware_for(config, Standing, app, lambda: path)


def test_of_two_middlewares_the_outermost_is_found() -> None:
    config, outer, inner = _config(), Standing(), Standing()
    register(config, outer)
    register(config, inner)
    assert _found(config) is outer


def test_a_mounted_middleware_is_found_for_the_paths_of_its_mount() -> None:
    config, mounted, outer = _config(), Standing(), Standing()
    register(config, mounted, "/api")
    for path in ("/api", "/api/", "/api/ws"):
        assert _found(config, path=path) is mounted
    for path in ("/", "/apis", "/ws/api"):
        assert _found(config, path=path) is None
    register(config, outer)
    assert _found(config, path="/api/ws") is outer


def test_a_middleware_that_is_gone_is_not_found() -> None:
    config, standing = _config(), Standing()
    register(config, standing)
    del standing
    assert _found(config) is None
    later = Standing()
    register(config, later)
    assert _found(config) is later


def test_a_middleware_is_found_through_wrappings() -> None:
    config, standing = _config(), Standing()
    assert _found(config, Wrapping(Wrapping(standing))) is standing
    assert _found(config) is standing


def test_no_middleware_is_found_where_there_is_none() -> None:
    assert _found(_config(), Wrapping(Wrapping(None))) is None


def test_the_search_ends_in_a_circle() -> None:
    circle = Wrapping(None)
    circle.app = circle
    assert _found(_config(), circle) is None
