"""The structlog observer with every kind of logger that structlog makes, and others.

With each a handshake gets the same response, and its event is logged.
"""

from __future__ import annotations

import asyncio
import io
import logging
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
import structlog

from tests.support.asgi import ACCEPT, Spy
from tests.support.handshakes import VALID
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.structlog import StructlogObserver
from ws_handshake.testing import attempt, attempt_async

if TYPE_CHECKING:
    from collections.abc import Iterator

    from structlog.typing import Processor

BROKEN = VALID.without(b"sec-websocket-key")
OFFER = VALID.plus(b"sec-websocket-protocol", b"chat")
HANDSHAKES = {"valid": VALID, "broken": BROKEN, "subprotocol": OFFER}

RENDERED: list[Processor] = [structlog.processors.JSONRenderer()]
UNRENDERED: list[Processor] = [structlog.processors.add_log_level]


@contextmanager
def configured(**options: Any) -> Iterator[None]:
    """Configure structlog for a while, as an application does."""
    structlog.configure(**options)
    try:
        yield
    finally:
        structlog.reset_defaults()


def responses_with(*observers: StructlogObserver) -> list[tuple[int, tuple[str, ...]]]:
    app = WebSocketHandshakeMiddleware(Spy((ACCEPT,)), observers=observers)
    asked = [attempt(app, handshake) for handshake in HANDSHAKES.values()]
    return [(response.status, response.codes) for response in asked]


EXPECTED = responses_with()

#: structlog's own classes; None is what it makes if nothing is configured.
WRAPPERS: dict[str, Any] = {
    "none": None,
    "generic": structlog.BoundLogger,
    "stdlib": structlog.stdlib.BoundLogger,
    "filtering at debug": structlog.make_filtering_bound_logger(logging.DEBUG),
    "filtering at error": structlog.make_filtering_bound_logger(logging.ERROR),
    "async": structlog.stdlib.AsyncBoundLogger,
    "twisted": structlog.twisted.BoundLogger,
}
FACTORIES: dict[str, Any] = {
    "print": structlog.PrintLoggerFactory(io.StringIO()),
    "write": structlog.WriteLoggerFactory(io.StringIO()),
    "bytes": structlog.BytesLoggerFactory(io.BytesIO()),
    "stdlib": structlog.stdlib.LoggerFactory(),
    "plain": logging.getLogger,
    "twisted": structlog.twisted.LoggerFactory(),
    "returning": structlog.ReturnLoggerFactory,
    "capturing": structlog.testing.CapturingLoggerFactory(),
    "nothing": lambda *_: None,
}


@pytest.mark.parametrize("wrapper", WRAPPERS)
@pytest.mark.parametrize("factory", FACTORIES)
@pytest.mark.parametrize("processors", [RENDERED, UNRENDERED], ids=["json", "dict"])
def test_every_logger_of_structlog_leaves_the_responses_as_they_are(
    wrapper: str, factory: str, processors: list[Processor]
) -> None:
    options = {"processors": processors, "logger_factory": FACTORIES[factory]}
    with (
        configured(wrapper_class=WRAPPERS[wrapper], **options),
        warnings.catch_warnings(record=True) as warned,
    ):
        warnings.simplefilter("always")
        assert responses_with(StructlogObserver()) == EXPECTED

    assert [str(warning.message) for warning in warned] == []


def events_of(lines: list[str]) -> list[str]:
    """Return the names of the events in log lines, whatever is around them."""
    names = ("websocket.handshake.accepted", "websocket.handshake.rejected")
    return [name for line in lines for name in names if name in line]


GENERIC = {"wrapper_class": structlog.BoundLogger}
TO_STDLIB = {"logger_factory": structlog.stdlib.LoggerFactory()}


@pytest.mark.parametrize(
    "options",
    [
        {**GENERIC, **TO_STDLIB, "processors": RENDERED},
        {**GENERIC, **TO_STDLIB, "processors": UNRENDERED},
        {**GENERIC, "logger_factory": logging.getLogger, "processors": []},
        {**TO_STDLIB, "processors": UNRENDERED},
        {"wrapper_class": logging.getLogger, "processors": UNRENDERED},
        {"wrapper_class": structlog.twisted.BoundLogger, "processors": RENDERED},
        {**TO_STDLIB, "wrapper_class": structlog.stdlib.BoundLogger, "processors": []},
    ],
    ids=[
        *("generic", "generic dict", "generic plain", "filtering dict"),
        *("no wrapper", "twisted", "stdlib dict"),
    ],
)
def test_what_takes_no_fields_gets_the_events_as_text(
    caplog: pytest.LogCaptureFixture, options: dict[str, Any]
) -> None:
    with caplog.at_level(logging.DEBUG), configured(**options):
        responses_with(StructlogObserver())

    assert events_of(caplog.messages) == [
        "websocket.handshake.accepted",
        "websocket.handshake.rejected",
        "websocket.handshake.accepted",
    ]
    assert "key_missing" in caplog.text
    assert "subprotocol_not_chosen" in caplog.text


def test_a_logger_of_the_standard_library_gets_the_fields_in_its_message(
    caplog: pytest.LogCaptureFixture,
) -> None:
    logger: Any = logging.getLogger("chat")
    with caplog.at_level(logging.INFO):
        responses_with(StructlogObserver(logger))

    (rejected, warned) = caplog.record_tuples
    assert rejected[:2] == ("chat", logging.WARNING)
    assert rejected[2].startswith(
        'websocket.handshake.rejected {"error.type": "key_missing", '
    )
    assert warned[2].startswith("websocket.handshake.accepted {")


def test_structlogs_async_logger_writes_in_its_thread(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def asked() -> None:
        app = WebSocketHandshakeMiddleware(Spy(), observers=[StructlogObserver()])
        await attempt_async(app, BROKEN)
        await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()})

    asynchronous = {"wrapper_class": structlog.stdlib.AsyncBoundLogger}
    with configured(**asynchronous, **TO_STDLIB, processors=RENDERED):
        asyncio.run(asked())

    assert events_of(caplog.messages) == ["websocket.handshake.rejected"]


def test_a_generic_logger_is_not_made_to_log_its_level() -> None:
    capture = structlog.testing.LogCapture()
    observer = StructlogObserver(
        structlog.wrap_logger(
            None, processors=[capture], wrapper_class=structlog.BoundLogger
        )
    )

    assert observer.wants_accepted()
    assert capture.entries == []


def test_a_factory_that_raises_changes_no_response() -> None:
    def factory(*_: object) -> None:
        raise OSError("the collector is down")

    with configured(logger_factory=factory):
        assert responses_with(StructlogObserver()) == EXPECTED
