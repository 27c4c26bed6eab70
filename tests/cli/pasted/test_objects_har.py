from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.handshakes import KEY
from ws_handshake import judge
from ws_handshake.cli.pasted.objects import WITHOUT_HEADERS, read_har
from ws_handshake.core import flaws

if TYPE_CHECKING:
    from ws_handshake.cli.pasted.request import PastedRequest

FIELDS = {
    "Host": "a",
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Key": KEY.decode(),
    "Sec-WebSocket-Version": "13",
}


def har(*requests: dict[str, Any], **entry: Any) -> bytes:
    entries = [{"request": request, **entry} for request in requests]
    return json.dumps({"log": {"entries": entries}}).encode()


def request(url: str = "wss://a/ws", **changes: Any) -> dict[str, Any]:
    fields = [{"name": name, "value": value} for name, value in FIELDS.items()]
    return {"method": "GET", "url": url, "headers": fields, **changes}


def only(data: bytes) -> PastedRequest:
    heads = read_har(data)
    assert heads is not None
    (head,) = heads
    return head


@pytest.mark.parametrize(
    ("spelt", "version"),
    [
        ("HTTP/1.1", "1.1"),
        ("http/1.0", "1.0"),
        ("h2", "2"),
        ("http/2.0", "2"),
        ("HTTP/3", "3"),
        ("h3", "3"),
        ("", "1.1"),
        ("unknown", "1.1"),
        (None, "1.1"),
        (1, "1.1"),
    ],
)
def test_browsers_spell_the_version_in_many_ways(spelt: object, version: str) -> None:
    assert only(har(request(httpVersion=spelt))).request.http_version == version


@pytest.mark.parametrize(
    ("entry", "taken"),
    [
        ({}, 0),
        ({"_resourceType": "websocket"}, 1),
        ({"_resourceType": "fetch"}, 0),
    ],
)
def test_an_entry_is_taken_if_the_browser_calls_it_a_websocket(
    entry: dict[str, str], taken: int
) -> None:
    plain = request("https://a/", headers=[])
    assert len(read_har(har(plain, **entry)) or ()) == taken


@pytest.mark.parametrize(
    ("url", "headers", "taken"),
    [
        ("ws://a/", [], 1),
        ("WSS://a/", [], 1),
        ("https://a/", [{"name": "Upgrade", "value": "websocket"}], 1),
        ("https://a/", [{"name": "Upgrade", "value": "h2c"}], 0),
        ("https://a/ws:", [], 0),
    ],
)
def test_an_entry_is_taken_if_address_or_headers_say_so(
    url: str, headers: list[dict[str, str]], taken: int
) -> None:
    assert len(read_har(har(request(url, headers=headers))) or ()) == taken


@pytest.mark.parametrize(
    ("response", "status"),
    [
        ({"status": 403}, 403),
        ({"status": 0}, None),
        ({"status": True}, None),
        ({"status": "403"}, None),
        ({}, None),
        (None, None),
    ],
)
def test_the_status_of_the_response_is_kept(
    response: object, status: int | None
) -> None:
    assert only(har(request(), response=response)).server_status == status


def test_pseudo_header_fields_are_those_of_http2() -> None:
    fields = {":method": "CONNECT", ":authority": "b", ":protocol": "websocket"}
    fields |= {"sec-websocket-version": "13"}
    headers = [{"name": name, "value": value} for name, value in fields.items()]
    pasted = only(har(request(headers=headers, httpVersion="h2")))

    assert pasted.bridged
    assert pasted.request.method == "CONNECT"
    assert pasted.request.headers[0] == (b"host", b"b")
    assert judge(pasted.request).accepted


def test_a_request_without_headers_is_not_blamed_for_them() -> None:
    pasted = only(har(request(headers=[])))
    assert pasted.notes == (WITHOUT_HEADERS,)
    assert judge(pasted.completed()).accepted


def test_a_missing_host_is_that_of_the_address() -> None:
    assert only(har(request(headers=[]))).request.headers == [(b"host", b"a")]
    assert only(har(request("wss://", headers=[]))).request.headers == []


def test_a_value_with_a_line_end_is_reported() -> None:
    headers = [{"name": "Upgrade", "value": " websocket\r\n\ud800"}]
    pasted = only(har(request(headers=headers)))
    assert pasted.flaw == flaws.CONTROL_CHARACTER


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b'{"log": []}',
        b'{"log": {"entries": {}}}',
        b'"log"',
        b"\xff{",
        b"[" * 100_000,
    ],
)
def test_what_is_no_har_file_is_none(data: bytes) -> None:
    assert read_har(data) is None


@pytest.mark.parametrize(
    "entries", [[None], [1], [{}], [{"request": []}], [{"request": {"headers": [1]}}]]
)
def test_odd_entries_are_passed_over(entries: list[object]) -> None:
    assert read_har(json.dumps({"log": {"entries": entries}}).encode()) == ()
