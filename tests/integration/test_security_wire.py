"""Attacks on real sockets that no other test makes."""

from __future__ import annotations

import io
import string
from typing import TYPE_CHECKING

import pytest
import structlog

from tests.support.faults import BROKEN, observed_server, on_every_server
from tests.support.handshakes import VALID
from ws_handshake.outcome.rate_limit import RateLimit
from ws_handshake.structlog import StructlogObserver

if TYPE_CHECKING:
    from structlog.typing import Processor

    from tests.support.faults import Setup

KEYLESS = BROKEN["key_missing"]
_PLAIN = VALID.without(
    b"upgrade", b"connection", b"sec-websocket-key", b"sec-websocket-version"
)
_SETTINGS = (b"http2-settings", b"AAMAAABkAARAAAAAAAIAAAAA")
H2C = [
    _PLAIN.plus(b"upgrade", b"h2c").plus(b"connection", b"Upgrade, close"),
    _PLAIN.plus(b"upgrade", b"h2c").plus(b"connection", b"HTTP2-Settings, close"),
    VALID.but(b"upgrade", b"h2c").but(b"connection", b"Upgrade, HTTP2-Settings"),
]
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


@on_every_server
def test_h2c_is_never_upgraded(setup: Setup) -> None:
    warning = "uvicorn.error: Unsupported upgrade request."
    with observed_server(setup, expects=(warning,)) as server:
        for attack in H2C:
            response = server.ask(attack.plus(*_SETTINGS).wire())
            assert response.status in {200, 400}
        assert server.ask(PREFACE).status in {200, 400}
        assert {scope["type"] for scope in server.echo.scopes} == {"http"}
        assert server.recorder.codes == [("upgrade_not_websocket",)]


RENDERERS: dict[str, Processor] = {
    "json": structlog.processors.JSONRenderer(),
    "key value": structlog.processors.KeyValueRenderer(),
    "logfmt": structlog.processors.LogfmtRenderer(bool_as_flag=False),
    "console": structlog.dev.ConsoleRenderer(colors=False),
}
#: What ends a line somewhere, or steers a terminal, and yet comes through a parser.
_ODD = [b"\x0b", b"\x0c", b"\x1b[2J", b"\x1c", b"\x85", b"\xe2\x80\xae", b"\xff", b"\t"]
#: Headers that the log shows.
_REPORTED = (b"user-agent", b"origin", b"upgrade", b"sec-websocket-version")


@pytest.mark.parametrize("renderer", RENDERERS)
@on_every_server
def test_no_bytes_of_a_client_forge_a_line_or_steer_a_terminal(
    setup: Setup, renderer: str
) -> None:
    file = io.StringIO()
    logger = structlog.wrap_logger(
        structlog.WriteLogger(file), processors=[RENDERERS[renderer]]
    )
    structlog_observer = StructlogObserver(
        logger, rate_limit=RateLimit(lambda: 0.0, burst=1000)
    )
    with observed_server(setup, structlog_observer) as server:
        for odd in _ODD:
            value = b"a" + odd + b"level=info"
            attack = KEYLESS.asked(target=b"/ws%0a" + value.hex().encode())
            for name in _REPORTED:
                assert server.ask(attack.but(name, value).wire()).status in {400, 403}
        server.wait_until_idle()
        lines = file.getvalue().splitlines()
        assert len(lines) == len(server.recorder.records) == len(_ODD) * len(_REPORTED)
    printable = set(string.printable) - set("\t\r\n\x0b\x0c")
    assert set("".join(lines)) <= printable


@on_every_server
def test_no_bytes_of_a_client_come_back_in_a_header(setup: Setup) -> None:
    canary = b"cAnArY-in-a-header"
    names = [name for name, _ in VALID.headers] + [b"origin", b"x-request-id", b"via"]
    with observed_server(setup) as server:
        for name in names:
            attack = VALID.without(b"sec-websocket-key").but(name, canary)
            response = server.ask(attack.asked(target=b"/" + canary).wire())
            assert response.status == 400
            assert canary not in response.raw.partition(b"\r\n\r\n")[0]


@on_every_server
def test_a_response_is_small_whatever_was_sent(setup: Setup) -> None:
    with observed_server(setup) as server:
        for length in (1000, 8000, 60_000):
            for name in (b"upgrade", b"sec-websocket-version", b"cookie", b"x note"):
                response = server.ask(KEYLESS.but(name, b"\xff" * length).wire())
                assert response.codes
                assert len(response.raw) < 2800
