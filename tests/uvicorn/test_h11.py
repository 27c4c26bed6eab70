"""The protocol class on h11."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from uvicorn.protocols.http import h11_impl

from tests.support.asgi import RecordingObserver
from tests.support.handshakes import ACCEPT, VALID
from tests.support.protocols import (
    Echo,
    observed_echo,
    shut_down,
    talk,
)
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.uvicorn import H11Protocol

if TYPE_CHECKING:
    from ws_handshake.asgi.scope import Receive, Scope, Send

_PLAIN = b"GET /plain HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
_BAD_KEY = VALID.but(b"sec-websocket-key", b"short")
_CHUNKED = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
_CHUNKS = b"5\r\nhello\r\n0\r\n\r\n"
_FORM = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n\r\na=b\r\n\r\n"


def test_a_valid_handshake_is_upgraded() -> None:
    app, _, recorder = observed_echo()
    response = talk(H11Protocol, app, VALID.wire())
    assert response.status == 101
    assert dict(response.headers)[b"sec-websocket-accept"] == ACCEPT.encode()
    assert recorder.codes == [()]


def test_a_list_is_handed_over_as_every_implementation_reads_it() -> None:
    app, echo, recorder = observed_echo()
    sent = VALID.but(b"connection", b"foo, Upgrade").plus(b"connection", b"bar")
    assert talk(H11Protocol, app, sent.wire()).status == 101
    assert echo.scopes[0]["headers"] == list(VALID.headers)
    assert recorder.codes == [()]


def test_a_plain_request_is_the_applications() -> None:
    app, echo, recorder = observed_echo()
    assert talk(H11Protocol, app, _PLAIN, _PLAIN).raw.count(b"plain") == 2
    assert len(echo.scopes) == 2
    assert recorder.records == []


def test_a_body_that_comes_behind_its_head_is_the_applications() -> None:
    app, echo, recorder = observed_echo()
    response = talk(H11Protocol, app, _CHUNKED, b"5\r\nhello\r\n", b"0\r\n\r\n", _PLAIN)
    assert response.raw.count(b"plain") == 2
    assert len(echo.scopes) == 2
    assert recorder.records == []


def test_a_broken_handshake_is_rejected_by_the_middleware() -> None:
    app, _, recorder = observed_echo()
    response = talk(H11Protocol, app, _BAD_KEY.wire())
    assert recorder.codes == [response.codes] == [("key_malformed",)]
    assert response.ending == "closed"


def test_a_query_is_part_of_the_target() -> None:
    app, echo, _ = observed_echo()
    sent = VALID.asked(target=b"http://127.0.0.1/ws?a=b?c")
    assert talk(H11Protocol, app, sent.wire(), root_path="/api").status == 101
    assert echo.scopes[0]["path"] == "/api/ws"
    assert echo.scopes[0]["query_string"] == b"a=b?c"


def test_a_long_query_counts_for_the_limit() -> None:
    app, _, recorder = observed_echo()
    response = talk(H11Protocol, app, VALID.asked(target=b"/?" + b"a" * 9000).wire())
    assert recorder.codes == [response.codes] == [("headers_too_large",)]


def test_report_only_hands_a_broken_handshake_over_as_it_came() -> None:
    app, echo, recorder = observed_echo(report_only=True)
    sent = _BAD_KEY.plus(b"sec-websocket-protocol", b"chat")
    assert talk(H11Protocol, app, sent.wire()).status == 101
    assert recorder.codes == [("key_malformed",), ()]
    assert echo.scopes[0]["subprotocols"] == ["chat"]


@pytest.mark.parametrize("version", ["2.0", "2.1", "3.0", "9.9"])
def test_a_request_line_of_another_major_version_is_rejected_as_http1(
    version: str,
) -> None:
    app, echo, recorder = observed_echo()
    broken = _BAD_KEY.asked(version=version)
    response = talk(H11Protocol, app, broken.wire() + _PLAIN, _PLAIN)
    assert response.status == 400
    assert dict(response.headers)[b"connection"] == b"close"
    assert response.raw.count(b"HTTP/1.1 400") == 1
    assert recorder.codes == [response.codes]
    assert echo.scopes == []


def test_a_plain_request_of_another_major_version_keeps_it() -> None:
    app, echo, _ = observed_echo()
    plain = b"GET / HTTP/2.0\r\nHost: a\r\nUpgrade: h2c\r\n\r\n"
    assert talk(H11Protocol, app, plain).status == 200
    assert echo.scopes[0]["http_version"] == "2.0"


def test_what_h11_rejects_is_explained() -> None:
    app, _, recorder = observed_echo()
    response = talk(H11Protocol, app, VALID.without(b"host").wire())
    assert recorder.codes == [response.codes] == [("host_missing",)]
    assert recorder.records[0].layer == "uvicorn"
    assert response.ending == "closed"


def test_what_h11_rejects_on_a_kept_connection_is_explained() -> None:
    app, _, recorder = observed_echo()
    pipelined = talk(H11Protocol, app, _PLAIN + VALID.without(b"host").wire())
    apart = talk(H11Protocol, app, _PLAIN, VALID.without(b"host").wire())
    assert pipelined == apart
    assert apart.raw.count(b"HTTP/1.1 ") == 2
    assert recorder.codes == [("host_missing",), ("host_missing",)]


async def _attentive(_scope: Scope, receive: Receive, send: Send) -> None:
    """Read the body, and listen for the client's end while the response is made."""
    while (await receive()).get("more_body"):
        pass
    end = asyncio.ensure_future(receive())
    await asyncio.sleep(0)
    await send({"type": "http.response.start", "status": 200})
    await send({"type": "http.response.body", "body": b"plain"})
    await end


