"""What an HTTP parser refused, explained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from structlog.testing import capture_logs
from uvicorn import Config

from tests.support.doors import Echo, guarded
from tests.support.handshakes import SOUND
from tests.support.wires import Answer
from ws_handshake.asgi.lifespan import own_announcer
from ws_handshake.uvicorn import connection as doorkeeper
from ws_handshake.uvicorn.connection import Doorkeeper

if TYPE_CHECKING:
    from ws_handshake.asgi.scope import ASGIApp

_CLIENT = ("203.0.113.9", 51544)


_BAD_KEY = SOUND.but(b"sec-websocket-key", b"short")


_H2C = SOUND.without(b"sec-websocket-key", b"sec-websocket-version").but(
    b"upgrade", b"h2c"
)


def _keeper(
    app: ASGIApp | None = None, *, strict: bool = False, **options: Any
) -> Doorkeeper:
    """Return the keeper before an application, by default one that is wrapped."""
    config = Config(app or guarded()[0], lifespan="off", log_config=None, **options)
    config.load()
    return Doorkeeper(config, strict=strict)


def _explained(
    keeper: Doorkeeper, data: bytes, *, waits: bool = False
) -> Answer | None:
    options: dict[str, Any] = {"scheme": "http", "client": _CLIENT, "waits": waits}
    answer = keeper.explanation(data, headers=[(b"date", b"today")], **options)
    return None if answer is None else Answer(answer, "closed")


def _fail(*_: object) -> None:
    raise RuntimeError("a fault of our own")


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (SOUND.without(b"host").wire(), ("host_missing",)),
        (SOUND.plus(b"x note", b"1").wire(), ("head_malformed",)),
        (SOUND.wire(), ("head_malformed",)),
        (_BAD_KEY.asked(target=b"ws").wire(), ("key_malformed", "head_malformed")),
        (SOUND.wire()[:-2], ("head_malformed",)),
        (SOUND.plus(b"cookie", b"a" * 200_000).wire(), ("head_malformed",)),
    ],
)
def test_what_the_parser_refused_is_explained_and_told(
    data: bytes, codes: tuple[str, ...]
) -> None:
    app, _, ear = guarded()
    answer = _explained(_keeper(app), data)
    assert answer is not None
    assert answer.codes == codes
    assert answer.headers[0] == (b"date", b"today")
    assert ear.codes == [codes]
    assert ear.records[0].enforced


_WHOLE = SOUND.plus(b"cookie", b"a=b").wire()


@pytest.mark.parametrize("end", range(_WHOLE.index(b"-version") + 12, len(_WHOLE)))
def test_a_head_that_is_waited_for_is_too_large_wherever_it_stops(end: int) -> None:
    app, _, ear = guarded()
    _explained(_keeper(app), _WHOLE[:end], waits=True)
    assert ear.codes == [("headers_too_large",)]


def test_a_flaw_in_a_head_that_is_waited_for_is_named() -> None:
    app, _, ear = guarded()
    flawed = SOUND.plus(b"x note", b"1").plus(b"cookie", b"a" * 20_000)
    _explained(_keeper(app), flawed.wire()[:-4], waits=True)
    assert ear.codes == [("head_malformed",)]


@pytest.mark.parametrize("data", [b"", b"\x16\x03\x01", _H2C.wire()])
def test_what_is_no_handshake_is_not_explained(data: bytes) -> None:
    app, _, ear = guarded()
    assert _explained(_keeper(app), data) is None
    assert ear.records == []


def test_a_fault_of_our_own_is_answered_with_500(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app, _, ear = guarded()
    monkeypatch.setattr(doorkeeper, "judge_by_rules", _fail)
    answer = _explained(_keeper(app), SOUND.without(b"host").wire())
    assert answer is not None
    assert answer.status == 500
    assert ear.codes == [answer.codes] == [("internal_error",)]


def test_report_only_tells_what_the_parser_refused_and_explains_nothing() -> None:
    app, _, ear = guarded(report_only=True)
    assert _explained(_keeper(app), SOUND.without(b"host").wire()) is None
    assert ear.codes == [("host_missing",)]


def test_without_a_middleware_the_structlog_journal_is_told() -> None:
    own_announcer.cache_clear()  # its flood gate remembers other tests
    with capture_logs() as events:
        _explained(_keeper(Echo()), SOUND.without(b"host").wire())
    assert [event["error.type"] for event in events] == ["host_missing"]
