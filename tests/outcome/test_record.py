from __future__ import annotations

import re

import pytest

from tests.support.handshakes import VALID, Handshake
from ws_handshake.outcome.record import (
    RequestFacts,
    located,
    nothing_known,
    request_facts,
)


def reported(handshake: Handshake = VALID) -> RequestFacts:
    return request_facts(handshake.head())


def test_what_is_reported_of_a_valid_handshake() -> None:
    request = VALID.plus(b"user-agent", b"curl/8.5").plus(b"origin", b"null").head()
    known = request_facts(
        request, path="/ws?token=secret", client_address="203.0.113.9"
    )

    assert known == RequestFacts(
        http_version="1.1",
        method="GET",
        scheme="http",
        path="/ws",
        client_address="203.0.113.9",
        server_address="127.0.0.1",
        origin="null",
        user_agent="curl/8.5",
        key_length=24,
        subprotocol_count=0,
        extension_count=0,
        header_count=7,
        header_bytes=sum(len(n) + len(v) for n, v in request.headers),
    )


def test_what_a_server_made_up_is_not_reported() -> None:
    head = VALID.head(scheme="")
    known = request_facts(head, known_method=False, known_version=False)

    assert (known.method, known.http_version, known.scheme) == (None, None, None)
    assert (known.path, known.client_address) == (None, None)


def test_of_an_empty_head_nothing_is_known_but_the_request_line() -> None:
    empty = Handshake(headers=()).head(scheme="")
    known = request_facts(empty, known_method=False, known_version=False)

    assert known == nothing_known()


@pytest.mark.parametrize(
    "method", ["HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"]
)
def test_a_method_is_reported_if_it_is_a_known_one(method: str) -> None:
    assert reported(VALID.asked(method=method)).method == method


@pytest.mark.parametrize("method", ["get", "SECRET", "", "GET "])
def test_any_other_method_is_reported_as_another(method: str) -> None:
    assert reported(VALID.asked(method=method)).method == "_OTHER"


def test_a_version_is_reported_if_it_is_one() -> None:
    assert reported(VALID.asked(version="1.0")).http_version == "1.0"
    assert reported(VALID.asked(version="1.1\n")).http_version is None
    assert reported(VALID.asked(version="1" * 99)).http_version is None


@pytest.mark.parametrize("scheme", ["http", "https", "ws", "wss"])
def test_a_scheme_is_reported_if_it_is_one(scheme: str) -> None:
    assert request_facts(VALID.head(scheme=scheme)).scheme == scheme
    assert request_facts(VALID.head(scheme=scheme + "secret\n")).scheme is None


@pytest.mark.parametrize(
    ("host", "address"),
    [
        (b"EXAMPLE.com:8000", "example.com"),
        (b"[::1]:8000", "[::1]"),
        (b"user:secret@example.com", None),
        (b"user%3Asecret%40example.com", None),
        (b"session=secret;a=b", None),
        (b"example.com Cookie: session=secret", None),
        (b"a/b?secret", None),
        (b"", None),
    ],
)
def test_a_host_is_reported_without_its_port_if_it_is_one(
    host: bytes, address: str | None
) -> None:
    assert reported(VALID.but(b"host", host)).server_address == address


def test_of_two_hosts_or_none_no_address_is_reported() -> None:
    assert reported(VALID.without(b"host")).server_address is None
    assert reported(VALID.plus(b"host", b"other.example")).server_address is None


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        (b"https://example.com:8443", "https://example.com:8443"),
        (b" https://example.com\t", "https://example.com"),
        (b"null", "null"),
        (b"https://user:secret@example.com", None),
        (b"https://user%3Asecret%40example.com", None),
        (b"https://session=secret", None),
        (b"https://example.com Cookie: session=secret", None),
        (b"https://example.com/?secret", "https://example.com/..."),
        (b"https://example.com/", "https://example.com/"),
        (b"https://user:secret@example.com/", None),
        (b"wss://192.0.2.10:5000", "wss://192.0.2.10:5000"),
        (b"example.com:8000", None),
        (b"localhost:8000", "localhost:8000"),
        (b"localhost:secret", None),
        (b"localhost", None),
        (b"file://", "file://"),
        (b"app://.", "app://."),
        (b"secret", None),
        (b"", None),
    ],
)
def test_an_origin_is_reported_if_it_is_one(
    origin: bytes, expected: str | None
) -> None:
    assert reported(VALID.plus(b"origin", origin)).origin == expected


def test_of_two_origins_none_is_reported() -> None:
    assert (
        reported(VALID.plus(b"origin", b"null").plus(b"origin", b"null")).origin is None
    )


def test_a_user_agent_is_reported_as_printable_text_of_256_characters() -> None:
    assert reported().user_agent is None
    assert reported(VALID.plus(b"user-agent", b"caf\xe9\x1b[31m")).user_agent == (
        r"caf\xe9\x1b[31m"
    )
    assert (
        reported(VALID.plus(b"user-agent", b"a" * 300)).user_agent == "a" * 253 + "..."
    )
    twice = VALID.plus(b"user-agent", b"a").plus(b"User-Agent", b"b")
    assert reported(twice).user_agent == "a, b"


def test_a_user_agent_is_reported_without_lines_that_were_folded_into_it() -> None:
    folded = b"curl/8.5 Cookie: session=secret; Authorization: Bearer secret"

    assert reported(VALID.plus(b"user-agent", folded)).user_agent == "curl/8.5"
    assert reported(VALID.plus(b"user-agent", b"Cookie: a=secret")).user_agent is None
    assert reported(VALID.plus(b"user-agent", b"")).user_agent is None


def test_a_clients_address_is_shown_if_it_is_one() -> None:
    for address, expected in {
        "::1": "::1",
        "::1\n": None,
        "user:secret@h": None,
    }.items():
        known = request_facts(VALID.head(), client_address=address)
        assert known.client_address == expected


def test_a_path_is_reported_if_the_target_has_one() -> None:
    for target, expected in {
        "/ws?token=secret": "/ws",
        "user:secret@h:9443/ws": "/ws",
        "session=secret": None,
        "h:443": None,
        "": None,
    }.items():
        assert request_facts(VALID.head(), path=target).path == expected


def test_of_key_and_offers_only_the_length_and_the_number_are_reported() -> None:
    offer = (
        VALID.but(b"sec-websocket-key", b"secret")
        .plus(b"sec-websocket-protocol", b"secret, b")
        .plus(b"sec-websocket-protocol", b"c")
        .plus(b"sec-websocket-extensions", b"secret; a, b")
    )
    known = reported(offer)

    assert known.key_length == 6
    assert (known.subprotocol_count, known.extension_count) == (3, 2)
    assert reported(VALID.without(b"sec-websocket-key")).key_length is None


def test_no_secret_is_in_what_is_reported() -> None:
    secret = (
        VALID.plus(b"cookie", b"secret")
        .plus(b"authorization", b"secret")
        .plus(b"sec-websocket-protocol", b"secret")
        .but(b"sec-websocket-key", b"secret")
        .asked(target=b"/ws?secret", method="SECRET")
    )

    assert "secret" not in repr(reported(secret)).lower()


def test_an_exception_is_located_and_its_message_left_out() -> None:
    def failing() -> None:
        int("canary")

    with pytest.raises(ValueError, match="canary") as caught:
        failing()
    assert re.fullmatch(r"ValueError in test_record\.py:[0-9]+", located(caught.value))
    assert located(OverflowError("canary")) == "OverflowError"
