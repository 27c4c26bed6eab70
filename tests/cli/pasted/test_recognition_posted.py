"""What people posted in public, each kind rewritten, and what must come out."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from ws_handshake.cli.explain.explained import explain
from ws_handshake.cli.pasted.recognition import (
    recognise,
    recognise_message,
    why_unrecognised,
)

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
VERSION = "Sec-WebSocket-Version: 13"
WHOLE = (
    "Host: a.example\nUpgrade: websocket\nConnection: Upgrade\n"
    f"Sec-WebSocket-Key: {KEY}\n{VERSION}"
)
PLAIN = f"Host: a.example\nConnection: close\nSec-WebSocket-Key: {KEY}\n{VERSION}"
LINE = "GET /ws HTTP/1.1\n"
STRIPPED = ("upgrade_missing", "connection_not_upgrade")


def columns(join: str, before: str = "", after: str = "") -> str:
    pairs = [line.split(": ") for line in PLAIN.split("\n")]
    return "\n".join(f"{before}{name}{join}{value}{after}" for name, value in pairs)


def in_turns(text: str) -> str:
    return text.replace(": ", ":\n")


def dumped(head: str) -> str:
    wire = head.replace("\n", "\r\n").encode() + b"\r\n\r\n"
    rows = (wire[at : at + 16] for at in range(0, len(wire), 16))
    return "\n".join(
        f"|{at * 16:08x}| {row.hex(' '):<47} |{'.' * len(row):<16}|"
        for at, row in enumerate(rows)
    )


class Right(NamedTuple):
    """What was posted, and what must be found in it."""

    text: str
    codes: tuple[str, ...] = STRIPPED
    target: str = "/ws"
    status: int | None = None


POSTED = {
    "websockets 8, a client": Right(
        "DEBUG:websockets.protocol:client > GET /ws HTTP/1.1\n"
        "DEBUG:websockets.protocol:client > Headers([('Host', 'a'), ('Connection', "
        f"'close'), ('Sec-WebSocket-Key', '{KEY}'), ('Sec-WebSocket-Version', '13')])\n"
        "DEBUG:websockets.protocol:client < HTTP/1.1 403\n"
        "DEBUG:websockets.protocol:client < Headers([('Connection', 'close')])",
        status=403,
    ),
    "JSON lines of a container": Right(
        "\n".join(
            f'{{"log": "DEBUG: < {line}"}}' for line in (LINE + PLAIN).split("\n")
        )
    ),
    "Jetty's debug log": Right(
        (LINE + PLAIN).replace("\n", "^M\n", 9).replace("^M", "", 1)
    ),
    "Node's header, joined": Right(
        "[_header]: '"
        + (LINE + PLAIN).replace("\n", "\\r\\n' +\n  '")
        + "\\r\\n' +\n  '\\r\\n',"
    ),
    "an Arduino without a path": Right(
        "[WS-Client][sendHeader] handshake GET  HTTP/1.1\n"
        f"{WHOLE}\n\n[WS-Client][handleHeader] RX: HTTP/1.1 400 Bad Request",
        ("head_malformed",),
        "",
        400,
    ),
    "an Arduino, cut off": Right(
        f"{WHOLE.partition(chr(10))[2]}\n\n[write] n: 269\n"
        "[WS-Client][handleHeader] RX: HTTP/1.1 426 No",
        (),
        "/",
        426,
    ),
    "Wireshark's cookies": Right(
        "    GET /ws HTTP/1.1\\r\\n\n    Host: a\\r\\n\n    Cookie: a=b\\r\\n\n"
        "        Cookie pair: a=b\n    Connection: close\\r\\n\n"
        f"    Sec-WebSocket-Key: {KEY}\\r\\n\n    {VERSION}\\r\\n"
    ),
    "Netty's wiretap": Right(dumped(LINE + PLAIN)),
    "a hex stream": Right((LINE + PLAIN).replace("\n", "\r\n").encode().hex()),
    "a string in C": Right(
        '"' + "".join(f"\\x{byte:02x}" for byte in (LINE + PLAIN).encode()) + '"'
    ),
    "Ktor": Right(
        "REQUEST: https://a.example/ws\nMETHOD: HttpMethod(value=GET)\nCOMMON HEADERS\n"
        f"-> Connection: close\n-> Sec-WebSocket-Key: {KEY}\n-> {VERSION}\n"
        "RESPONSE: 404 Not Found\nCOMMON HEADERS\n-> Connection: keep-alive",
        target="/",
        status=404,
    ),
    "Dio": Right(f"uri: https://a.example/ws\nmethod: GET\nheaders:\n {PLAIN}"),
    "Envoy in a log": Right(
        "\n".join(
            f"pod-1 istio-proxy {line}"
            for line in (
                "':method', 'GET'",
                "':path', '/ws'",
                "'host', 'a'",
                "'connection', 'close'",
                f"'sec-websocket-key', '{KEY}'",
                "'sec-websocket-version', '13'",
            )
        )
    ),
    "German": Right(
        "Allgemein\nAnfrage-URL:\nwss://a.example/ws\nStatuscode:\n403 Forbidden\n"
        f"Antwortheader\nConnection:\nclose\nAnfrageheader\n{in_turns(PLAIN)}",
        status=403,
    ),
    "Chinese, provisional": Right(
        "常规\n请求网址:\nwss://a.example/ws\n请求标头\n当前显示的是预配标头。\n"
        f"Sec-WebSocket-Key:\n{KEY}\nSec-WebSocket-Version:\n13",
        (),
    ),
    "a table in Markdown": Right(columns(" | ", "| ", " |"), target="/"),
    "a table with tabs": Right(columns("\t"), target="/"),
    "columns": Right(columns("     "), target="/"),
    ".NET": Right(columns(", ", "[", "]"), target="/"),
    "Dart": Right(
        f"{{connection: [close], host: [a], sec-websocket-key: [{KEY}], "
        "sec-websocket-version: [13]}",
        target="/",
    ),
    "Objective-C": Right(columns('" = "', '"', '";'), target="/"),
    "Java, a map": Right(
        f"{{host=a:80, connection=close, sec-websocket-key={KEY}, "
        "sec-websocket-version=13}",
        target="/",
    ),
    "Erlang": Right(
        '#{<<"connection">> => <<"close">>,<<"host">> => <<"a">>,'
        f'<<"sec-websocket-key">> => <<"{KEY}">>,<<"sec-websocket-version">> => '
        '<<"13">>}',
        target="/",
    ),
    "var_dump in PHP": Right(
        "\n".join(
            f'  ["{name}"]=>\n  string({len(value)}) "{value}"'
            for name, value in (line.split(": ") for line in PLAIN.split("\n"))
        ),
        target="/",
    ),
    "$_SERVER in PHP": Right(
        "Array\n(\n    [HTTP_HOST] => a\n    [HTTP_CONNECTION] => close\n"
        f"    [HTTP_SEC_WEBSOCKET_KEY] => {KEY}\n"
        "    [HTTP_SEC_WEBSOCKET_VERSION] => 13\n    [REQUEST_URI] => /ws\n)"
    ),
    "Plug in Elixir": Right(
        '%Plug.Conn{host: "a", method: "GET", req_headers: [{"connection", "close"}, '
        f'{{"sec-websocket-key", "{KEY}"}}, {{"sec-websocket-version", "13"}}], '
        'request_path: "/ws"}'
    ),
    "API Gateway": Right(
        f'{{"headers": {{"Host": "a", "Sec-WebSocket-Key": "{KEY}", '
        '"Sec-WebSocket-Version": "13"}, "requestContext": {"eventType": "CONNECT"}}',
        (),
        "/",
    ),
    "lines left out": Right(f"{LINE}Host: a\n...\nUpgrade: websocket\n{VERSION}", ()),
    "fields left out": Right(f"Upgrade: websocket\n[...]\n{VERSION}", (), "/"),
    "values replaced": Right(LINE + WHOLE.replace(KEY, "<redacted>"), ()),
    "curl -i": Right(
        "user@host:~$ curl -i -H 'Connection: Upgrade' -H 'Upgrade: websocket' "
        f"-H '{VERSION}' http://a/ws\nHTTP/1.1 400 Bad Request\nServer: nginx",
        ("key_missing",),
        status=400,
    ),
    "all as cURL": Right(
        "curl 'https://a/' -H 'Accept: */*' ;\ncurl 'wss://a/ws' "
        "-H 'Connection: close'",
        ("connection_not_upgrade",),
    ),
    "Koa": Right(
        '{"request": {"method": "GET", "url": "/ws", "header": {"host": "a", '
        f'"connection": "close", "sec-websocket-key": "{KEY}", '
        '"sec-websocket-version": "13"}}, "response": {"status": 404}}',
        status=404,
    ),
    "Pino": Right(
        '{"req": {"method": "GET", "url": "/ws", "headers": {"host": "a", '
        f'"connection": "close", "sec-websocket-key": "{KEY}", '
        '"sec-websocket-version": "13"}}, "res": {"statusCode": 400}}',
        status=400,
    ),
    "Traefik": Right(
        'level=debug msg="begin" Request="{\\"Method\\":\\"GET\\",\\"Header\\":'
        '{\\"Connection\\":[\\"close\\"],\\"Sec-Websocket-Key\\":[\\"'
        + KEY
        + '\\"],\\"Sec-Websocket-Version\\":[\\"13\\"]},\\"Host\\":\\"a\\",'
        '\\"RequestURI\\":\\"/ws\\"}"'
    ),
    "Django's page": Right(
        "HTTP_HOST\t'a'\nHTTP_CONNECTION\t'close'\nPATH_INFO\t'/ws'\n"
        f"HTTP_SEC_WEBSOCKET_KEY\t'{KEY}'\nHTTP_SEC_WEBSOCKET_VERSION\t'13'"
    ),
    "Varnish": Right(
        "\n".join(f"-   ReqHeader      {line}" for line in WHOLE.split("\n"))
        + "\n-   RespStatus     400\n-   RespHeader     Connection: close",
        (),
        "/",
        400,
    ),
    "two titles": Right(
        f"Request:\n{PLAIN}\n\nResponse:\nHTTP/1.1 404 Not Found\nConnection: close",
        target="/",
        status=404,
    ),
    "an error of Caddy": Right(
        'ERROR http.log.error dial tcp: connection refused {"request": {"method": '
        '"GET", "host": "a", "uri": "/ws", "headers": {"Connection": ["Upgrade"], '
        f'"Upgrade": ["websocket"], "Sec-Websocket-Key": ["{KEY}"], '
        '"Sec-Websocket-Version": ["13"]}}, "status": 502}',
        (),
        status=502,
    ),
}


@pytest.mark.parametrize("kind", POSTED)
def test_what_was_posted_is_read(kind: str) -> None:
    right = POSTED[kind]
    pasted = recognise(right.text.encode())
    assert pasted is not None
    (one,) = pasted.requests
    assert explain(one).verdict.codes == right.codes
    assert one.request.target == right.target.encode()
    assert one.server_status == right.status


NO_REQUESTS = {
    "import websockets\nwebsockets.connect('wss://a/', headers={'Origin': 'b', "
    "'Authorization': 'c', 'User-Agent': 'd'})": "a program",
    "> CONNECT a:443 HTTP/1.1\n> Host: a:443\n> User-Agent: curl/8\n>\n"
    "< HTTP/1.1 403 Forbidden\n* CONNECT tunnel failed, response 403": (
        "an error message of a client"
    ),
    "2026/11/30 upgrade: websocket: not a websocket handshake: 'Sec-WebSocket-Key' "
    "header must be Base64": "an error message of a WebSocket server",
    "upgrade: websocket: unsupported version: 13 not found in "
    "'Sec-Websocket-Version' header": "an error message of a WebSocket server",
    "Error: Server responded with a non-101 status: 400 Bad Request\nResponse "
    "Headers Follow:\nserver: nginx\nconnection: close": (
        "an error message of WebSocket-Node"
    ),
    "Failed to upgrade to WebSocket (REQUEST_METHOD: GET, HTTP_CONNECTION: Upgrade, "
    "HTTP_UPGRADE: websocket)": "an error message of Action Cable",
    '{"request": "GET /ws HTTP/1.1", "status": "404", "http_upgrade": "-", '
    '"http_connection": "close"}': "an access log line in JSON",
    'INFO: 192.0.2.1:0 - "WebSocket /ws" 401\nINFO: connection rejected (401)\n'
    "ERROR: ASGI callable returned without completing handshake.": (
        "an access log line of uvicorn"
    ),
    "HTTP/1.1 403 Forbidden\nServer: nginx": "a response",
    "wss://a.example/ws": "an address",
}


@pytest.mark.parametrize("text", NO_REQUESTS)
def test_what_has_no_request_is_called_by_its_name(text: str) -> None:
    assert recognise(text.encode()) is None
    message = recognise_message(text.encode())
    assert message is not None
    assert message.kind == NO_REQUESTS[text]


@pytest.mark.parametrize(
    "text",
    [
        b"connection: close\ncontent-length: 0\nserver: nginx",
        b"{'Date': 'Mon', 'Server': 'nginx', 'Connection': 'close'}",
        b"upgrade: websocket\nconnection: upgrade\nsec-websocket-accept: a",
    ],
)
def test_the_fields_of_a_response_are_no_request(text: bytes) -> None:
    assert recognise(text) is None
    assert why_unrecognised(text) == "This is a response; paste its request."
