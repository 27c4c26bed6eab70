"""gunicorn's ASGI worker upgrades what the rules find valid, and nothing else."""

from __future__ import annotations

import importlib
import importlib.metadata
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.asgi import ACCEPT, RecordingObserver, Spy, ask
from tests.support.handshakes import VALID
from ws_handshake import WebSocketHandshakeMiddleware, gunicorn
from ws_handshake.core.request import KEY, PROTOCOL, VERSION

if TYPE_CHECKING:
    from tests.support.handshakes import Handshake

# gunicorn has no types, so its classes come by name
_CONFIG: Any = importlib.import_module("gunicorn.config")
_LOGGING: Any = importlib.import_module("gunicorn.glogging")

UPGRADE = b"upgrade"
KEYLESS = VALID.without(KEY)
PLAIN = VALID.without(KEY, VERSION, UPGRADE, b"connection")
VERDICT = "websocket_handshake"


class Connection:
    """A connection of gunicorn with our protocol, without a socket."""

    def __init__(self, *, app: Any = None, **options: Any) -> None:
        self.recorder = RecordingObserver()
        self.middleware = WebSocketHandshakeMiddleware(
            Spy((ACCEPT,)), observers=[self.recorder], **options
        )
        cfg = _CONFIG.Config()
        self.state = {"of": "the lifespan"}
        self.worker = SimpleNamespace(
            cfg=cfg,
            log=_LOGGING.Logger(cfg),
            asgi=app or self.middleware,
            state=self.state,
        )
        self.protocol = gunicorn.ASGIProtocol(self.worker)
        self.protocol.transport = SimpleNamespace(
            get_extra_info={"peername": ("203.0.113.9", 51544)}.get
        )

    def upgrades(self, handshake: Handshake) -> bool:
        """Return whether gunicorn is to upgrade; keep what it would decide itself."""
        self.request = request_of(handshake)
        self.as_ever = bool(
            gunicorn.protocol.ASGIProtocol._is_websocket_upgrade(
                self.protocol, self.request
            )
        )
        decided: bool = self.protocol._is_websocket_upgrade(self.request)
        return decided

    def scope(self, kind: str) -> dict[str, Any]:
        """Return the scope that the application is called with."""
        build = getattr(self.protocol, f"_build_{kind}_scope")
        scope: dict[str, Any] = build(self.request, ("127.0.0.1", 8000), None)
        return scope


def request_of(handshake: Handshake) -> Any:
    path, _, query = handshake.target.decode("latin-1").partition("?")
    return SimpleNamespace(
        method=handshake.method,
        uri=handshake.target.decode("latin-1"),
        path=path,
        raw_path=path.encode("latin-1"),
        query=query,
        version=tuple(map(int, handshake.version.split("."))),
        scheme="http",
        headers=[
            (name.decode("latin-1").upper(), value.decode("latin-1"))
            for name, value in handshake.headers
        ],
        must_close=False,
    )


@pytest.mark.parametrize(
    ("handshake", "codes"),
    [
        (KEYLESS, ("key_missing",)),
        (VALID.but(KEY, b"AAAA"), ("key_malformed",)),
        (VALID.without(VERSION), ("version_missing",)),
        (VALID.but(VERSION, b"8"), ("version_unsupported",)),
        (VALID.plus(VERSION, b"13"), ("version_duplicated",)),
        (VALID.asked(version="1.0"), ("http_version_too_old",)),
        (VALID.asked(method="POST"), ("method_not_get",)),
        (VALID.but(UPGRADE, b"websocket/13"), ("upgrade_not_websocket",)),
        (VALID.plus(PROTOCOL, b"chat room"), ("subprotocol_malformed",)),
    ],
)
def test_what_is_broken_stays_a_plain_request_that_the_middleware_rejects(
    handshake: Handshake, codes: tuple[str, ...]
) -> None:
    connection = Connection()
    assert connection.upgrades(handshake) is False
    start, _ = ask(connection.middleware, connection.scope("http"))
    assert connection.request.must_close
    assert start["type"] == "http.response.start"
    assert connection.recorder.codes == [codes]


