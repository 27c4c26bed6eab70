"""What is shown has the form of such a value; of all else there is a length."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.stopwatch import is_linear
from ws_handshake.core.redaction import (
    address_only,
    agent_only,
    host_only,
    method_only,
    numbers_only,
    tokens_only,
    version_only,
)


@pytest.mark.parametrize(
    "method",
    [
        *("GET", "POST", "get", "Get", "GETT", "QUERY", "PRI", "X", "PROPFIND"),
        *("UPDATEREDIRECTREF", "A" * 20),
    ],
)
def test_a_method_is_at_most_20_letters(method: str) -> None:
    assert method_only(method) == method


@pytest.mark.parametrize(
    "method",
    [
        *("", "G T", "GET\t/ws?token=a", "GET\xa0/ws", "/ws?token=a", "Cookie:", "A1"),
        *("A" * 21, "user=anna&password=aGET", "G\xcbT", "GET\n", "\uff27ET", "M-A"),
    ],
)
def test_what_is_no_method_is_not_shown_as_one(method: str) -> None:
    assert method_only(method) is None


@pytest.mark.parametrize("method", ["aGET", "hunterGET", "passwordPOST", "GETGET"])
def test_what_ends_in_a_method_has_the_rest_of_a_body_in_front(method: str) -> None:
    assert method_only(method) is None


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([b"websocket"], "websocket"),
        ([b"h2c"], "h2c"),
        ([b"TLS/1.0"], "TLS/1.0"),
        ([b"websocket/13, HTTP/2.0"], "websocket/13, HTTP/2.0"),
        ([b"keep-alive", b"Upgrade"], "keep-alive, Upgrade"),
        ([b"HTTP2-Settings,Proxy-Connection"], "HTTP2-Settings,Proxy-Connection"),
        ([b",, close\t,"], r",, close\t,"),
        ([b"$http_upgrade"], "$http_upgrade"),
        ([b"a" * 16], "a" * 16),
        ([b"abcdef, " * 8], "abcdef, " * 8),
        ([b"a," + b"\t" * 62], "a," + r"\t" * 29 + "\\..."),
    ],
)
def test_upgrade_and_connection_are_lists_of_short_tokens(
    values: list[bytes], expected: str
) -> None:
    assert tokens_only(values) == expected


@pytest.mark.parametrize(
    "values",
    [
        *([b""], [b","], [b"", b""], [b"websocket Cookie: session=a"], [b"a b"]),
        *([b"keep-alive Upgrade"], [b'"upgrade"'], [b"websocket; q=1"], [b"a=b"]),
        *([b"websocket\xa0"], [b"Upgrade\r\n x"], [b"user@example"], [b"a:b"]),
        *([b"a" * 17], [b"upgrade", b"a" * 17], [b"abcdefgh/abcdefgh"]),
        *([b"a,", b"abcdef, " * 8], [b"a" * 99 + b", b"], [b"," * 99 + b"a"]),
        *([b"dGhlIHNhbXBsZSBub25jZQ=="], [b"0123456789abcdef0123456789abcdef"]),
    ],
)
def test_what_is_no_list_of_short_tokens_is_not_shown(values: list[bytes]) -> None:
    assert tokens_only(values) is None


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([b"13"], "13"),
        ([b"8"], "8"),
        ([b"256"], "256"),
        ([b"013"], "013"),
        ([b"13, 8"], "13, 8"),
        ([b"13", b"13"], "13, 13"),
        ([b"13", b""], "13, "),
        ([b"1," + b"\t" * 62], "1," + r"\t" * 29 + "\\..."),
    ],
)
def test_versions_are_numbers_of_at_most_three_digits(
    values: list[bytes], expected: str
) -> None:
    assert numbers_only(values) == expected


@pytest.mark.parametrize(
    "values",
    [
        *([b""], [b","], [b"1234"], [b"-13"], [b"13.0"], [b"13 8"], [b"v13"], [b"1_3"]),
        *(
            [b"13 Authorization: Basic YTpi"],
            [b"\xd9\xa1\xd9\xa3"],
            [b"13", b"a"],
            [b"1," * 33],
        ),
    ],
)
def test_what_is_no_number_is_not_shown_as_a_version(values: list[bytes]) -> None:
    assert numbers_only(values) is None


@pytest.mark.parametrize("version", ["1.1", "1.0", "2", "3", "0.9", "0.99"])
def test_a_version_of_http_is_digits_with_a_dot_or_without(version: str) -> None:
    assert version_only(version) == version


@pytest.mark.parametrize("version", ["", "1.1\n", "1" * 9, "2 a", "x", "1.", "\u0661"])
def test_what_is_no_version_of_http_is_not_shown(version: str) -> None:
    assert version_only(version) is None


@pytest.mark.parametrize("host", [b"example.com", b"a_b-c.example.", b"[::1]", b"1.2"])
def test_a_host_is_shown_if_it_is_a_plain_name_or_an_address(host: bytes) -> None:
    assert host_only(host) == host.decode()


@pytest.mark.parametrize(
    "host",
    [
        *(b"user%3Apw%40example.com", b"session=abc;a=b", b"a,b", b"%41.example", b""),
        *(b"u@h", b"[v1.x]", b"a" * 300, b"a\n", b"[::1"),
    ],
)
def test_other_valid_hosts_are_not_shown(host: bytes) -> None:
    assert host_only(host) is None


@pytest.mark.parametrize(
    "address",
    [
        *("203.0.113.9", "203.0.113.9:51544", "::1", "[2001:db8::1]:80", "testclient"),
        *("fe80::1%eth0", "unknown"),
    ],
)
def test_a_clients_address_is_shown_if_it_is_one(address: str) -> None:
    assert address_only(address) == address


@pytest.mark.parametrize(
    "address",
    [
        *("", "::1\n", "user:secret@host", "deadbeef01234567", "session=1.2.3.4"),
        *("for=203.0.113.9", "1.2.3.4, 5.6.7.8", "a" * 11, "1:" * 30),
    ],
)
def test_what_a_trusted_proxy_passed_on_is_not_shown_unless_it_is_an_address(
    address: str,
) -> None:
    assert address_only(address) is None


FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:156.0) Gecko/20100101 Firefox/156.0"
AGENTS = [
    FIREFOX,
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0",
    "curl/8.5",
    "Dart/3.5 (dart:io)",
    "MyApp/1.0 (com.acme.MyApp; build:1; iOS 18.0) Alamofire/5.9",
    "Amazon-Route53-Health-Check-Service (ref 1; report http://amzn.to/1vsZADi)",
    "Bot http://bot.example/?a=b",
    "Mozilla/5.0 [FBAN/FBIOS;FBDV/iPhone11,8]",
]


@pytest.mark.parametrize("agent", AGENTS)
def test_a_user_agent_is_shown_as_it_is(agent: str) -> None:
    assert agent_only(agent) == agent


@pytest.mark.parametrize("agent", AGENTS)
@pytest.mark.parametrize(
    "line",
    [
        *("Cookie: session=secret", "authorization:Bearer secret", "X-Key : secret"),
        *("Cookie:\tsecret", "Referer: https://example.com/?token=secret"),
    ],
)
@pytest.mark.parametrize("fold", [" ", "  ", "\t", "\r\n ", "\n\t"])
def test_a_line_that_was_folded_into_a_user_agent_is_not_shown(
    agent: str, line: str, fold: str
) -> None:
    assert agent_only(agent + fold + line) == agent


@pytest.mark.parametrize("line", ["Cookie: session=secret", "Cookie:secret (a)"])
def test_a_line_that_was_folded_into_an_empty_user_agent_is_all_there_is(
    line: str,
) -> None:
    assert agent_only(line) is None


def test_nothing_is_shown_after_the_end_of_a_line() -> None:
    assert agent_only("curl/8.5\r\n secret") == "curl/8.5"
    assert agent_only("curl/8.5\n\tsecret") == "curl/8.5"


def test_a_long_user_agent_is_cut() -> None:
    assert agent_only("a" * 256) == "a" * 256
    assert agent_only("a" * 257) == "a" * 253 + "..."


@given(st.text("ab(:\r\n/ \t", max_size=60))
def test_what_is_shown_of_a_user_agent_is_its_beginning(
    text: str,
) -> None:
    shown = agent_only(text)

    assert shown is None or text.startswith(shown.replace("\\t", "\t"))


@pytest.mark.parametrize("unit", ["(", "(a", "a ", "a:", " ", "a", "\t(", ") :"])
def test_the_cost_of_a_user_agent_is_linear_in_its_length(unit: str) -> None:
    small, large = (
        partial(agent_only, "/" + (unit * size)[:size]) for size in (8192, 131072)
    )

    assert is_linear(small, large, times=30)


@pytest.mark.parametrize("unit", [b"a", b",", b"a,", b" ", b"a/", b"/", b"\t,"])
def test_the_cost_of_a_list_is_linear_in_its_length(unit: bytes) -> None:
    small, large = (
        partial(tokens_only, [(unit * size)[:size]]) for size in (8192, 131072)
    )

    assert is_linear(small, large, times=30)
