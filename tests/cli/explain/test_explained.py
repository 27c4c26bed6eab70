from __future__ import annotations

import pytest

from tests.support.handshakes import ACCEPT, VALID
from ws_handshake.cli.explain.explained import (
    CHANGED_BETWEEN,
    DOUBLE_SLASH,
    Explained,
    explain,
)
from ws_handshake.cli.pasted.request import PastedRequest
from ws_handshake.core import flaws


def codes(explained: Explained) -> tuple[str, ...]:
    return explained.rejection.codes if explained.rejection else ()


def test_of_a_valid_request_the_whole_response_is_reported() -> None:
    explained = explain(PastedRequest(VALID.head()))

    assert explained.valid
    assert explained.accept_token == ACCEPT
    assert explained.response == (
        "HTTP/1.1 101 Switching Protocols",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Accept: {ACCEPT}",
    )
    assert explained.notes == ()


def test_over_http2_the_response_is_a_200() -> None:
    head = VALID.without(b"upgrade", b"connection", b"sec-websocket-key").head(
        method="CONNECT", http_version="2"
    )
    explained = explain(PastedRequest(head, bridged=True))
    assert explained.valid
    assert explained.response == (":status: 200",)


def test_a_key_that_is_made_up_has_no_token() -> None:
    made_up = frozenset([b"sec-websocket-key"])
    explained = explain(PastedRequest(VALID.head(), made_up=made_up))
    assert explained.accept_token is None
    assert explained.response[-1] == "Sec-WebSocket-Accept: (depends on the key)"


def test_all_violations_are_reported_with_their_causes() -> None:
    explained = explain(PastedRequest(VALID.without(b"upgrade", b"connection").head()))

    assert codes(explained) == ("upgrade_missing", "connection_missing")
    assert explained.verdict.accept_token is None
    assert explained.rejection is not None
    assert [cause.code for cause in explained.rejection.causes] == [
        "proxy_stripped_upgrade",
        "http2_client",
    ]


def test_what_is_no_well_formed_http_stands_at_its_place_in_the_catalogue() -> None:
    request = VALID.but(b"sec-websocket-key", b"AAAA").plus(b"x", b"a" * 9000).head()
    explained = explain(PastedRequest(request, flaw=flaws.HEADER_NAME))
    assert codes(explained) == ("key_malformed", "head_malformed", "headers_too_large")
    assert explained.verdict.violations[1].received == flaws.HEADER_NAME.what


def test_a_plain_request_is_no_handshake_and_nothing_else() -> None:
    head = VALID.head(headers=[(b"host", b"a"), (b"user-agent", b"curl/8.5.0")])
    explained = explain(PastedRequest(head))
    assert codes(explained) == ("not_a_handshake",)
    assert explained.rejection is not None
    assert [cause.code for cause in explained.rejection.causes] == ["plain_http_client"]


@pytest.mark.parametrize(
    ("offer", "note"),
    [
        (b"chat", "It offers 1 subprotocol: "),
        (b"chat, v2", "It offers 2 subprotocols: "),
    ],
)
def test_a_subprotocol_must_be_chosen(offer: bytes, note: str) -> None:
    request = VALID.plus(b"sec-websocket-protocol", offer).head()
    assert explain(PastedRequest(request)).notes == (
        (
            f"{note}browsers close the connection unless Sec-WebSocket-Protocol in the "
            "response names one."
        ),
    )
    assert explain(PastedRequest(request._replace(method="POST"))).notes == ()


@pytest.mark.parametrize(
    ("status", "notes"),
    [
        (101, ("The server responded to it with 101.",)),
        (403, ("The server responded to it with 403.", CHANGED_BETWEEN)),
    ],
)
def test_a_valid_request_that_was_rejected_was_changed(
    status: int, notes: tuple[str, ...]
) -> None:
    pasted = PastedRequest(VALID.head(), notes=("first",), server_status=status)
    assert explain(pasted).notes == ("first", *notes)
    rejected = pasted._replace(request=VALID.head(method="POST"))
    assert explain(rejected).notes == ("first", notes[0])


def test_of_what_may_be_another_field_only_the_length_is_reported() -> None:
    head = VALID.but(b"upgrade", b"h2c -b session=secret").head(method="X: secret")
    violations = explain(PastedRequest(head)).verdict.violations
    received = [violation.received for violation in violations]
    assert received == ["9 characters", "21 characters"]


def test_two_slashes_in_a_row_are_worth_a_word() -> None:
    explained = explain(PastedRequest(VALID.asked(target=b"//ws?a=b").head()))
    assert explained.notes == (DOUBLE_SLASH,)
    absolute = explain(PastedRequest(VALID.asked(target=b"http://a/ws").head()))
    assert absolute.notes == ()


def test_what_the_form_left_out_is_blamed_on_no_one() -> None:
    pasted = PastedRequest(
        VALID.without(b"upgrade", b"sec-websocket-key").head(),
        left_out=frozenset([b"upgrade", b"sec-websocket-key"]),
    )
    explained = explain(pasted)
    assert explained.valid
    assert explained.accept_token is None