@pytest.mark.parametrize(
    "handshake",
    [
        VALID,
        VALID.but(UPGRADE, b"h2c, websocket"),
        VALID.plus(UPGRADE, b"websocket").plus(b"connection", b"keep-alive"),
        VALID.plus(b"cookie", b"a" * 20_480),
    ],
)
def test_what_is_valid_is_upgraded_and_comes_with_its_verdict(
    handshake: Handshake,
) -> None:
    connection = Connection()
    assert connection.upgrades(handshake) is True
    assert not connection.request.must_close
    scope = connection.scope("websocket")
    assert scope["state"][VERDICT].accepted
    assert scope["headers"] == list(handshake.headers)


@pytest.mark.parametrize("handshake", [VALID.without(UPGRADE), VALID.without(KEY)])
def test_nothing_is_served_behind_what_is_rejected(handshake: Handshake) -> None:
    connection = Connection()
    connection.upgrades(handshake)
    connection.scope("http")
    assert connection.request.must_close


def test_the_subprotocols_of_all_lines_are_offered() -> None:
    connection = Connection()
    connection.upgrades(VALID.plus(PROTOCOL, b",, chat,").plus(PROTOCOL, b"super"))
    assert connection.scope("websocket")["subprotocols"] == ["chat", "super"]


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_each_handshake_has_a_state_of_its_own(kind: str) -> None:
    connection = Connection()
    connection.upgrades(VALID)
    state = connection.scope(kind)["state"]
    assert state["of"] == "the lifespan"
    state["of"] = "this request"
    assert connection.state == {"of": "the lifespan"}


@pytest.mark.parametrize("handshake", [PLAIN, PLAIN.plus(UPGRADE, b"h2c")])
def test_what_is_no_handshake_is_not_judged(handshake: Handshake) -> None:
    connection = Connection()
    assert connection.upgrades(handshake) is False
    assert VERDICT not in connection.scope("http")["state"]
    assert not connection.request.must_close


@pytest.mark.parametrize("handshake", [VALID, KEYLESS, VALID.without(UPGRADE)])
def test_without_a_middleware_gunicorn_decides(handshake: Handshake) -> None:
    connection = Connection(app=Spy())
    assert connection.upgrades(handshake) is connection.as_ever
    assert VERDICT not in connection.scope("websocket")["state"]
    assert VERDICT not in connection.scope("http")["state"]
    assert not connection.request.must_close


def test_in_report_only_what_gunicorn_upgrades_is_reported_once() -> None:
    connection = Connection(report_only=True)
    assert connection.upgrades(VALID.but(KEY, b"AAAA")) is True
    ask(connection.middleware, connection.scope("websocket"))
    record, accepted = connection.recorder.records
    assert (record.outcome, accepted.outcome) == ("rejected", "accepted")
    assert (record.layer, record.enforced, record.status) == ("gunicorn", False, 400)
    assert record.rejection is not None
    assert record.rejection.codes == ("key_malformed",)
    assert record.request.path == "/ws"
    assert record.request.client_address == "203.0.113.9"


def test_over_a_unix_socket_the_client_has_no_address() -> None:
    connection = Connection(report_only=True)
    connection.protocol.transport = SimpleNamespace(get_extra_info={"peername": ""}.get)
    connection.upgrades(KEYLESS)
    (record,) = connection.recorder.records
    assert record.request.client_address is None


def test_in_report_only_what_gunicorn_does_not_upgrade_stays_as_it_is() -> None:
    connection = Connection(report_only=True)
    assert connection.upgrades(KEYLESS.but(UPGRADE, b"websocket, foo")) is False
    ask(connection.middleware, connection.scope("http"))
    assert not connection.request.must_close
    (record,) = connection.recorder.records
    assert (record.layer, record.enforced) == ("asgi", False)


@pytest.mark.parametrize("handshake", [VALID, KEYLESS, KEYLESS.asked(method="POST")])
def test_with_an_error_of_ours_gunicorn_decides(
    handshake: Handshake, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise LookupError

    monkeypatch.setattr(gunicorn, "judge", broken)
    monkeypatch.setattr(gunicorn, "http_head", broken)
    connection = Connection()
    assert connection.upgrades(handshake) is connection.as_ever
    assert VERDICT not in connection.scope("http")["state"]
    assert not connection.request.must_close
