"""Whether a rejection names the fault."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.handshakes import VALID
from ws_handshake.cli.client.response import Response
from ws_handshake.cli.conformance.cases import CASES
from ws_handshake.cli.conformance.naming import WORDS, names_kind

if TYPE_CHECKING:
    from ws_handshake.core.request import RequestHead

SENT = VALID.head()
REJECTION = Response("1.1", 400, b"Bad Request")


def named(
    code: str, body: bytes = b"", *, sent: RequestHead = SENT, **changes: Any
) -> bool:
    return names_kind((code,), sent, replace(REJECTION, body=body, **changes))


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("key_malformed", b"Invalid Sec-WebSocket-Key"),
        ("key_missing", b"<p>No KEY</p>"),
        ("key_malformed", b'{"code":"key_malformed"}'),
        ("version_missing", b"unsupported version"),
        ("method_not_get", b"method must be GET"),
        ("http_version_too_old", b"needs HTTP/1.1"),
        ("host_duplicated", b"two hosts"),
        ("upgrade_missing", b"Can upgrade only to WebSocket"),
        ("connection_not_upgrade", b"bad Connection"),
        ("subprotocol_malformed", b"bad subprotocol"),
        ("body_unexpected", b"Content-Length is odd"),
        ("head_malformed", b"Invalid HTTP request received."),
    ],
)
def test_a_body_names_a_fault_by_a_word(code: str, body: bytes) -> None:
    assert named(code, body) is True


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("key_malformed", b""),
        ("key_malformed", b"Bad Request"),
        ("key_malformed", b"monkey business"),
        ("key_malformed", b'<a href="/key">No</a>'),
        ("body_unexpected", b"<body>Bad Request</body>"),
        ("subprotocol_malformed", b"protocol error"),
    ],
)
def test_a_body_that_says_something_else_is_opaque(code: str, body: bytes) -> None:
    assert named(code, body) is False


def test_a_reason_phrase_and_a_header_for_errors_are_read() -> None:
    assert named("host_missing", phrase=b"HTTP Host header missing") is True
    reject = ((b"x-websocket-reject-reason", b"no key"),)
    assert named("key_missing", headers=reject) is True
    assert named("key_missing", headers=((b"server", b"keyserver"),)) is False


def test_a_value_that_is_repeated_names_the_fault() -> None:
    sent = VALID.but(b"sec-websocket-key", b"Sample").head()
    assert named("key_malformed", b"Handshake error: 'sample'", sent=sent) is True
    short = VALID.but(b"sec-websocket-key", b"ab").head()
    assert named("key_malformed", b"about", sent=short) is False


def test_a_status_that_is_made_for_the_fault_speaks() -> None:
    assert named("method_not_get", status=405, phrase=b"") is True
    assert named("method_not_get", status=501, phrase=b"") is True
    assert named("http_version_too_old", status=505, phrase=b"") is True
    assert named("key_missing", status=405, phrase=b"") is False


def test_a_header_that_is_made_for_the_fault_speaks() -> None:
    assert named("method_not_get", headers=((b"allow", b"GET"),)) is True
    ours = ((b"sec-websocket-version", b"13"),)
    assert named("version_unsupported", headers=ours) is True
    assert named("key_malformed", headers=ours) is False


def test_a_status_below_400_names_nothing() -> None:
    assert named("key_missing", b"the key is missing", status=200) is False


def test_one_of_several_violations_is_enough() -> None:
    response = Response("1.1", 400, b"", (), b"no key")
    assert names_kind(("key_missing", "version_missing"), SENT, response) is True
    assert names_kind(("host_missing", "version_missing"), SENT, response) is False


def test_there_is_a_word_for_every_code_of_the_catalogue() -> None:
    codes = {code for case in CASES for code in case.codes}
    assert {c if c in WORDS else c.partition("_")[0] for c in codes} == WORDS.keys()
