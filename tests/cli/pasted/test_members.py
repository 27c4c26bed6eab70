from __future__ import annotations

import pytest

from tests.support.handshakes import VALID
from ws_handshake import judge
from ws_handshake.cli.pasted.members import (
    as_bytes,
    fields_in_lines,
    fields_of,
    is_request,
    is_response,
    lowered,
    request_of,
    request_of_environ,
    status_of,
)
from ws_handshake.cli.pasted.request import NO_REQUEST_LINE

FIELDS = [(name.decode(), value.decode()) for name, value in VALID.headers]
ENVIRON = {
    f"http_{name.replace('-', '_')}": value
    for name, value in {**dict(FIELDS), "x-empty": ""}.items()
}


@pytest.mark.parametrize(
    "value",
    [
        dict(FIELDS),
        [list(field) for field in FIELDS],
        [{"name": name, "value": value} for name, value in FIELDS],
        [{"key": name.title(), "value": f" {value}"} for name, value in FIELDS],
        [f"{name}: {value}" for name, value in FIELDS],
        [word for field in FIELDS for word in field],
        {name: [value] for name, value in FIELDS},
        {**dict(FIELDS), "content-length": "", "x": None},
    ],
)
def test_fields_are_read_in_whichever_way_they_are_held(value: object) -> None:
    fields = fields_of(value)
    assert fields == list(VALID.headers)
    assert is_request(fields)


@pytest.mark.parametrize("value", [None, [], "a: b", [1, 2], ["a: b", 1]])
def test_what_holds_no_fields_has_none(value: object) -> None:
    assert fields_of(value) == []


def test_a_line_is_a_name_and_a_value() -> None:
    assert fields_in_lines(["Host:  a ", "B"]) == [(b"host", b"a"), (b"b", b"")]
    assert as_bytes(13) == b"13"
    assert as_bytes("\ud800") == b"\xed\xa0\x80"


def test_the_fields_of_a_response_are_no_request() -> None:
    fields = [(b"upgrade", b"websocket"), (b"sec-websocket-accept", b"a")]
    assert not is_request(fields)
    assert not is_request([(b"host", b"a")])
    assert is_request([(b"host", b"a"), (b"accept", b"b")])


def test_other_members_make_the_request_line() -> None:
    given = {"method": "POST", "url": ["ws://a.example/ws"], "query_string": "?b=c"}
    pasted = request_of({**given, "http_version": "http/1.0"}, fields_of({"x": "y"}))
    assert pasted.request.method == "POST"
    assert pasted.request.target == b"/ws?b=c"
    assert pasted.request.http_version == "1.0"
    assert pasted.request.headers == [(b"host", b"a.example"), (b"x", b"y")]
    assert pasted.notes == ()


@pytest.mark.parametrize(
    ("spelt", "version"),
    [("HTTP/1", "1.1"), ("h2", "2"), ("HTTP/3", "3"), ("1.0", "1.0"), ("no", "1.1")],
)
def test_the_version_is_spelt_in_many_ways(spelt: str, version: str) -> None:
    pasted = request_of({"proto": spelt, "url": ["a", "b"]}, [])
    assert pasted.request.http_version == version
    assert pasted.notes == (NO_REQUEST_LINE,)


def test_of_an_environ_the_variables_of_the_process_are_left_out() -> None:
    others = {"path": "/usr/bin", "url": "http://b/", "request_method": "GET"}
    pasted = request_of_environ({**ENVIRON, **others, "path_info": "/ws"})
    assert pasted is not None
    assert pasted.request.target == b"/ws"
    assert pasted.request.headers == list(VALID.headers)
    assert judge(pasted.request).accepted
    assert request_of_environ(others) is None


def test_a_response_has_a_status_and_no_method() -> None:
    assert status_of(lowered({"Response": {"status": 404}})) == 404
    assert status_of({"statusCode": 403}) == 403
    assert status_of({"status": 0}) is None
    assert is_response({"status": 404})
    assert not is_response({"status": 404, "method": "GET"})
    assert lowered([]) == {}


def test_a_few_variables_alone_are_no_environ() -> None:
    few = {name: value for name, value in ENVIRON.items() if name.startswith("http_")}
    assert request_of_environ({**few, "request_method": "GET"}) is None


def test_a_status_beside_a_request_may_be_text() -> None:
    assert status_of({"status": "502"}) == 502
    assert status_of({"response": {"status": "502"}}) is None