# An application that responds before it has read the body is not among them: a head
# that comes with the rest of such a body is rejected by uvicorn, in its own words.
@settings(max_examples=200, deadline=None)
@given(
    before=st.lists(st.sampled_from([_PLAIN, _FORM, _CHUNKED + _CHUNKS]), max_size=3),
    cuts=st.sets(st.integers(0, 700), max_size=4),
)
def test_what_h11_rejects_is_explained_whatever_came_before_and_in_what_pieces(
    before: list[bytes], cuts: set[int]
) -> None:
    sent = b"".join([*before, VALID.without(b"host").wire()])
    ends = [*sorted(cuts), len(sent)]
    pieces = [sent[a:b] for a, b in pairwise([0, *ends])]
    recorder = RecordingObserver()
    app = WebSocketHandshakeMiddleware(_attentive, observers=[recorder])
    response = talk(H11Protocol, app, *filter(None, pieces))
    assert response.raw.count(b"HTTP/1.1 ") == len(before) + 1
    assert recorder.codes == [("host_missing",)]
    assert response.raw.count(b"websocket-handshake-error: host_missing\r\n") == 1


@pytest.mark.parametrize("size", [90, 1000, 16_000])
def test_a_head_without_an_end_is_too_large_whatever_its_pieces(size: int) -> None:
    app, _, recorder = observed_echo()
    wire = VALID.plus(b"cookie", b"a; " * 9000).wire()
    pieces = [wire[at : at + size] for at in range(0, len(wire), size)]
    response = talk(H11Protocol, app, *pieces)
    assert response.status == 431
    assert recorder.codes == [response.codes] == [("headers_too_large",)]


def test_a_limit_of_the_operators_is_kept() -> None:
    app, _, recorder = observed_echo()
    wire = VALID.plus(b"cookie", b"a" * 5000).wire()
    pieces = (wire[:3000], wire[3000:])
    response = talk(H11Protocol, app, *pieces, h11_max_incomplete_event_size=2000)
    assert recorder.codes == [response.codes] == [("headers_too_large",)]


def test_only_the_first_bytes_of_a_long_head_are_remembered() -> None:
    app, _, recorder = observed_echo()
    long = VALID.plus(b"cookie", b"a" * 500_000).plus(b"x note", b"1").wire()
    pieces = [long[at : at + 60_000] for at in range(0, len(long), 60_000)]
    response = talk(H11Protocol, app, *pieces, h11_max_incomplete_event_size=600_000)
    assert recorder.codes == [response.codes] == [("headers_too_large",)]
    assert recorder.records[0].request.header_bytes < 140_000


def test_what_h11_rejects_without_evidence_stays_uvicorns() -> None:
    app, _, recorder = observed_echo()
    response = talk(H11Protocol, app, b"GET / HTTP/1.1\r\n\r\n")
    assert response.status == 400
    assert response.codes == ()
    assert recorder.records == []


def test_garbage_in_the_body_does_not_swallow_a_rejection() -> None:
    app, _, recorder = observed_echo()
    chunked = VALID.plus(b"transfer-encoding", b"chunked")
    response = talk(H11Protocol, app, chunked.asked(body=b"garbage\r\n").wire())
    assert recorder.codes == [response.codes] == [("body_unexpected",)]
    assert response.ending == "closed"


def test_garbage_in_the_body_of_a_plain_request_is_uvicorns() -> None:
    app, _, recorder = observed_echo()
    response = talk(H11Protocol, app, _CHUNKED + b"garbage\r\n")
    assert b"Invalid HTTP request received." in response.raw
    assert recorder.records == []


def test_the_application_does_not_see_that_the_protocol_class_has_looked() -> None:
    app, echo, _ = observed_echo()
    talk(H11Protocol, app, _PLAIN)
    bare = Echo()
    talk(h11_impl.H11Protocol, bare, _PLAIN)
    assert echo.scopes == bare.scopes


_UNFINISHED = VALID.wire().removesuffix(b"\r\n")


def test_a_head_that_never_ends_is_reported_when_the_connection_is_lost() -> None:
    app, _, recorder = observed_echo()
    assert talk(H11Protocol, app, _UNFINISHED).raw == b""
    assert recorder.codes == [("head_malformed",)]
    assert recorder.records[0].status is None


@pytest.mark.parametrize("before", [b"", _PLAIN])
def test_a_head_that_a_stopping_server_cuts_off_is_not_reported(before: bytes) -> None:
    app, _, recorder = observed_echo()
    closes = asyncio.run(shut_down(H11Protocol, app, before or _UNFINISHED))

    # uvicorn waits for the response that is under way
    assert closes is (not before)
    assert recorder.records == []
