"""Both doors: requests that stand one behind the other on a connection."""

from __future__ import annotations

import asyncio
import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.asgi import Ear
from tests.doors import OWN, Echo, guarded, talk, talking
from tests.handshakes import SOUND
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.uvicorn import H11Protocol, HttpToolsProtocol

if TYPE_CHECKING:
    from tests.doors import Door
    from tests.handshakes import Handshake
    from tests.wires import Answer
    from ws_handshake.scopes import ASGIApp, Receive, Scope, Send

every_door = pytest.mark.parametrize("door", [H11Protocol, HttpToolsProtocol])

_CANARY = b"user=anna&password=SECRET"
_PAGE = b"GET /page HTTP/1.1\r\nHost: a\r\n\r\n"
_FORM = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(_CANARY)
_SPACED = SOUND.plus(b"x note", b"1")
_NO_UPGRADE = SOUND.without(b"upgrade")


class Slow:
    """An application that takes a while for each plain request."""

    def __init__(self, inner: ASGIApp, turns: int = 5) -> None:
        self._inner = inner
        self._turns = turns

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        for _ in range(self._turns if scope["type"] == "http" else 0):
            await asyncio.sleep(0)
        await self._inner(scope, receive, send)


def _kinds(answer: Answer) -> list[bytes]:
    """Return the statuses of all that was answered, in their order."""
    return re.findall(rb"HTTP/1\.1 ([0-9]{3}) [A-Z]", answer.raw)


@every_door
@pytest.mark.parametrize("version", ["0.9", "1.0", "1.1", "2.0", "3.0", "9.9"])
@pytest.mark.parametrize("behind", [_PAGE, SOUND.wire()])
def test_every_rejection_closes_whatever_its_version_says(
    door: Door, version: str, behind: bytes
) -> None:
    app, echo, ear = guarded(websocket_paths=["/ws"])
    kept = SOUND.but(b"connection", b"keep-alive").asked(version=version)
    plain = kept.asked(headers=kept.headers[:1])
    for sent in (kept, plain):
        together = talk(door, app, sent.wire() + behind)
        apart = talk(door, app, sent.wire(), behind)
        for answer in (together, apart):
            assert len(_kinds(answer)) == 1
            options = [v for name, v in answer.headers if name == b"connection"]
            assert b"close" in b", ".join(options)
            assert answer.ending == "closed"
    assert echo.scopes == []
    assert len(ear.codes) <= 4  # what the parser takes for no HTTP has no event


@every_door
@pytest.mark.parametrize("known", [True, False])
def test_nothing_is_upgraded_before_the_response_before_it_has_ended(
    door: Door, *, known: bool
) -> None:
    inner, echo, ear = guarded()

    async def hidden(scope: Scope, receive: Receive, send: Send) -> None:
        await inner(scope, receive, send)

    app = Slow(inner if known else hidden)
    answer = talk(door, app, _NO_UPGRADE.wire() + SOUND.wire())
    assert _kinds(answer) == [b"400"]
    assert answer.ending == "closed"
    assert (echo.scopes, ear.codes) == ([], [("upgrade_missing",)])


@every_door
def test_a_valid_handshake_behind_slow_pages_is_upgraded_after_them(door: Door) -> None:
    app, echo, ear = guarded()
    answer = talk(door, Slow(app), _PAGE + _PAGE + SOUND.wire())
    assert _kinds(answer) == [b"200", b"200", b"101"]
    assert [scope["type"] for scope in echo.scopes] == ["http", "http", "websocket"]
    assert ear.codes == [()]


class Listening(Echo):
    """An application that listens for the client's end while it answers a page."""

    def __init__(self) -> None:
        super().__init__()
        self.heard = b""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await receive()
            await send({"type": "websocket.accept"})
            self.heard = (await receive())["text"].encode()
            return
        while (await receive()).get("more_body"):
            pass
        end = asyncio.ensure_future(receive())
        for _ in range(5):
            await asyncio.sleep(0)
        await super().__call__(scope, receive, send)
        await end


_FRAME = b"\x81\x85\x00\x00\x00\x00hello"


def test_what_arrives_while_an_upgrade_waits_reaches_the_websocket() -> None:
    ws = "websockets-sansio"  # wsproto reads no frame before it has accepted
    listening = Listening()
    app = WebSocketHandshakeMiddleware(listening, observers=[])

    async def early() -> Answer:
        sent = [_PAGE + SOUND.wire(), _FRAME]
        return await talking(HttpToolsProtocol, app, *sent, ws=ws, settles=2)

    assert _kinds(asyncio.run(early())) == [b"200", b"101"]
    assert listening.heard == b"hello"


