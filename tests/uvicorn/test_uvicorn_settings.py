"""The protocol classes under the settings of uvicorn that change what they see."""

from __future__ import annotations

import socket
import sys
from contextlib import ExitStack
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from tests.support.handshakes import VALID
from tests.support.inside import running
from tests.support.needed import in_ci
from tests.support.protocols import observed_echo
from tests.support.wires import Response, ask, serving

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.support.wires import Server
    from ws_handshake.asgi.scope import Receive, Scope, Send

_PROTOCOLS = [
    "ws_handshake.uvicorn:H11Protocol",
    "ws_handshake.uvicorn:HttpToolsProtocol",
]
_LIBRARIES = ["wsproto", "websockets-sansio"]
_SPACED = VALID.plus(b"x note", b"1")
_KEYLESS = VALID.without(b"sec-websocket-key")

each_protocol = pytest.mark.parametrize("protocol", _PROTOCOLS)
each_library = pytest.mark.parametrize("ws", _LIBRARIES)

# in CI what is missing fails
without_uvloop = pytest.mark.skipif(
    find_spec("uvloop") is None and not in_ci(),
    reason="uvloop is not installed",
)
without_unix_sockets = pytest.mark.skipif(
    sys.platform == "win32", reason="asyncio has no Unix sockets on Windows"
)


