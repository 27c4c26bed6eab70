"""Method, version of HTTP, Host, body."""

from __future__ import annotations

import pytest

from tests.support.handshakes import VALID, Handshake, measured
from ws_handshake import judge


def found(handshake: Handshake) -> list[tuple[str, str | None]]:
    violations = judge(handshake.head()).violations
    return [measured(violation) for violation in violations]


@pytest.mark.parametrize(
    "method",
    [
        *("POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT"),
        *("get", "Get", "GETT", "QUERY", "PRI"),
    ],
)
def test_every_method_but_get_is_a_violation(method: str) -> None:
    assert found(VALID.asked(method=method)) == [("method_not_get", method)]


def test_a_method_in_other_letters_has_its_own_fix() -> None:
    def fix(method: str) -> str:
        (violation,) = judge(VALID.asked(method=method).head()).violations
        return violation.fix

    assert fix("Get") == fix("get") == "Write GET in capital letters."
    assert fix("POST") == "Send the handshake as a GET request."


def test_of_what_is_no_method_only_the_length_is_shown() -> None:
    def sent(method: str) -> list[tuple[str, str | None]]:
        return found(VALID.asked(method=method))

    assert sent("") == [("method_not_get", "0 characters")]
    assert sent("G\xcbT\n") == [("method_not_get", "4 characters")]
    assert sent("G" * 80) == [("method_not_get", "80 characters")]
    assert sent("user=anna&password=aGET") == [("method_not_get", "23 characters")]
    assert sent("/ws?token=a") == [("method_not_get", "11 characters")]
    assert sent("GET\t/ws?token=a\tHTTP/1.1") == [("method_not_get", "24 characters")]


@pytest.mark.parametrize("method", ["GET ", " GET", "GET\xa0", "aGET"])
def test_what_stands_beside_a_method_is_not_shown(method: str) -> None:
    length = f"{len(method)} characters"

    assert found(VALID.asked(method=method)) == [("method_not_get", length)]


@pytest.mark.parametrize("version", ["0.9", "1.0", "1", "0", "0.99"])
def test_a_version_below_1_1_is_too_old(version: str) -> None:
    assert found(VALID.asked(version=version)) == [
        ("http_version_too_old", f"HTTP/{version}")
    ]


def test_of_a_long_version_only_the_length_is_shown() -> None:
    assert found(VALID.asked(version="0." + "9" * 99)) == [
        ("http_version_too_old", "101 characters")
    ]


@pytest.mark.parametrize(
    "version", ["1.1", "1.2", "1.10", "4", "", "x", "01.0", "1.0 "]
)
def test_a_version_that_is_not_below_1_1_is_no_violation(version: str) -> None:
    assert found(VALID.asked(version=version)) == []


def test_a_host_that_is_empty_is_missing() -> None:
    assert found(VALID.without(b"host")) == [("host_missing", None)]
    assert found(VALID.but(b"host", b"")) == [("host_missing", "empty")]
    assert found(VALID.but(b"host", b" \t")) == [("host_missing", "empty")]


@pytest.mark.parametrize(
    "host",
    [
        *(b"example.com", b"example.com:8000", b"example.com:", b"EXAMPLE.COM"),
        b"a.b.",
        *(b"127.0.0.1", b"[::1]", b"[::1]:8000", b"[2001:db8::1]", b"[v1.fe:d]:80"),
        *(b"xn--bcher-kva.example", b"a_b.example", b"%41.example", b"a" * 255),
        *(b"example.com:0", b"example.com:65535", b" example.com\t"),
    ],
)
def test_a_host_is_a_name_or_an_address_with_a_port_or_without(host: bytes) -> None:
    assert found(VALID.but(b"host", host)) == []


@pytest.mark.parametrize(
    ("host", "length"),
    [
        (b"a/b?c=", "6 characters"),
        (b"user@example.com", "16 characters"),
        (b"user:secret@example.com", "23 characters"),
        (b"http://example.com", "18 characters"),
        (b"example.com:65536", "17 characters"),
        (b"example.com:port", "16 characters"),
        (b"a b", "3 characters"),
        (b"a, b", "4 characters"),
        (b"::1", "3 characters"),
        (b"[::1", "4 characters"),
        (b"[::1%25eth0]", "12 characters"),
        (b"b\xc3\xbccher.example", "15 characters"),
        (b"example.com\xa0", "12 characters"),
        (b"\x0bexample.com", "12 characters"),
        (b"/", "1 character"),
        (b"a" * 256, "256 characters"),
    ],
)
def test_any_other_host_is_malformed_and_only_its_length_is_shown(
    host: bytes, length: str
) -> None:
    assert found(VALID.but(b"host", host)) == [("host_malformed", length)]


def test_two_hosts_are_one_too_many_even_if_they_are_equal_or_broken() -> None:
    for host in (b"127.0.0.1", b"other.example", b"", b"a/b"):
        assert found(VALID.plus(b"host", host)) == [("host_duplicated", "2 lines")]


def test_a_comma_is_part_of_a_host() -> None:
    assert found(VALID.but(b"host", b"a,b")) == []


@pytest.mark.parametrize("length", [b"0", b"00", b" 0 "])
def test_a_body_of_no_bytes_is_none(length: bytes) -> None:
    assert found(VALID.plus(b"content-length", length)) == []
    twice = VALID.plus(b"content-length", length).plus(b"content-length", b"0")
    assert found(twice) == []


@pytest.mark.parametrize(
    "length",
    [b"5", b"1", b"", b"-0", b"+0", b"0x0", b"0, 0", b"0,5", b"00000001", b"x"],
)
def test_any_other_content_length_announces_a_body(length: bytes) -> None:
    expected = [("body_unexpected", "Content-Length other than 0")]

    assert found(VALID.plus(b"content-length", length)) == expected
    twice = VALID.plus(b"content-length", b"0").plus(b"content-length", length)
    assert found(twice) == expected


@pytest.mark.parametrize("coding", [b"chunked", b"identity", b"gzip", b""])
def test_a_transfer_coding_announces_a_body(coding: bytes) -> None:
    expected = [("body_unexpected", "Transfer-Encoding")]

    assert found(VALID.plus(b"transfer-encoding", coding)) == expected
    both = VALID.plus(b"content-length", b"5").plus(b"transfer-encoding", coding)
    assert found(both) == expected


@pytest.mark.parametrize("length", [b"X", b"X0", b"0X", b"0,", b"-0", b"1", b""])
def test_a_length_that_is_not_all_zeros_is_a_body(length: bytes) -> None:
    handshake = VALID.plus(b"content-length", length)

    assert judge(handshake.head()).codes == ("body_unexpected",)