@every_door
def test_a_malformed_handshake_behind_a_slow_page_is_explained_after_it(
    door: Door,
) -> None:
    app, _, ear = guarded()
    answer = talk(door, Slow(app), _PAGE + _SPACED.wire())
    assert _kinds(answer) == [b"200", b"400"]
    assert ear.codes == [("head_malformed",)]
    assert answer.raw.count(b"websocket-handshake-error: head_malformed\r\n") == 1
    assert answer.ending == "closed"


def test_garbage_behind_a_slow_page_is_answered_as_by_uvicorn() -> None:
    app, echo, ear = guarded()
    for sent in (_PAGE + b"\x00\xff", _PAGE + b"GET / HTTP/1.1\r\nx y: 1\r\n\r\n"):
        assert talk(HttpToolsProtocol, Slow(app), sent) == talk(
            OWN[HttpToolsProtocol], Slow(echo), sent
        )
    assert ear.records == []


@every_door
def test_an_unread_body_of_a_rejected_handshake_ends_for_who_waits_for_it(
    door: Door,
) -> None:
    app, _, ear = guarded()

    async def reads_first(scope: Scope, receive: Receive, send: Send) -> None:
        while scope["type"] == "http" and (await receive()).get("more_body"):
            pass
        await app(scope, receive, send)

    broken = _NO_UPGRADE.plus(b"transfer-encoding", b"chunked")
    answer = talk(door, Within(app, reads_first), broken.wire() + b"garbage\r\n")
    assert _kinds(answer) == [b"400"]
    assert answer.ending == "closed"
    assert ear.codes[-1] == ("upgrade_missing", "body_unexpected")


class Within:
    """A wrapping that keeps in `.app` what it wraps."""

    def __init__(self, app: ASGIApp, call: ASGIApp) -> None:
        self.app = app
        self._call = call

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._call(scope, receive, send)


async def _reading(scope: Scope, receive: Receive, send: Send) -> None:
    """Read the body, and respond."""
    assert scope["type"] == "http"
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200})
    await send({"type": "http.response.body", "body": b"plain"})


_CHUNKED = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
_CHUNKS = b"%x\r\n%s\r\n0\r\n\r\n" % (len(_CANARY), _CANARY)


@every_door
@settings(max_examples=150, deadline=None)
@given(
    before=st.lists(
        st.sampled_from([_PAGE, _FORM + _CANARY, _CHUNKED + _CHUNKS]), max_size=3
    ),
    cuts=st.sets(st.integers(0, 700), max_size=4),
    broken=st.sampled_from(
        [_SPACED, SOUND.asked(target=b"ws"), SOUND.plus(b"cookie", b"\x01")]
    ),
)
def test_the_faults_of_a_request_are_its_own_whatever_came_before(
    door: Door, before: list[bytes], cuts: set[int], broken: Handshake
) -> None:
    sent = b"".join([*before, broken.wire()])
    pieces = [sent[a:b] for a, b in pairwise([0, *sorted(cuts), len(sent)])]
    ear = Ear()
    app = WebSocketHandshakeMiddleware(_reading, observers=[ear])
    answer = talk(door, app, *filter(None, pieces))
    # a parser that stumbles in the first bytes of a head does not know what it will be
    if ear.records:
        assert _kinds(answer) == [b"200"] * len(before) + [b"400"]
    assert _kinds(answer)[-1] == b"400"
    assert answer.ending == "closed"
    shown = (
        answer.raw + repr([(r.refusal, r.circumstances) for r in ear.records]).encode()
    )
    assert b"SECRET" not in shown
    for record in ear.records:
        assert record.refusal is not None
        assert record.refusal.codes == ("head_malformed",)
        assert record.circumstances.method == "GET"


@pytest.mark.parametrize("before", [[_PAGE], [_PAGE, _PAGE], [_FORM + _CANARY]])
@pytest.mark.parametrize("cut", [0, 1, 40, 120])
def test_a_head_that_began_in_the_segment_of_another_request_is_explained(
    before: list[bytes], cut: int
) -> None:
    ear = Ear()
    app = WebSocketHandshakeMiddleware(_reading, observers=[ear])
    wire = _SPACED.wire()
    pieces = [b"".join(before) + wire[:cut], wire[cut:]]
    answer = talk(HttpToolsProtocol, app, *pieces)
    assert _kinds(answer) == [b"200"] * len(before) + [b"400"]
    assert ear.codes == [("head_malformed",)]
    assert ear.records[0].circumstances.path == "/ws"
