"""What a door hands over: to uvicorn's own implementations no more than they read."""

from __future__ import annotations

from asyncio import Protocol
from typing import TYPE_CHECKING, Any

import pytest
from uvicorn import Config
from uvicorn.protocols.websockets.wsproto_impl import WSProtocol

from tests.doors import Echo, guarded
from tests.handshakes import SOUND
from ws_handshake.doorkeeper import Doorkeeper

if TYPE_CHECKING:
    from tests.handshakes import Handshake
    from ws_handshake.scopes import ASGIApp

_ALL = [*SOUND.headers, (b"cookie", b"a=b")]
_H2C = SOUND.without(b"sec-websocket-key", b"sec-websocket-version").but(
    b"upgrade", b"h2c"
)


def _handed(
    app: ASGIApp, handshake: Handshake, implementation: Any
) -> tuple[Any, Any, dict[str, Any]]:
    config = Config(app, lifespan="off", log_config=None)
    config.load()
    keeper = Doorkeeper(config, {})
    opened = keeper.opens(
        handshake.head(), {}, lambda: True, can_upgrade=True, client=None
    )
    assert opened
    return keeper.hand_over(_ALL, implementation, {"mine": 1})


def test_uvicorns_own_implementations_get_what_they_read_and_no_state() -> None:
    headers, start, state = _handed(Echo(), SOUND, WSProtocol)
    assert headers == list(SOUND.headers)
    assert start is not WSProtocol
    assert state == {"mine": 1}


@pytest.mark.parametrize("implementation", [Protocol, None])
def test_another_implementation_gets_all_and_the_verdict_in_the_state(
    implementation: type[Protocol] | None,
) -> None:
    headers, start, state = _handed(Echo(), SOUND, implementation)
    assert headers == _ALL
    assert start is implementation
    assert state["mine"] == 1
    assert state["websocket_handshake"].accepted


@pytest.mark.parametrize("handshake", [SOUND.but(b"sec-websocket-key", b"short"), _H2C])
def test_what_is_not_known_to_be_sound_is_handed_over_as_it_came(
    handshake: Handshake,
) -> None:
    headers, start, _ = _handed(guarded(report_only=True)[0], handshake, WSProtocol)
    assert headers == _ALL
    assert start is WSProtocol
