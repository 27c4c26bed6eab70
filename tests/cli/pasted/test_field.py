"""What people pasted, file by file, and what must come out."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.support.cli_runs import Input, asked
from ws_handshake.cli.explain import subcommand as explain

FIELD = Path(__file__).with_name("field")

STRIPPED = ["upgrade_missing", "connection_not_upgrade"]
OVER_HTTP10 = ["http_version_too_old", *STRIPPED]
IN_TEXT = "a request head among other lines"


class Right(NamedTuple):
    """What the command must say about a request."""

    read_as: str
    line: str
    codes: list[str]
    status: int | None = None
    cause: str | None = None
    note: str = ""


REQUESTS = {
    "E01b_websocket_client_trace_proxy": Right(
        IN_TEXT, "GET / HTTP/1.1", [], note="Of the 2 requests in the text this is"
    ),
    "E01r_real_websocket_client_trace": Right(IN_TEXT, "GET /ws HTTP/1.1", [], 404),
    "E03_websockets_debug_log": Right(
        IN_TEXT, "GET / HTTP/1.1", ["connection_missing"], 426, "incomplete_client"
    ),
    "E03b_uvicorn_trace": Right(
        IN_TEXT, "GET /ws HTTP/1.1", ["version_unsupported"], 400, "old_draft"
    ),
    "E04_arduino_serial": Right(IN_TEXT, "GET /... HTTP/1.1", ["head_malformed"], 400),
    "E04b_arduino_debug_plain": Right(
        IN_TEXT, "GET /... HTTP/1.1", ["head_malformed"], 400
    ),
    "E05_copy_as_fetch": Right(
        "a fetch() call", "GET /ws?... HTTP/1.1", [], note="leaves Upgrade, Connection"
    ),
    "E06_devtools_request_url_block": Right(
        "header lines", "GET //ws HTTP/1.1", [], note="two slashes in a row"
    ),
    "E08_node_headers_object": Right(
        "a header object", "GET / HTTP/1.1", STRIPPED, None, "proxy_stripped_upgrade"
    ),
    "E08b_json_headers": Right(
        "a header object",
        "GET / HTTP/1.1",
        ["connection_not_upgrade"],
        None,
        "proxy_stripped_upgrade",
    ),
    "E09_go_key_equals_value": Right(
        "a header map", "GET / HTTP/1.1", STRIPPED, note="Go keeps Host apart"
    ),
    "E10_asgi_scope": Right(
        "an ASGI scope",
        "GET /ws?... HTTP/1.0",
        OVER_HTTP10,
        None,
        "proxy_stripped_upgrade",
    ),
    "E12_tcpdump_A": Right(
        IN_TEXT, "GET /ws HTTP/1.0", OVER_HTTP10, None, "proxy_stripped_upgrade"
    ),
    "E12b_wireshark_tree": Right(
        IN_TEXT, "GET /ws HTTP/1.0", OVER_HTTP10, None, "proxy_stripped_upgrade"
    ),
    "E13c_postman_console": Right("header lines", "GET /ws/ HTTP/1.1", [], 403),
    "E14_netlog_viewer": Right(IN_TEXT, "GET /ws HTTP/1.1", [], 404),
    "E14b_netexport_json": Right("a net-export log", "GET /ws HTTP/1.1", []),
    "E14c_har_single_entry": Right(
        "an entry of a HAR file", "GET /ws HTTP/1.1", [], 404
    ),
    "E17_nginx_debug_log": Right(
        IN_TEXT, "GET /ws HTTP/1.0", OVER_HTTP10, None, "proxy_stripped_upgrade"
    ),
    "E19_proxy_protocol": Right(
        "a request head", "GET /ws HTTP/1.1", ["head_malformed"]
    ),
}

ACCESS = "an access log line of {}"
ERROR = "an error message of {}"
FORBIDDEN = "The server responded with 403: the credentials, the Origin, or a path"
NOT_FOUND = "The server responded with 404: nothing is on this path"

#: What it is, how the sentence begins, and the command to run next.
MESSAGES = {
    "E07_nginx_access_log": (
        ACCESS.format("nginx, Apache or another"),
        "The server responded with 400: the server, or a proxy, finds the request",
        "ws-handshake probe URL",
    ),
    "E07b_nginx_error_log": (
        ERROR.format("nginx"),
        "The server behind nginx closed the connection before it responded",
        "ws-handshake probe URL, and ws-handshake explain no_response",
    ),
    "E07c_uvicorn_access_log": (
        ACCESS.format("uvicorn"),
        "If this is the handshake, it arrived as a plain request over HTTP/1.0",
        "ws-handshake probe URL, and ws-handshake explain proxy_stripped_upgrade",
    ),
    "E07d_uvicorn_403": (
        ACCESS.format("uvicorn"),
        "The application rejected the handshake: it closed the connection",
        "ws-handshake probe URL, and ws-handshake explain denied_by_app",
    ),
    "E07e_uvicorn_unsupported": (
        ERROR.format("uvicorn"),
        "uvicorn has no WebSocket library",
        "ws-handshake probe URL, and ws-handshake explain no_websocket_support",
    ),
    "E13_websocat_error": (
        ERROR.format("websocat"),
        FORBIDDEN,
        "ws-handshake probe URL",
    ),
    "E13b_wscat_error": (
        ERROR.format("Node's ws"),
        FORBIDDEN,
        "ws-handshake probe URL",
    ),
    "E13d_chrome_console": (
        ERROR.format("a browser"),
        NOT_FOUND,
        "ws-handshake probe wss://chat.example.com/ws",
    ),
    "E13e_websockets_py": (
        ERROR.format("websockets"),
        FORBIDDEN,
        "ws-handshake probe URL",
    ),
    "E13f_aiohttp": (
        ERROR.format("aiohttp"),
        NOT_FOUND,
        "ws-handshake probe ws://localhost:9999/ws",
    ),
}

run = partial(asked, explain, "--json")


def explained(name: str) -> dict[str, Any]:
    data = (FIELD / f"{name}.txt").read_bytes()
    document: dict[str, Any] = json.loads(run("-", stdin=Input(data, typed=False)).out)
    return document


@pytest.mark.parametrize("name", REQUESTS)
def test_the_request_in_a_paste_is_judged(name: str) -> None:
    document, right = explained(name), REQUESTS[name]
    (one,) = document["handshakes"]

    assert document["read_as"] == right.read_as
    assert one["request"] == right.line
    assert [violation["code"] for violation in one.get("violations", ())] == right.codes
    assert one["valid"] is (not right.codes)
    assert one["server_status"] == right.status
    assert right.note in " ".join(one["notes"])
    if right.cause:
        assert one["cause"]["code"] == right.cause


@pytest.mark.parametrize("name", MESSAGES)
def test_a_line_without_a_request_is_named_and_says_what_to_run(name: str) -> None:
    document = explained(name)
    kind, sentence, following = MESSAGES[name]

    assert document["read_as"] == kind
    assert document["meaning"].startswith(sentence)
    assert document["next"] == following
    assert document["fix"]


def test_every_file_has_its_row() -> None:
    names = {path.stem for path in FIELD.iterdir()}
    assert names == REQUESTS.keys() | MESSAGES.keys()
