"""Where the last message begins, in bytes that httptools has read."""

from __future__ import annotations

import httptools
import pytest

from tests.support.handshakes import VALID
from ws_handshake.core.raw_request import LIMIT
from ws_handshake.uvicorn.httptools_messages import last_head

PAGE = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
FORM = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 14\r\n\r\nGET / HTTP/1.1"
BROKEN = VALID.plus(b"x note", b"1").wire()


@pytest.mark.parametrize("before", [b"", PAGE, PAGE * 3, FORM, FORM + PAGE])
@pytest.mark.parametrize("last", [BROKEN, BROKEN[:40], PAGE])
def test_the_last_message_is_found_behind_those_before_it(
    before: bytes, last: bytes
) -> None:
    assert last_head(before + last) == last


def test_a_message_that_does_not_fit_into_what_is_kept_is_cut() -> None:
    assert last_head((PAGE + b"x" * LIMIT)[:LIMIT]) is None
    assert last_head((BROKEN + b"x" * LIMIT)[:LIMIT]) is not None


def test_it_is_found_by_an_httptools_without_leniencies(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Before063:
        def __init__(self, protocol: object) -> None:
            self.feed_data = parser(protocol).feed_data

    parser = httptools.HttpRequestParser
    monkeypatch.setattr(httptools, "HttpRequestParser", Before063)
    assert last_head(PAGE + BROKEN) == BROKEN
