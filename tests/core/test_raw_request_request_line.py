"""What is no request line: nothing of it is taken for a method or a target."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.handshakes import VALID
from ws_handshake.core import flaws
from ws_handshake.core.raw_request import read_head

if TYPE_CHECKING:
    from ws_handshake.core.flaws import Flaw

SECRET = b"S3CR3T"
HEAD = VALID.wire()


@pytest.mark.parametrize(
    "before",
    [
        b"user=anna&password=S3CR3T",
        b"user=anna password=S3CR3T",
        b"hello /S3CR3T ",
        b"S3CR3T /S3CR3T ",
        b'{"password": "S3CR3T"}',
        b"Cookie: session=S3CR3T\r\n",
        b"Cookie: /S3CR3T\r\n",
        b"Authorization: Bearer S3CR3T\r\n",
        b"/ws?token=S3CR3T HTTP/1.1\r\n",
        b"GET\t/ws?token=S3CR3T\tHTTP/1.1\r\n",
        b"GET\xa0/ws?token=S3CR3T HTTP/1.1\r\n",
        b" GET /ws?token=S3CR3T HTTP/1.1\r\n",
        b"\x00S3CR3T\r\n",
    ],
)
def test_what_stands_before_a_head_is_neither_method_nor_target(before: bytes) -> None:
    found = read_head(before + HEAD)

    assert (found.head.method, found.head.target) == ("", b"")
    assert found.flaw == flaws.REQUEST_LINE
    assert found.head.is_attempt()


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from([b" ", b"\t", b":", b"/", b"=", b"\xa0", b"a", b"?", SECRET]),
        max_size=8,
    ).map(b"".join)
)
def test_only_a_token_before_a_whole_request_line_is_read_as_a_method(
    before: bytes,
) -> None:
    found = read_head(before + HEAD)

    assert found.head.target in {b"/ws", b""}
    if found.flaw is None:
        assert found.head.method.encode("latin-1") == before + b"GET"
    else:
        assert (found.head.method, found.head.target) == ("", b"")


@pytest.mark.parametrize(
    ("line", "flaw"),
    [
        (b"GET /a b HTTP/1.1", flaws.SPACE_IN_TARGET),
        (b"GET /a b c HTTP/1.1", flaws.SPACE_IN_TARGET),
        (b"GET /a", flaws.LINE_WITHOUT_VERSION),
        (b"GET /a HTTP/one", flaws.REQUEST_LINE),
        (b"GET /a HTTP/1.1 ", flaws.LINE_SPACES),
        (b"GET /a  HTTP/1.1", flaws.LINE_SPACES),
    ],
)
def test_the_target_is_read_after_a_method_that_http_knows(
    line: bytes, flaw: Flaw
) -> None:
    found = read_head(line + b"\r\n\r\n")

    assert (found.head.method, found.head.target) == ("GET", b"/a")
    assert found.flaw == flaw


@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
@pytest.mark.parametrize(
    "line",
    [
        b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2",
        b"PROXY TCP6 ffff:f...f:ffff ffff:f...f:ffff 65535 65535",
        b"PROXY UNKNOWN",
        b"PROXY UNKNOWN ffff::1 ffff::2 65535 65535",
    ],
)
def test_a_proxy_protocol_line_is_named_and_the_request_after_it_is_read(
    line: bytes, end: bytes
) -> None:
    found = read_head(line + end + HEAD)

    assert found.head == read_head(HEAD).head
    assert found.flaw == flaws.PROXY_LINE


@pytest.mark.parametrize(
    "block",
    [
        b"\x21\x11\x00\x0c" + bytes(12),
        b"\x20\x00\x00\x00",
        b"\x21\x21\x00\x24" + b"\r\n" * 18,
        b"\x21\x31\x00\xd8" + b"\n" * 216,
    ],
)
def test_a_proxy_protocol_header_is_named_and_the_request_after_it_is_read(
    block: bytes,
) -> None:
    found = read_head(b"\r\n\r\n\x00\r\nQUIT\n" + block + HEAD)

    assert found.head == read_head(HEAD).head
    assert found.flaw == flaws.PROXY_HEADER


@pytest.mark.parametrize("cut", range(12, 28))
def test_a_proxy_protocol_header_that_is_cut_has_no_request_after_it(cut: int) -> None:
    whole = b"\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c" + bytes(12)
    found = read_head(whole[:cut])

    assert (found.head.method, found.head.target, found.complete) == ("", b"", False)


def test_the_flaw_of_a_proxy_stands_before_all_others() -> None:
    found = read_head(b"PROXY UNKNOWN\r\nGET\t/ws\r\na b: c\r\n\r\n")

    assert found.flaw == flaws.PROXY_LINE


@pytest.mark.parametrize(
    "line", [b"PROXY /ws HTTP/1.1", b"PROXY TCP5 a", b"proxy TCP4 a", b"PROXY TCP4 "]
)
def test_what_only_begins_like_the_proxy_protocol_is_a_request_line(
    line: bytes,
) -> None:
    long = b"a" * 100 if line.endswith(b" ") else b""
    found = read_head(line + long + b"\r\n" + HEAD)

    assert found.flaw not in {flaws.PROXY_LINE, flaws.PROXY_HEADER}


def test_a_line_that_continues_what_no_rule_looks_at_is_left_out() -> None:
    lines = (
        b"User-Agent: curl/8.5\r\n Cookie: S3CR3T\r\n\tS3CR3T\r\nUpgrade: a,\r\n b\r\n"
    )
    found = read_head(b"GET / HTTP/1.1\r\n" + lines + b"\r\n")

    assert found.head.headers == [(b"user-agent", b"curl/8.5"), (b"upgrade", b"a, b")]
    assert found.flaw == flaws.CONTINUED_LINE


def test_of_a_head_that_is_waited_for_the_last_line_is_left_out() -> None:
    data = b"PROXY UNKNOWN\r\nGET / HTTP/1.1\r\nHost: a\r\nUpgra"
    found = read_head(data, waits=True)

    assert found.head.headers == [(b"host", b"a")]
    assert read_head(HEAD, waits=True) == read_head(HEAD)