async def echoing(scope: Scope, receive: Receive, send: Send) -> None:
    """Send back every text, to a client that offered `echo`."""
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept", "subprotocol": "echo"})
    while (message := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": message["text"]})


def _trusted(protocol: str, address: str, *, origin: bytes) -> Response:
    """Ask with an Origin and `X-Forwarded-Proto: https`, from behind a proxy."""
    app, _, recorder = observed_echo(allowed_origins=["same-origin"])
    sent = VALID.plus(b"origin", origin).plus(b"x-forwarded-proto", b"https")
    with running(
        app, http=protocol, forwarded_allow_ips=address, lifespan="off"
    ) as port:
        response = ask(port, sent.plus(b"x-forwarded-for", b"198.51.100.7").wire())
    clients = [record.request.client_address for record in recorder.records]
    assert clients == ["198.51.100.7" if address == "127.0.0.1" else "127.0.0.1"]
    return response


@each_protocol
def test_same_origin_is_judged_by_the_scheme_that_a_trusted_proxy_forwards(
    protocol: str,
) -> None:
    page, plain = b"https://127.0.0.1", b"http://127.0.0.1"
    assert _trusted(protocol, "127.0.0.1", origin=page).status == 101
    assert _trusted(protocol, "127.0.0.1", origin=plain).codes == (
        "origin_not_allowed",
    )


@each_protocol
def test_same_origin_ignores_what_others_forward(protocol: str) -> None:
    page, plain = b"https://127.0.0.1", b"http://127.0.0.1"
    assert _trusted(protocol, "192.0.2.1", origin=page).codes == ("origin_not_allowed",)
    assert _trusted(protocol, "192.0.2.1", origin=plain).status == 101


@each_protocol
@pytest.mark.parametrize(
    "loop", ["asyncio", pytest.param("uvloop", marks=without_uvloop)]
)
def test_every_loop_serves_the_protocol_class(protocol: str, loop: str) -> None:
    app, _, recorder = observed_echo()
    with running(app, http=protocol, loop=loop, lifespan="off") as port:
        assert ask(port, VALID.wire()).status == 101
        assert ask(port, _KEYLESS.wire()).codes == ("key_missing",)
        assert ask(port, _SPACED.wire()).codes == ("head_malformed",)
    assert recorder.codes == [(), ("key_missing",), ("head_malformed",)]


@each_protocol
@each_library
def test_messages_pass_through_what_was_handed_over(protocol: str, ws: str) -> None:
    app, _, _ = observed_echo()
    app.app = echoing
    with running(app, http=protocol, ws=ws, lifespan="off") as port:
        address = f"ws://127.0.0.1:{port}/ws"
        offer = [Subprotocol("chat"), Subprotocol("echo")]
        with connect(address, subprotocols=offer, proxy=None) as client:
            client.send("hello" * 1000)
            assert client.recv(10) == "hello" * 1000
            assert client.subprotocol == "echo"
            assert [extension.name for extension in client.protocol.extensions] == [
                "permessage-deflate"
            ]


@without_unix_sockets
@each_protocol
@each_library
def test_a_unix_socket_has_no_client_address(
    protocol: str, ws: str, tmp_path: Path
) -> None:
    app, _, recorder = observed_echo()
    path = str(tmp_path / "socket")
    with running(app, http=protocol, ws=ws, uds=path, lifespan="off"):
        assert _ask_unix(path, VALID.wire()).startswith(b"HTTP/1.1 101 ")
        assert b": key_missing\r\n" in _ask_unix(path, _KEYLESS.wire())
        assert b": head_malformed\r\n" in _ask_unix(path, _SPACED.wire())
    assert recorder.codes == [(), ("key_missing",), ("head_malformed",)]
    assert {record.request.client_address for record in recorder.records} == {None}


def _ask_unix(path: str, data: bytes) -> bytes:
    received = b""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(5)
        connection.connect(path)
        connection.sendall(data)
        while b"\r\n\r\n" not in received:
            received += connection.recv(65536)
    return received


@each_protocol
def test_a_protocol_class_is_chosen_by_the_environment_too(
    protocol: str, tmp_path: Path
) -> None:
    command = ["uvicorn", "--factory", "tests.support.apps:corpus", "--port", "{port}"]
    with serving(command, tmp_path / "log", UVICORN_HTTP=protocol) as server:
        assert ask(server.port, _KEYLESS.wire()).codes == ("key_missing",)


@each_protocol
def test_without_a_websocket_library_the_response_is_501(
    protocol: str, tmp_path: Path
) -> None:
    with _corpus(protocol, tmp_path / "log", "--ws", "none") as server:
        response = ask(server.port, VALID.wire())
        assert (response.status, response.codes) == (501, ("server_did_not_upgrade",))
        assert "No supported WebSocket library" in server.logged()


@each_protocol
def test_a_raised_limit_lets_a_long_cookie_through(
    protocol: str, tmp_path: Path
) -> None:
    long = VALID.plus(b"cookie", b"a" * 20_480).wire()
    options = ["--ws", "websockets-sansio", "--h11-max-incomplete-event-size", "65536"]
    with _corpus(protocol, tmp_path / "raised", *options, limit="65536") as server:
        assert ask(server.port, long).status == 101
    with _corpus(protocol, tmp_path / "usual", *options) as server:
        assert ask(server.port, long).codes == ("headers_too_large",)


@each_protocol
@pytest.mark.parametrize("value", ["lots", "0", "-1", "8KiB", ""])
def test_a_limit_that_is_none_is_a_value_error_at_start_up(
    protocol: str, value: str, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    bare = [
        "uvicorn",
        "tests.support.apps:bare",
        "--port",
        "{port}",
        "--http",
        protocol,
    ]
    with ExitStack() as stack, pytest.raises(RuntimeError, match="did not come up"):
        stack.enter_context(serving(bare, log, WEBSOCKETS_MAX_LINE_LENGTH=value))
    hint = (
        f"WEBSOCKETS_MAX_LINE_LENGTH is {value!r}; set it to a positive whole number."
    )
    assert f"ValueError: {hint}" in log.read_text()


def _corpus(
    protocol: str, log: Path, *options: str, limit: str = "8192"
) -> AbstractContextManager[Server]:
    command = ["uvicorn", "--factory", "tests.support.apps:corpus", "--port", "{port}"]
    return serving(
        [*command, "--http", protocol, *options], log, WEBSOCKETS_MAX_LINE_LENGTH=limit
    )
