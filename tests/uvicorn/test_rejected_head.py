"""What an HTTP parser rejected, explained."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from tests.support.handshakes import VALID
from tests.support.protocols import observed_echo
from tests.support.wires import Response
from ws_handshake.uvicorn import rejected_head, report
from ws_handshake.uvicorn.rejected_head import Connection, explanation

if TYPE_CHECKING:
    from types import ModuleType

    from ws_handshake.asgi.scope import ASGIApp

_CLIENT = ("203.0.113.9", 51544)


_BAD_KEY = VALID.but(b"sec-websocket-key", b"short")


_H2C = VALID.without(b"sec-websocket-key", b"sec-websocket-version").but(
    b"upgrade", b"h2c"
)


def connection_to(app: ASGIApp) -> Connection:
    """Return what a protocol class knows of a connection to an application."""
    config = Config(app, lifespan="off", log_config=None)
    config.load()
    state = ServerState()
    state.default_headers.append((b"date", b"today"))
    known: Any = SimpleNamespace(
        config=config, scheme=None, client=_CLIENT, server_state=state
    )
    connection: Connection = known
    return connection


def _explained(app: ASGIApp, data: bytes, *, waits: bool = False) -> Response | None:
    response = explanation(connection_to(app), data, waits=waits)
    return None if response is None else Response(response, "closed")


def _fail(*_: object) -> None:
    raise RuntimeError("an error of our own")


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (VALID.without(b"host").wire(), ("host_missing",)),
        (VALID.plus(b"x note", b"1").wire(), ("head_malformed",)),
        (VALID.wire(), ("head_malformed",)),
        (_BAD_KEY.asked(target=b"ws").wire(), ("key_malformed", "head_malformed")),
        (VALID.wire()[:-2], ("head_malformed",)),
        (VALID.plus(b"cookie", b"a" * 200_000).wire(), ("head_malformed",)),
    ],
)
def test_what_the_parser_rejected_is_explained_and_reported(
    data: bytes, codes: tuple[str, ...]
) -> None:
    app, _, recorder = observed_echo()
    response = _explained(app, data)
    assert response is not None
    assert response.codes == codes
    assert response.headers[0] == (b"date", b"today")
    assert recorder.codes == [codes]
    assert recorder.records[0].enforced


_WHOLE = VALID.plus(b"cookie", b"a=b").wire()


@pytest.mark.parametrize("end", range(_WHOLE.index(b"-version") + 12, len(_WHOLE)))
def test_a_head_that_is_waited_for_is_too_large_wherever_it_stops(end: int) -> None:
    app, _, recorder = observed_echo()
    _explained(app, _WHOLE[:end], waits=True)
    assert recorder.codes == [("headers_too_large",)]


def test_a_flaw_in_a_head_that_is_waited_for_is_named() -> None:
    app, _, recorder = observed_echo()
    flawed = VALID.plus(b"x note", b"1").plus(b"cookie", b"a" * 20_000)
    _explained(app, flawed.wire()[:-4], waits=True)
    assert recorder.codes == [("head_malformed",)]


@pytest.mark.parametrize("data", [b"", b"\x16\x03\x01", _H2C.wire()])
def test_what_is_no_handshake_is_not_explained(data: bytes) -> None:
    app, _, recorder = observed_echo()
    assert _explained(app, data) is None
    assert recorder.records == []


@pytest.mark.parametrize(
    ("module", "name"), [(rejected_head, "judge_by_rules"), (report, "explained")]
)
def test_an_error_of_our_own_gets_500(
    module: ModuleType, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, _, recorder = observed_echo()
    monkeypatch.setattr(module, name, _fail)
    response = _explained(app, VALID.without(b"host").wire())
    assert response is not None
    assert response.status == 500
    assert recorder.codes == [response.codes] == [("internal_error",)]


def test_report_only_reports_what_the_parser_rejected_and_explains_nothing() -> None:
    app, _, recorder = observed_echo(report_only=True)
    assert _explained(app, VALID.without(b"host").wire()) is None
    assert recorder.codes == [("host_missing",)]
