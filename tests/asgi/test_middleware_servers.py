"""One middleware, and several servers in a process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from tests.support.asgi import Spy, ask
from tests.support.handshakes import VALID
from tests.support.inside import port_of, running_server
from tests.support.protocols import Echo
from tests.support.wires import ask as ask_server
from ws_handshake import WebSocketHandshakeMiddleware, judge
from ws_handshake.asgi import middleware
from ws_handshake.asgi.scope import VERDICT_KEY
from ws_handshake.uvicorn import HttpToolsProtocol as OurHttpToolsProtocol

if TYPE_CHECKING:
    from tests.support.handshakes import Handshake
    from ws_handshake.asgi.scope import ASGIApp

WITHIN = VALID.asked(target=b"/in/ws")
KEYLESS = WITHIN.without(b"sec-websocket-key")
STRIPPED = WITHIN.without(b"upgrade")


def mounted(app: ASGIApp) -> ASGIApp:
    return Starlette(routes=[Mount("/in", app)])


def whole(app: ASGIApp) -> ASGIApp:
    return app


@pytest.fixture(name="introduced")
def _introduced(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return what is introduced, with the server's address, instead of doing it."""
    seen: list[Any] = []
    monkeypatch.setattr(
        middleware,
        "introduce",
        lambda _self, scope, *_handed, **_: seen.append(scope.get("server")),
    )
    return seen


@pytest.mark.parametrize("lived", ["auto", "off"])
@pytest.mark.parametrize(
    ("stands", "first"),
    [(whole, WITHIN), (whole, STRIPPED), (mounted, STRIPPED)],
    ids=["a valid handshake", "a broken one", "a broken one to a mount"],
)
def test_the_first_handshake_installs_our_class_in_a_second_server_without_a_lifespan(
    stands: Any, first: Handshake, lived: str
) -> None:
    app = stands(WebSocketHandshakeMiddleware(Echo()))
    with (
        running_server(app, lifespan=lived, ws="wsproto", http="httptools") as one,
        running_server(app, lifespan="off", ws="wsproto", http="httptools") as other,
    ):
        ask_server(port_of(one), first.wire(), 0.2)
        ask_server(port_of(one), STRIPPED.wire())
        assert other.config.http_protocol_class is HttpToolsProtocol
        ask_server(port_of(other), first.wire(), 0.2)
        for server in (one, other):
            assert server.config.http_protocol_class is OurHttpToolsProtocol
            seen = ask_server(port_of(server), KEYLESS.wire())
            assert seen.codes == ("key_missing",)


def test_what_our_class_has_judged_introduces_nothing(introduced: list[Any]) -> None:
    app = WebSocketHandshakeMiddleware(
        Spy(), observers=[], allowed_origins=["same-origin"]
    )
    for handshake in (VALID, KEYLESS):
        state = {VERDICT_KEY: judge(handshake.head())}
        ask(app, handshake.websocket_scope(state=state))
    assert introduced == []


def test_each_address_introduces_once_and_of_many_only_some(
    introduced: list[Any],
) -> None:
    app = WebSocketHandshakeMiddleware(Spy(), observers=[])
    for _ in range(2):
        for port in range(100):
            ask(app, VALID.websocket_scope(server=("127.0.0.1", port)))
    assert introduced == [("127.0.0.1", port) for port in range(64)]
