"""What an application says when it turns a handshake down."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.canaries import PLACES, leaks
from tests.support.handshakes import VALID
from ws_handshake.asgi.denial import DenialResponse, denial_of, denial_status
from ws_handshake.outcome.rejection import Denial

if TYPE_CHECKING:
    from tests.support.handshakes import Handshake

START = {"type": "websocket.http.response.start", "status": 401}
CANARY = b"cAnArY-7f3d9b-sEcReT"
MISSING = {
    "type": "missing",
    "loc": ["query", "prefix"],
    "msg": "Field required",
    "input": None,
}


def closed(reason: object, scope: dict[str, Any] | None = None, **close: Any) -> Denial:
    message = {"type": "websocket.close", "reason": reason, **close}
    return denial_of(VALID.websocket_scope() if scope is None else scope, message)


def responded(body: bytes) -> Denial:
    return denial_of(VALID.websocket_scope(), START, body)


def test_a_close_has_its_code_and_its_reason() -> None:
    denial = closed("loopback only", code=4403)

    assert denial == Denial(4403, "loopback only")


def test_a_code_that_is_not_given_is_that_of_asgi() -> None:
    scope = VALID.websocket_scope()

    assert denial_of(scope, {"type": "websocket.close"}) == Denial(1000, None)


@pytest.mark.parametrize("code", [None, "4403", b"\x1b"])
def test_a_code_that_is_no_number_is_none(code: object) -> None:
    assert closed("no", code=code) == Denial(None, "no")


@pytest.mark.parametrize(
    ("reason", "shown"),
    [
        (None, None),
        ("", None),
        (" \r\n", None),
        (7, None),
        (b"\xff", None),
        ("\x1b[1mno\n", r"\x1b[1mno"),
        ("n\u00f6", r"n\xf6"),
        ("a" * 200, "a" * 125 + "..."),
        ("a" * 2049, None),
        # Engine.IO writes its reasons as JSON
        ('"Invalid transport"', "Invalid transport"),
        ('"cut off', None),
        ("[" * 2000, None),
        (["Token expired"], "Token expired"),
        ([{"message": "no"}, {"input": "of the client"}, 7], "no"),
        ([MISSING], "query.prefix: missing"),
        (
            [MISSING, {"type": "int_parsing", "loc": ("cookie", "room", "x")}],
            "query.prefix: missing; cookie.room: int_parsing",
        ),
        (
            [{"type": "extra_forbidden", "loc": ["query", "of the client"]}],
            "query: extra_forbidden",
        ),
    ],
)
def test_a_reason_is_short_printable_text(reason: object, shown: str | None) -> None:
    assert closed(reason) == Denial(1000, shown)


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b"", None),
        (b"Token expired\n", "Token expired"),
        (b'{"detail":"Not authenticated"}', "Not authenticated"),
        (json.dumps({"detail": [MISSING]}).encode(), "query.prefix: missing"),
        (b'{"detail":"","message":"Too many"}', "Too many"),
        (b'{"type":"about:blank","title":"Forbidden"}', "Forbidden"),
        (b'{"input":"of the client"}', None),
        (b'{"detail":{"input":"of the client"}}', None),
        (b"<!doctype html><title>404 Not Found</title>", "404 Not Found"),
        (b"<!doctype html><p>401", None),
        (b'{"detail":{"error":"no member","code":5}}', "no member"),
        (
            b'{"errors":[{"title":"No access","detail":"Token expired"}]}',
            "Token expired",
        ),
        (b"\x1f\x8b\x08\x00", None),
    ],
)
def test_of_a_denial_response_there_is_the_text_of_its_body(
    body: bytes, shown: str | None
) -> None:
    assert responded(body) == Denial(None, shown)


@pytest.mark.parametrize(
    ("asked", "reason", "shown"),
    [
        (
            VALID.asked(target=b"/ws?sid=Ab%2Dcd&transport=websocket"),
            "Invalid session Ab-cd, Invalid websocket upgrade",
            "Invalid session [...], Invalid websocket upgrade",
        ),
        (
            VALID.asked(target=b"/ws?a=b&token"),
            "Missing parameter 'prefix' for path /ws?a=b&token",
            "Missing parameter 'prefix' for path /ws?[...]",
        ),
        (
            VALID.plus(b"cookie", b'session="abcdef"; token=ghijkl; mnopqr'),
            "session abcdef: no token ghijkl, mnopqr",
            "session [...]: no token [...], [...]",
        ),
        (
            VALID.plus(b"authorization", b"Bearer abc.def"),
            "Bearer abc.def has expired",
            "Bearer [...] has expired",
        ),
        (
            VALID.plus(b"sec-websocket-protocol", b"chat, token.abcdef"),
            "token.abcdef is no subprotocol",
            "[...] is no subprotocol",
        ),
        (
            VALID.plus(b"user-agent", b"curl/8.5").plus(b"x-key", b"abcdef"),
            "curl/8.5 at 127.0.0.1:8000 sent abcdef",
            "curl/8.5 at 127.0.0.1:8000 sent [...]",
        ),
        (
            VALID.plus(b"origin", b"https://a.example"),
            "https://a.example is not an accepted origin.",
            "https://a.example is not an accepted origin.",
        ),
        (
            VALID.plus(b"origin", b"https://a.example/abcdef"),
            "https://a.example/abcdef is not an accepted origin.",
            "[...] is not an accepted origin.",
        ),
    ],
)
def test_what_a_reason_quotes_of_the_client_is_taken_out(
    asked: Handshake, reason: str, shown: str
) -> None:
    assert closed(reason, asked.websocket_scope()).reason == shown


@pytest.mark.parametrize("place", PLACES)
def test_no_secret_that_a_reason_quotes_is_in_it(place: str) -> None:
    scope = PLACES[place](VALID, CANARY).websocket_scope()
    parts = [scope["path"], scope["query_string"].decode("latin-1")]
    parts += [value.decode("latin-1") for _, value in scope["headers"]]
    quoted = [str(closed(f"no: {part}", scope).reason) for part in parts]
    by_itself = closed(CANARY.decode(), scope).reason

    assert leaks(" ".join(quoted), CANARY) == []
    assert by_itself is not None
    named_there = any(CANARY in value for _, value in scope["headers"])
    assert not named_there or by_itself == "[...]"


def test_where_the_scope_cannot_be_read_nothing_is_known() -> None:
    assert closed("no", VALID.websocket_scope(query_string=None)) == Denial()


@pytest.mark.parametrize(
    ("message", "status"),
    [
        ({"type": "websocket.close"}, 403),
        (START, 401),
        ({"type": "http.response.start", "status": 404}, 500),
    ],
)
def test_the_status_is_what_the_client_will_get(
    message: dict[str, Any], status: int
) -> None:
    assert denial_status(message) == status


def test_a_body_is_complete_with_its_last_part() -> None:
    response = DenialResponse(START, 0.5)

    assert not response.is_complete({"body": b"not ", "more_body": True})
    assert not response.is_complete({"body": "no bytes", "more_body": True})
    assert response.is_complete({"body": b"today"})

    assert (response.start, response.duration) == (START, 0.5)
    assert response.body == b"not today"


def test_a_long_body_is_a_page_and_not_kept() -> None:
    response = DenialResponse(START, 0.5)

    assert not response.is_complete({"body": b"x" * 2048, "more_body": True})
    assert response.is_complete({"body": b"x", "more_body": True})

    assert response.body == b""
