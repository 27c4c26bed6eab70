"""A handshake that a user changes is what a server with our class would hand on."""

from __future__ import annotations

import pytest

from ws_handshake import judge
from ws_handshake.asgi.scope import VERDICT_KEY
from ws_handshake.testing import VALID, Handshake

VERSION = b"sec-websocket-version"
PROTOCOL = b"sec-websocket-protocol"
KEY = b"sec-websocket-key"


def test_the_valid_one_has_nothing_wrong() -> None:
    assert judge(VALID.head()).accepted
    assert judge(VALID.head(scheme="https")).request.scheme == "https"


def test_a_bend_leaves_what_it_bends_as_it_was() -> None:
    bent = VALID.without(b"upgrade", b"connection").plus(b"x", b"1").asked(method="PUT")
    assert Handshake() == VALID
    assert [name for name, _ in bent.headers] == [b"host", KEY, VERSION, b"x"]
    assert bent.method == "PUT"


def test_another_value_stays_in_its_place_and_a_new_name_comes_at_the_end() -> None:
    assert VALID.but(VERSION, b"8").headers[-1] == (VERSION, b"8")
    assert VALID.but(b"host", b"h").headers[0] == (b"host", b"h")
    assert VALID.but(b"origin", b"null").headers[-1] == (b"origin", b"null")


def test_the_bytes_are_those_of_a_request() -> None:
    posted = VALID.asked(
        method="POST", target=b"/a", headers=((b"host", b"h"),), version="1.0"
    )
    assert posted.asked(body=b"x=1").wire() == (
        b"POST /a HTTP/1.0\r\nhost: h\r\n\r\nx=1"
    )


def test_a_valid_handshake_is_handed_on_as_a_websocket_with_its_verdict() -> None:
    offered = VALID.plus(PROTOCOL, b"a, b").plus(PROTOCOL, b"c")
    scope = offered.asked(target=b"/r%C3%A9?a=1").scope(scheme="wss", state={"db": 1})
    assert (scope["type"], scope["scheme"], "method" in scope) == (
        *("websocket", "wss", False),
    )
    assert (scope["path"], scope["raw_path"]) == ("/ré", b"/r%C3%A9")
    assert scope["query_string"] == b"a=1"
    assert scope["subprotocols"] == ["a", "b", "c"]
    assert scope["state"].pop(VERDICT_KEY).accepted
    assert scope["state"] == {"db": 1}


def test_a_broken_handshake_is_handed_on_as_a_plain_request_with_its_verdict() -> None:
    scope = VALID.without(b"upgrade").scope()
    assert (scope["type"], scope["method"]) == ("http", "GET")
    assert scope["state"][VERDICT_KEY].codes == ("upgrade_missing",)


def test_a_plain_request_has_no_verdict() -> None:
    scope = VALID.without(b"upgrade", KEY, VERSION).scope(client=None)
    assert (scope["type"], scope["client"], scope["state"]) == ("http", None, {})


@pytest.mark.parametrize(
    ("method", "kind"), [("CONNECT", "websocket"), ("GET", "http")]
)
def test_over_http2_a_connect_is_a_websocket_and_no_protocol_class_has_judged_it(
    method: str, kind: str
) -> None:
    scope = VALID.asked(method=method, version="2").scope()
    assert (scope["type"], scope["http_version"], scope["state"]) == (kind, "2", {})


def test_the_limits_are_those_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    long = VALID.plus(b"cookie", b"a" * 9000)
    assert long.scope()["state"][VERDICT_KEY].codes == ("headers_too_large",)
    monkeypatch.setenv("WEBSOCKETS_MAX_LINE_LENGTH", "10000")
    assert long.scope()["type"] == "websocket"
