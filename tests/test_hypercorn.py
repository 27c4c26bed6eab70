"""Under our configuration Hypercorn hands broken handshakes on, and the rules judge."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from hypercorn.app_wrappers import ASGIWrapper
from hypercorn.asyncio.task_group import TaskGroup
from hypercorn.asyncio.worker_context import WorkerContext
from hypercorn.config import Config
from hypercorn.protocol import ws_stream
from hypercorn.protocol.events import Data, Request, Response

from tests.support.asgi import ACCEPT, RecordingObserver, Spy
from tests.support.handshakes import VALID
from ws_handshake import WebSocketHandshakeMiddleware, hypercorn
from ws_handshake.asgi.places import register
from ws_handshake.core.request import EXTENSIONS, KEY, ORIGIN, PROTOCOL, VERSION

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypercorn.protocol.events import Event

    from tests.support.handshakes import Handshake
    from ws_handshake.asgi.scope import Scope

HYPERCORNS = ws_stream.Handshake
KEYLESS = VALID.without(KEY)
CONNECT = KEYLESS.without(b"upgrade", b"connection").asked(version="2")

ACCEPTING = (ACCEPT,)


@pytest.fixture(autouse=True)
def _hypercorn_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ws_stream, "Handshake", HYPERCORNS)


class Server:
    """Hypercorn with our configuration, without a socket."""

    def __init__(self, **options: Any) -> None:
        self.app = Spy(ACCEPTING)
        self.recorder = RecordingObserver()
        self.middleware = WebSocketHandshakeMiddleware(
            self.app, observers=[self.recorder], **options
        )
        self.config = Config()
        self.config.errorlog = None
        self.config.logger_class = hypercorn.Logger
        self.asked: Any = self.middleware
        assert isinstance(self.config.log, hypercorn.Logger)
        register(self.config, self.middleware)

    def respond(self, handshake: Handshake, behind: bytes = b"") -> list[Event]:
        """Return the events with which Hypercorn responds, and ends the stream."""
        sent: list[Event] = []

        async def send(event: Event) -> None:
            sent.append(event)

        async def run() -> None:
            async with TaskGroup(asyncio.get_running_loop()) as group:
                stream = ws_stream.WSStream(
                    app=ASGIWrapper(self.asked),
                    config=self.config,
                    context=WorkerContext(None),
                    task_group=group,
                    ssl=False,
                    client=("203.0.113.9", 51544),
                    server=None,
                    send=send,
                    stream_id=1,
                )
                headers = list(handshake.headers)
                target, version = handshake.target, handshake.version
                await stream.handle(
                    Request(1, headers, version, "GET", target, _state())
                )
                if behind:
                    await stream.handle(Data(1, behind))

        asyncio.run(run())
        return sent

    def status(self, handshake: Handshake, behind: bytes = b"") -> int:
        """Return the one status with which Hypercorn responds."""
        (response,) = (
            event
            for event in self.respond(handshake, behind)
            if isinstance(event, Response)
        )
        return response.status_code

    @property
    def scope(self) -> Scope:
        """The scope of the application, which was called once."""
        (scope,) = self.app.scopes
        return scope


def _state() -> Any:
    return {}


@pytest.mark.parametrize(
    ("handshake", "codes"),
    [
        (KEYLESS, ("key_missing",)),
        (VALID.without(VERSION), ("version_missing",)),
        (VALID.but(VERSION, b"8"), ("version_unsupported",)),
        (VALID.but(VERSION, b"13, 8"), ("version_duplicated",)),
        (VALID.plus(VERSION, b"13"), ("version_duplicated",)),
        (VALID.asked(version="1.0"), ("http_version_too_old",)),
        (VALID.but(b"host", b""), ("host_missing",)),
        (CONNECT.without(VERSION), ("version_missing",)),
        (CONNECT.but(VERSION, b"8"), ("version_unsupported",)),
        (VALID.but(b"connection", b"\xa0Upgrade"), ("connection_not_upgrade",)),
        (VALID.plus(PROTOCOL, b"\xa0chat"), ("subprotocol_malformed",)),
        (VALID.plus(EXTENSIONS, b"\xa0"), ("extensions_malformed",)),
        (KEYLESS.but(VERSION, b"8"), ("key_missing", "version_unsupported")),
    ],
)
def test_the_middleware_rejects_what_is_broken_and_reports_it_once(
    handshake: Handshake, codes: tuple[str, ...]
) -> None:
    server = Server()
    assert server.status(handshake) == 400
    assert server.recorder.codes == [codes]
    (record,) = server.recorder.records
    assert (record.layer, record.enforced) == ("asgi", True)
    assert server.app.scopes == []


@pytest.mark.parametrize(
    "handshake",
    [VALID, VALID.but(VERSION, b"13 "), VALID.plus(b"cookie", b"a" * 20_480), CONNECT],
)
def test_what_is_valid_is_accepted(handshake: Handshake) -> None:
    server = Server()
    assert server.status(handshake) == (200 if handshake.version == "2" else 101)
    assert server.scope["state"]["websocket_handshake"].accepted
    assert server.scope["headers"] == list(handshake.headers)


@pytest.mark.parametrize("offer", [b"bits=foo", b'bits="10"', b"bits=10"])
def test_an_offer_at_which_wsproto_fails_is_declined_or_read(offer: bytes) -> None:
    compression = b"permessage-deflate; server_max_window_" + offer
    assert Server().status(VALID.plus(EXTENSIONS, compression)) == 101


def test_subprotocols_of_several_lines_and_between_empty_elements_are_offered() -> None:
    server = Server()
    offering = VALID.plus(PROTOCOL, b",, chat,").plus(PROTOCOL, b"superchat")
    assert server.status(offering) == 101
    assert server.scope["subprotocols"] == ["chat", "superchat"]


def test_our_response_comes_although_bytes_stand_behind_the_handshake() -> None:
    server = Server()
    assert server.status(KEYLESS, b"\x81\x85....") == 400
    assert server.recorder.codes == [("key_missing",)]


def test_the_origin_is_judged_by_the_middleware() -> None:
    server = Server(allowed_origins=["same-origin"])
    here = f"http://{dict(VALID.headers)[b'host'].decode()}".encode()
    assert server.status(VALID.plus(ORIGIN, here)) == 101
    assert server.status(VALID.plus(ORIGIN, b"https://evil.example")) == 403


def test_an_application_beside_the_middleware_cannot_accept_what_is_broken() -> None:
    server = Server()
    server.asked = Spy(ACCEPTING)
    assert server.status(KEYLESS) == 500
    assert server.status(VALID) == 101


def test_in_report_only_hypercorn_rejects_by_itself_and_its_logger_reports() -> None:
    server = Server(report_only=True)
    assert server.status(KEYLESS) == 400
    assert server.status(VALID.plus(KEY, b"AAAA")) == 101
    layers = [(record.layer, record.enforced) for record in server.recorder.records]
    assert layers[0] == ("hypercorn", True)
    assert layers[1] == ("asgi", False)


def test_without_a_middleware_hypercorn_decides() -> None:
    server = Server()
    server.config = Config()
    server.config.errorlog = None
    server.asked = Spy(ACCEPTING)
    assert server.status(KEYLESS) == 400
    assert server.status(VALID.plus(KEY, b"AAAA")) == 101
    assert server.recorder.records == []


@pytest.mark.parametrize("name", ["judge", "handed_over", "leave_verdict"])
def test_with_an_error_of_ours_hypercorn_decides(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server()
    monkeypatch.setattr(hypercorn, name, _broken)
    assert server.status(VALID) == 101


def test_with_an_error_of_ours_hypercorn_rejects(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = Server()
    monkeypatch.setattr(hypercorn, "judge", _broken)
    assert server.status(KEYLESS) == 400
    assert server.recorder.codes == [("internal_error",)]


def test_asked_by_another_than_the_stream_it_is_hypercorns_own() -> None:
    for handshake in (VALID, KEYLESS, VALID.asked(version="1.0")):
        given = list(handshake.headers), handshake.version
        own = HYPERCORNS(*given).is_valid()
        ours: Callable[[], bool] = hypercorn.Handshake(*given).is_valid
        assert ours() is own


def test_a_handshake_class_of_somebody_else_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    theirs = type("Theirs", (HYPERCORNS,), {})
    monkeypatch.setattr(ws_stream, "Handshake", theirs)
    assert Server().status(KEYLESS) == 400
    assert ws_stream.Handshake is theirs


def _broken(*_: object) -> None:
    raise LookupError
