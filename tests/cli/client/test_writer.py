"""Who responds by itself: its marks, and its fixes."""

from __future__ import annotations

import pytest

from ws_handshake.cli.client.response import Response
from ws_handshake.cli.client.writer import OTHERS, Mark, Writer, each, pages

RESPONSE = Response("1.1", 404, b"", ((b"Server", b"Some/1"), (b"X-A", b"1")), b"Gone")

MARKS = [
    (Mark(field=b"x-a"), True),
    (Mark(field=b"x-b"), False),
    (Mark(server=b"some"), True),
    (Mark(server=b"other"), False),
    (Mark(body=b"gone"), True),
    (Mark(body=b"here"), False),
    (Mark(server=b"some", without=b"x-a"), False),
    (Mark(server=b"some", without=b"x-b"), True),
    (Mark(empty=True), False),
    (Mark(status=404), True),
    (Mark(status=403), False),
    (Mark(field=b"x-a", body=b"here"), False),
]


@pytest.mark.parametrize(("mark", "stands"), MARKS)
def test_all_of_a_mark_must_hold(mark: Mark, *, stands: bool) -> None:
    assert mark.stands_in(RESPONSE) is stands


def test_every_server_must_be_it() -> None:
    headers = ((b"Server", b"Some/1"), (b"Server", b"uvicorn"))
    passed_on = Response("1.1", 404, headers=headers)

    assert not Mark(server=b"some").stands_in(passed_on)
    assert not Mark(server=b"some").stands_in(Response("1.1", 404))


def test_a_writer_has_a_fix_for_a_status_or_for_all_others() -> None:
    fixes = {**each((502, 503), "Start it."), OTHERS: "Read its log."}
    writer = Writer(name="Some", marks=pages(b"gone", server=b"some"), fixes=fixes)

    assert writer.wrote(RESPONSE)
    assert not writer.wrote(Response("1.1", 404, body=b"gone"))
    assert [writer.fix(status) for status in (502, 503, 404)] == [
        *("Start it.", "Start it.", "Read its log."),
    ]
    assert writer.place == "in front of the server"
