from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.handshakes import KEY, VALID
from ws_handshake import judge
from ws_handshake.cli.pasted.objects import OF_API_GATEWAY, read_printed
from ws_handshake.cli.pasted.request import NO_REQUEST_LINE, SENT_ANYWAY, PastedRequest

FIELDS = {name.decode(): value.decode() for name, value in VALID.headers}
PAIRS = [[name, value] for name, value in FIELDS.items()]
NAMED = [{"name": name, "value": value} for name, value in FIELDS.items()]
TURNS = [word for pair in PAIRS for word in pair]
LINES = [f"{name}: {value}" for name, value in FIELDS.items()]
MANY = {name: [value] for name, value in FIELDS.items()}


def only(value: object) -> tuple[str, PastedRequest]:
    text = value if isinstance(value, str) else json.dumps(value)
    printed = read_printed(text.encode())
    assert printed is not None
    (request,) = printed.requests
    return printed.kind, request


@pytest.mark.parametrize(
    "headers", [FIELDS, PAIRS, NAMED, TURNS, LINES, MANY, {**FIELDS, "x": None}]
)
def test_headers_are_read_in_whichever_way_they_are_held(headers: object) -> None:
    for value in (headers, {"outer": [headers]}):
        kind, pasted = only(value)
        assert kind == "a header object"
        assert pasted.notes == (NO_REQUEST_LINE,)
        assert set(pasted.request.headers) == set(VALID.headers)
    kind, pasted = only({"headers": headers, "url": "/ws", "method": "GET"})
    assert kind == "an object with headers"
    assert judge(pasted.request).accepted
    assert pasted.notes == ()


def test_a_header_object_without_host_is_not_blamed_for_it() -> None:
    without = {name: value for name, value in FIELDS.items() if name != "host"}
    _, pasted = only(without)
    assert pasted.absent() == {b"host"}
    assert judge(pasted.completed()).accepted


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_an_asgi_scope_is_read(kind: str) -> None:
    headers = [(name, value) for name, value in VALID.headers if name != b"upgrade"]
    scope = {
        "type": kind,
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "path": "/ws",
        "raw_path": b"/ws",
        "query_string": b"token=a",
        "headers": headers,
        "client": ("127.0.0.1", 5),
    }
    read_as, pasted = only(repr(scope))
    assert read_as == "an ASGI scope"
    assert pasted.request.target == b"/ws?token=a"
    codes = () if kind == "websocket" else ("upgrade_missing",)
    assert judge(pasted.request).codes == codes


def test_a_wsgi_environ_is_read() -> None:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/ws/",
        "QUERY_STRING": "",
        "SERVER_PROTOCOL": "HTTP/1.0",
        "HTTP_UPGRADE": "",
        "HTTP_CONNECTION": "Upgrade",
        "HTTP_HOST": "a",
        "HTTP_SEC_WEBSOCKET_KEY": KEY.decode(),
        "HTTP_SEC_WEBSOCKET_VERSION": "13",
        "wsgi.version": (1, 0),
    }
    kind, pasted = only(repr(environ))
    assert kind == "a WSGI environ"
    assert pasted.request.target == b"/ws/"
    assert judge(pasted.request).codes == ("http_version_too_old", "upgrade_missing")


def test_an_entry_of_a_har_file_is_read_with_its_status() -> None:
    request = {
        "method": "GET",
        "url": "wss://a/ws?x",
        "httpVersion": "HTTP/1.1",
        "headers": NAMED,
    }
    entry = {
        "startedDateTime": "2026",
        "request": request,
        "response": {"status": 404, "headers": NAMED},
    }
    kind, pasted = only(entry)
    assert (kind, pasted.server_status) == ("an entry of a HAR file", 404)
    assert (pasted.request.target, pasted.request.scheme) == (b"/ws?x", "wss")
    del entry["startedDateTime"]
    entry["response"] = {"status": 0}
    kind, pasted = only(entry)
    assert (kind, pasted.server_status) == ("an object with headers", None)


def test_the_log_of_caddy_is_read() -> None:
    headers = {name: value for name, value in MANY.items() if name != "host"}
    inner = {"proto": "HTTP/2.0", "method": "GET", "host": "a.example", "uri": "/ws"}
    _, pasted = only({"request": {**inner, "headers": headers}, "status": 502})
    assert pasted.server_status == 502
    assert pasted.request.http_version == "2"
    assert pasted.request.headers[0] == (b"host", b"a.example")


def test_an_extended_connect_is_read() -> None:
    pseudo = {":method": "CONNECT", ":protocol": "websocket", ":path": "/ws"}
    fields = {"sec-websocket-version": "13", "host": "a"}
    _, pasted = only({"headers": {**pseudo, **fields}, "http_version": "2"})
    assert pasted.bridged
    assert judge(pasted.request).accepted


def test_of_the_response_no_header_is_taken() -> None:
    response = {"headers": {**FIELDS, "x": "y"}, "status": 101}
    assert read_printed(json.dumps({"response": response}).encode()) is None
    assert read_printed(json.dumps(response).encode()) is None
    assert read_printed(json.dumps({**FIELDS, "server": "nginx"}).encode()) is None


@pytest.mark.parametrize(
    "value",
    [
        {"event": "websocket.handshake.rejected"},
        {"connection": "close", "content-length": "5"},
        {"request": {"url": "/"}},
        {"headers": [1, 2]},
        {"headers": "upgrade"},
        [],
        "Upgrade: websocket",
    ],
)
def test_what_has_no_request_in_it_is_none(value: object) -> None:
    assert read_printed(json.dumps(value).encode()) is None


def test_all_requests_of_several_values_are_read() -> None:
    text = "\n".join([repr(FIELDS), "and then", repr(FIELDS)])
    printed = read_printed(text.encode())
    assert printed is not None
    assert len(printed.requests) == 2


def test_a_net_export_log_is_read() -> None:
    params = {"line": "GET /ws HTTP/1.1\r\n", "headers": LINES}
    kind, pasted = only({"events": [{"params": params, "source": {"id": 1}}]})
    assert kind == "a net-export log"
    assert judge(pasted.request).accepted


def test_an_event_of_api_gateway_lacks_what_it_took() -> None:
    text = (
        b'{"headers": {"Host": "a", "Sec-WebSocket-Key": "b"}, '
        b'"requestContext": {"eventType": "CONNECT"}}'
    )
    printed = read_printed(text)
    assert printed is not None
    (pasted,) = printed.requests
    assert pasted.notes[0] == OF_API_GATEWAY
    assert pasted.left_out == SENT_ANYWAY
