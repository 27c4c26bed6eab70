"""Loggers and observers of every kind, in a real uvicorn with our protocol classes."""

from __future__ import annotations

import asyncio
import io
import logging
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
import structlog

from tests.support.faults import BROKEN, FAILED, SETUPS, observed_server
from tests.support.handshakes import VALID
from tests.support.misbehaving import Misbehaving, MisbehavingObserver, Wild
from ws_handshake.structlog import StructlogObserver

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.faults import Setup

OFFER = VALID.plus(b"sec-websocket-protocol", b"chat")
on_both_parsers = pytest.mark.parametrize(
    "setup", SETUPS[::2], ids=lambda setup: setup.parser
)


def raising(fault: BaseException) -> Callable[..., NoReturn]:
    def method(*_: object, **__: object) -> NoReturn:
        raise fault

    return method


def raising_observer(fault: BaseException) -> MisbehavingObserver:
    """Return an observer whose methods all raise this."""
    fails = raising(fault)
    return MisbehavingObserver(
        {"wants_accepted": fails, "flush": fails, "observe": fails}
    )


def generic() -> Any:
    """Return a logger that has no levels, in structlog's generic wrapper."""
    return structlog.wrap_logger(
        structlog.PrintLogger(io.StringIO()),
        wrapper_class=structlog.BoundLogger,
        processors=[structlog.processors.JSONRenderer()],
    )


def deferred() -> Any:
    """Return structlog's async logger, which wants a loop when it is first used."""
    return structlog.wrap_logger(
        logging.getLogger("quiet"),
        wrapper_class=structlog.stdlib.AsyncBoundLogger,
        processors=[structlog.stdlib.filter_by_level],
    )


def structlog_observer(**attributes: Any) -> StructlogObserver:
    """Return a structlog observer whose logger has these attributes."""
    logger: Any = Misbehaving(attributes)
    return StructlogObserver(logger)


def silent(*_: object, **__: object) -> None:
    """Log nothing."""


LEVELS = ("debug", "info", "warning", "error")
#: By name: an observer, and the observers whose failure is logged once.
OBSERVERS: dict[str, tuple[Callable[[], Any], tuple[str, ...]]] = {
    "cancelling": (
        lambda: raising_observer(asyncio.CancelledError()),
        ("MisbehavingObserver",),
    ),
    "exiting": (lambda: raising_observer(GeneratorExit()), ("MisbehavingObserver",)),
    "wild": (lambda: raising_observer(Wild()), ("MisbehavingObserver",)),
    "generic": (lambda: StructlogObserver(generic()), ()),
    "async": (lambda: StructlogObserver(deferred()), ()),
    "unable": (
        lambda: structlog_observer(
            **dict.fromkeys(LEVELS, silent), bind=raising(Wild())
        ),
        (),
    ),
    "gone": (
        lambda: structlog_observer(**dict.fromkeys(LEVELS, raising(OSError()))),
        ("StructlogObserver",),
    ),
}


@on_both_parsers
@pytest.mark.parametrize("kind", OBSERVERS)
def test_every_connection_gets_a_response_whatever_the_observer_does(
    setup: Setup, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, "quiet")
    make, failing = OBSERVERS[kind]
    expects = tuple(FAILED.format(name) for name in failing)
    with observed_server(setup, make(), expects=expects) as server:
        for code, handshake in BROKEN.items():
            assert server.ask(handshake.wire()).codes == (code,)
        for handshake in (VALID, OFFER):
            assert server.ask(handshake.wire()).status == 101
        server.wait_until_idle()
        rejected = [(code,) for code in BROKEN]
        assert server.recorder.codes == [*rejected, (), ()]
        assert [server.warnings.count(line) for line in expects] == [1] * len(expects)
