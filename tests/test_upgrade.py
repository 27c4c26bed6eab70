"""The upgrade: the implementation reads seven fields, the application all."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.protocols.websockets.wsproto_impl import WSProtocol

from tests import bending
from tests.doors import guarded, talk
from tests.handshakes import SOUND
from ws_handshake import judge
from ws_handshake.upgrade import only_read, reads_no_more, telling
from ws_handshake.uvicorn import H11Protocol, HttpToolsProtocol

if TYPE_CHECKING:
    from tests.doors import Door
    from tests.handshakes import Handshake
    from tests.wires import Answer
    from ws_handshake.scopes import Scope

_UVICORNS = [WSProtocol, WebSocketsSansIOProtocol]


# What stands in another module gets every field, whatever it reads.
class _Wsproto(WSProtocol):
    pass


class _Websockets(WebSocketsSansIOProtocol):
    pass


_IN_FULL: dict[str, type[asyncio.Protocol]] = {
    "wsproto": _Wsproto,
    "websockets-sansio": _Websockets,
}


@pytest.mark.parametrize("implementation", _UVICORNS)
def test_uvicorns_own_implementations_read_no_more(
    implementation: type[asyncio.Protocol],
) -> None:
    assert reads_no_more(implementation)


@pytest.mark.parametrize("implementation", [*_IN_FULL.values(), asyncio.Protocol])
def test_nobody_knows_what_others_read(implementation: type[asyncio.Protocol]) -> None:
    assert not reads_no_more(implementation)


def test_one_that_keeps_its_application_elsewhere_gets_everything() -> None:
    class WSProtocol(asyncio.Protocol):
        def __init__(self, application: object) -> None:
            self.application = application

    WSProtocol.__module__ = "uvicorn.protocols.websockets.wsproto_impl"
    assert WSProtocol("the app").application == "the app"
    assert not reads_no_more(WSProtocol)


def test_only_what_is_read_is_left_line_by_line() -> None:
    sent = (
        SOUND.plus(b"sec-websocket-protocol", b"a")
        .plus(b"cookie", b"a=b")
        .plus(b"sec-websocket-extensions", b"x")
        .plus(b"origin", b"null")
        .plus(b"sec-websocket-protocol", b"b")
    )
    left = sent.without(b"cookie", b"origin")
    assert only_read(sent.headers) == list(left.headers)


class _Implementation(asyncio.Protocol):
    def __init__(self, **given: object) -> None:
        self.given = given
        self.app: Any = self.remembers
        self.seen: list[tuple[Any, ...]] = []

    async def remembers(self, *given: Any) -> None:
        self.seen.append(given)

    async def runs(self, scope: Scope) -> None:
        await self.app(scope, _nothing, _nothing)


async def _nothing(*_: Any) -> Any:
    """Receive or send nothing."""


def test_the_application_is_told_the_headers_and_the_verdict() -> None:
    verdict = judge(SOUND.head())
    cookie = [(b"cookie", b"a=b")]
    start: Any = telling(_Implementation, cookie, verdict)
    protocol = start(config=1, server_state=2, app_state=3)
    assert protocol.given == {"config": 1, "server_state": 2, "app_state": 3}
    scope: Scope = {"type": "websocket", "headers": [], "state": {"mine": 1}}
    asyncio.run(protocol.runs(scope))
    assert protocol.seen == [(scope, _nothing, _nothing)]
    assert scope["headers"] is cookie
    assert scope["state"] == {"mine": 1, "websocket_handshake": verdict}


def _opened(
    door: Door, ws: Any, handshake: Handshake, **options: Any
) -> tuple[Answer, Scope]:
    app, echo, _ = guarded()
    answer = talk(door, app, handshake.wire(), ws=ws, **options)
    (scope,) = echo.scopes
    return answer, scope


_DULL = st.sampled_from(
    [
        (b"cookie", b"session=1; a=b"),
        (b"authorization", b"Bearer \xff\t x"),
        (b"x-forwarded-for", b"203.0.113.9"),
        (b"x-forwarded-for", b""),
        (b"user-agent", b"curl/8 \t"),
        (b"expect", b"100-continue"),
        (b"keep-alive", b"timeout=5"),
        (b"te", b"trailers"),
    ]
)


@pytest.mark.parametrize("door", [H11Protocol, HttpToolsProtocol])
@pytest.mark.parametrize("ws", _IN_FULL)
@settings(max_examples=60, deadline=None)
@given(handshake=bending.sound(), dull=st.lists(_DULL, max_size=5))
def test_it_opens_as_it_would_if_everything_were_read(
    door: Door, ws: str, handshake: Handshake, dull: list[tuple[bytes, bytes]]
) -> None:
    for name, value in dull:
        handshake = handshake.plus(name, value)
    # what the doors refuse besides, as no resource name or no host of its own
    odd = handshake.target == b"*" or b"@" in handshake.target
    handshake = handshake.asked(target=b"/" if odd else handshake.target)
    answer, scope = _opened(door, ws, handshake)
    in_full, whole = _opened(door, _IN_FULL[ws], handshake)
    assert answer == in_full
    told, all_told = scope.pop("headers"), whole.pop("headers")
    verdicts = [s["state"].pop("websocket_handshake") for s in (scope, whole)]
    assert [v.accept_token for v in verdicts] == [
        judge(handshake.head()).accept_token
    ] * 2
    assert scope == whole
    for name in {name for name, _ in dull} | {b"host", b"origin"}:
        assert [v for n, v in told if n == name] == [
            v for n, v in all_told if n == name
        ]


@pytest.mark.parametrize("door", [H11Protocol, HttpToolsProtocol])
@pytest.mark.parametrize("ws", _IN_FULL)
def test_the_application_gets_every_field_as_it_was_sent(door: Door, ws: str) -> None:
    sent = (
        SOUND.but(b"upgrade", b"h2c, websocket")
        .plus(b"Cookie", b"a=b")
        .plus(b"sec-websocket-protocol", b"v2.chat, ,chat")
        .plus(b"upgrade", b"websocket")
        .plus(b"content-length", b"0")
        .plus(b"cookie", b"c=d \t")
    )
    answer, scope = _opened(door, ws, sent)
    assert answer.status == 101
    assert scope["subprotocols"] == ["v2.chat", "chat"]
    assert scope["headers"] == [
        (name.lower(), value.strip(b" \t")) for name, value in sent.headers
    ]


@pytest.mark.parametrize("door", [H11Protocol, HttpToolsProtocol])
@pytest.mark.parametrize("ws", _IN_FULL)
@pytest.mark.parametrize(
    "target", [b"/", b"http://xn--fa-hia.example", b"http://xn--fa-hia.example:80/"]
)
def test_the_application_gets_the_host_that_counts(
    door: Door, ws: str, target: bytes
) -> None:
    sent = SOUND.asked(target=target).but(b"host", b"xn--mnchen-3ya.example")
    host = target.removeprefix(b"http://").rstrip(b"/") or b"xn--mnchen-3ya.example"
    for implementation in (ws, _IN_FULL[ws]):
        _, scope = _opened(door, implementation, sent)
        assert [v for n, v in scope["headers"] if n == b"host"] == [host]
        assert scope["state"].keys() == {"websocket_handshake"}
