"""Both protocol classes: requests that stand one behind the other on a connection."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.asgi import RecordingObserver
from tests.support.handshakes import VALID
from tests.support.protocols import Slow, Within, observed_echo, reading, statuses, talk
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.uvicorn import H11Protocol, HttpToolsProtocol

if TYPE_CHECKING:
    from tests.support.handshakes import Handshake
    from tests.support.protocols import ProtocolClass
    from ws_handshake.asgi.scope import Receive, Scope, Send

every_protocol = pytest.mark.parametrize("protocol", [H11Protocol, HttpToolsProtocol])

_CANARY = b"user=anna&password=SECRET"
_PAGE = b"GET /page HTTP/1.1\r\nHost: a\r\n\r\n"
_FORM = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(_CANARY)
_SPACED = VALID.plus(b"x note", b"1")
_NO_UPGRADE = VALID.without(b"upgrade")


@every_protocol
@pytest.mark.parametrize("version", ["0.9", "1.0", "1.1", "2.0", "3.0", "9.9"])
@pytest.mark.parametrize("behind", [_PAGE, VALID.wire()])
def test_every_rejection_closes_whatever_its_version_says(
    protocol: ProtocolClass, version: str, behind: bytes
) -> None:
    app, echo, recorder = observed_echo(websocket_paths=["/ws"])
    kept = VALID.but(b"connection", b"keep-alive").asked(version=version)
    plain = kept.asked(headers=kept.headers[:1])
    for sent in (kept, plain):
        together = talk(protocol, app, sent.wire() + behind)
        apart = talk(protocol, app, sent.wire(), behind)
        for response in (together, apart):
            assert len(statuses(response)) == 1
            options = [v for name, v in response.headers if name == b"connection"]
            assert b"close" in b", ".join(options)
            assert response.ending == "closed"
    assert echo.scopes == []
    assert len(recorder.codes) <= 4  # what the parser takes for no HTTP has no event


@every_protocol
@pytest.mark.parametrize("known", [True, False])
def test_nothing_is_upgraded_before_the_response_before_it_has_ended(
    protocol: ProtocolClass, *, known: bool
) -> None:
    inner, echo, recorder = observed_echo()

    async def hidden(scope: Scope, receive: Receive, send: Send) -> None:
        await inner(scope, receive, send)

    app = Slow(inner if known else hidden)
    response = talk(protocol, app, _NO_UPGRADE.wire() + VALID.wire())
    assert statuses(response) == [b"400"]
    assert response.ending == "closed"
    assert (echo.scopes, recorder.codes) == ([], [("upgrade_missing",)])


@every_protocol
def test_a_valid_handshake_behind_slow_pages_is_upgraded_after_them(
    protocol: ProtocolClass,
) -> None:
    app, echo, recorder = observed_echo()
    response = talk(protocol, Slow(app), _PAGE + _PAGE + VALID.wire())
    assert statuses(response) == [b"200", b"200", b"101"]
    assert [scope["type"] for scope in echo.scopes] == ["http", "http", "websocket"]
    assert recorder.codes == [()]


@every_protocol
def test_a_malformed_handshake_behind_a_slow_page_is_explained_after_it(
    protocol: ProtocolClass,
) -> None:
    app, _, recorder = observed_echo()
    response = talk(protocol, Slow(app), _PAGE + _SPACED.wire())
    assert statuses(response) == [b"200", b"400"]
    assert recorder.codes == [("head_malformed",)]
    assert response.raw.count(b"websocket-handshake-error: head_malformed\r\n") == 1
    assert response.ending == "closed"


@every_protocol
def test_an_unread_body_ends_for_an_application_that_waits_for_it(
    protocol: ProtocolClass,
) -> None:
    app, _, recorder = observed_echo()

    async def reads_first(scope: Scope, receive: Receive, send: Send) -> None:
        more = scope["type"] == "http"
        while more:
            more = (await receive()).get("more_body", False)
        await app(scope, receive, send)

    broken = _NO_UPGRADE.plus(b"transfer-encoding", b"chunked")
    response = talk(protocol, Within(app, reads_first), broken.wire() + b"garbage\r\n")
    assert statuses(response) == [b"400"]
    assert response.ending == "closed"
    assert recorder.codes[-1] == ("upgrade_missing", "body_unexpected")


_CHUNKED = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
_CHUNKS = b"%x\r\n%s\r\n0\r\n\r\n" % (len(_CANARY), _CANARY)


@every_protocol
@settings(max_examples=150, deadline=None)
@given(
    before=st.lists(
        st.sampled_from([_PAGE, _FORM + _CANARY, _CHUNKED + _CHUNKS]), max_size=3
    ),
    cuts=st.sets(st.integers(0, 700), max_size=4),
    broken=st.sampled_from(
        [_SPACED, VALID.asked(target=b"ws"), VALID.plus(b"cookie", b"\x01")]
    ),
)
def test_the_violations_of_a_request_are_its_own_whatever_came_before(
    protocol: ProtocolClass, before: list[bytes], cuts: set[int], broken: Handshake
) -> None:
    sent = b"".join([*before, broken.wire()])
    pieces = [sent[a:b] for a, b in pairwise([0, *sorted(cuts), len(sent)])]
    recorder = RecordingObserver()
    app = WebSocketHandshakeMiddleware(reading, observers=[recorder])
    response = talk(protocol, app, *filter(None, pieces))
    # a parser that stumbles in the first bytes of a head does not know what it will be
    if recorder.records:
        assert statuses(response) == [b"200"] * len(before) + [b"400"]
    assert statuses(response)[-1] == b"400"
    assert response.ending == "closed"
    shown = (
        response.raw
        + repr([(r.rejection, r.request) for r in recorder.records]).encode()
    )
    assert b"SECRET" not in shown
    for record in recorder.records:
        assert record.rejection is not None
        assert record.rejection.codes == ("head_malformed",)
        assert record.request.method == "GET"
