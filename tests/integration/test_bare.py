"""What uvicorn makes of the corpus without us is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.bare import SERVERS, main
from tests.support.corpus_case import Case
from tests.support.handshakes import VALID

if TYPE_CHECKING:
    import pytest

_PLAIN = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
_CASES = [
    Case("wrongly accepted", VALID.asked(version="1.0").wire(), ("a",), "RFC 6455"),
    Case("wrongly rejected", VALID.plus(b"upgrade", b"h2c").wire(), "accepted", ""),
    Case("without a reason", VALID.without(b"upgrade").wire(), ("a",), "RFC 6455"),
    Case("without a reason", VALID.without(b"host").wire(), ("host_missing",), ""),
    Case("valid", VALID.wire(), "accepted", "RFC 6455"),
    Case("plain", _PLAIN, "app", "RFC 9110"),
    Case("of a policy", VALID.wire(), ("origin_missing",), "RFC 6455"),
]
_ENDLESS = Case("no response", VALID.wire()[:-2], ("a",), "RFC 6455")


def test_every_error_of_a_bare_server_is_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    name = "bare, h11, wsproto"
    main([*_CASES, _ENDLESS], {name: SERVERS[name]})
    title, heading, row = capsys.readouterr().out.splitlines()
    assert title == "7 cases"
    assert heading.split() == [
        *("wrongly", "accepted", "wrongly", "rejected"),
        *("no", "response", "rejected", "without", "a", "reason"),
    ]
    assert row.split() == [*("bare,", "h11,", "wsproto"), *("1", "1", "1", "2")]


def test_with_us_there_are_none(capsys: pytest.CaptureFixture[str]) -> None:
    name = "ours, httptools, sansio"
    main(_CASES, {name: SERVERS[name]})
    row = capsys.readouterr().out.splitlines()[-1]
    assert row.split()[3:] == ["0", "0", "0", "0"]
