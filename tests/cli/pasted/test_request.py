from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.handshakes import VALID
from ws_handshake import judge
from ws_handshake.cli.pasted.request import (
    PastedRequest,
    encoded,
    flaw_of,
    put_together,
    read_url,
)
from ws_handshake.core import flaws

if TYPE_CHECKING:
    from ws_handshake.core.flaws import Flaw


@pytest.mark.parametrize(
    ("name", "value", "flaw"),
    [
        (b"x", b"y", None),
        (b"x y", b"z", flaws.HEADER_NAME),
        (b"", b"z", flaws.HEADER_NAME),
        (b"x", b"a\x00b", flaws.CONTROL_CHARACTER),
    ],
)
def test_a_flaw_of_a_field_is_named(
    name: bytes, value: bytes, flaw: Flaw | None
) -> None:
    assert flaw_of(VALID.plus(name, value).head()) == flaw


def test_an_extended_connect_is_an_attempt_whatever_its_fields_are() -> None:
    plain = VALID.head(headers=[], http_version="2")
    assert not PastedRequest(plain).is_attempt()
    assert PastedRequest(plain, bridged=True).is_attempt()
    assert PastedRequest(VALID.head()).is_attempt()


def test_host_is_the_authority() -> None:
    pseudo = {b":authority": b"a", b":path": b"/ws", b":method": b"GET"}
    assert put_together(pseudo, [(b"x", b"y")]) == (
        *("GET", b"/ws", [(b"host", b"a"), (b"x", b"y")], False),
    )
    assert put_together(pseudo, [(b"host", b"b")])[2] == [(b"host", b"b")]


def test_without_a_method_only_a_bridged_request_is_a_connect() -> None:
    bridged = {b":protocol": b"WebSocket"}
    assert put_together(bridged, []) == ("CONNECT", b"/", [], True)
    assert put_together({}, []) == ("GET", b"/", [], False)


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("wss://a:8443/ws?b=c#d", ("wss", None, b"a:8443", b"/ws?b=c")),
        ("HTTP://u:p@a", ("http", "u:p", b"a", b"/")),
        ("a/ws", ("", None, b"a", b"/ws")),
        ("//a/ws", ("", None, b"", b"//a/ws")),
        ("https://a?b", ("https", None, b"a", b"/?b")),
        ("https://[::1]:80/", ("https", None, b"[::1]:80", b"/")),
        ("https://a/b@c", ("https", None, b"a", b"/b@c")),
        ("", ("", None, b"", b"/")),
    ],
)
def test_an_address_is_taken_apart(url: str, wanted: tuple[object, ...]) -> None:
    assert read_url(url) == wanted


def test_what_no_byte_stands_for_is_a_question_mark() -> None:
    assert encoded("\xe9\u20ac") == b"\xe9?"


def test_what_a_form_leaves_out_is_completed() -> None:
    left_out = frozenset([b"host", b"upgrade"])
    pasted = PastedRequest(VALID.without(b"upgrade").head(), left_out=left_out)
    assert pasted.absent() == {b"upgrade"}
    assert judge(pasted.completed()).accepted
    assert PastedRequest(VALID.head()).completed().headers == [*VALID.headers]


@pytest.mark.parametrize(("scheme", "is_one"), [("wss", True), ("https", False)])
def test_where_much_is_left_out_a_websocket_url_shows_the_attempt(
    scheme: str, *, is_one: bool
) -> None:
    plain = VALID.head()._replace(headers=[(b"host", b"a")], scheme=scheme)
    left_out = frozenset([b"upgrade"])
    assert PastedRequest(plain, left_out=left_out).is_attempt() is is_one
    assert not PastedRequest(plain).is_attempt()
