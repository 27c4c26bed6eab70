"""What is asked once more, of servers that behave exactly so, and what it shows."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.support.cli_fakes import (
    OK,
    SWITCHING,
    closing,
    filled,
    over_http2,
    saying,
    serving,
    talking,
    wait,
)
from tests.support.cli_runs import Probed, asked, probe
from tests.support.tls import certify
from ws_handshake.cli.client.failures import COMPRESSION_BLOCKED
from ws_handshake.cli.probe import subcommand

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from tests.support.cli_fakes import Script
    from tests.support.tls import Certificate

DEFLATE = SWITCHING + b"Sec-WebSocket-Extensions: permessage-deflate\r\n"
IIS = b"Server: Microsoft-IIS/10.0\r\n"
NOTHING = b"Content-Length: 0\r\n\r\n"
FORBIDDEN = saying(b"HTTP/1.1 403 Forbidden\r\n" + NOTHING)


def _asked(script: Script, *options: str) -> Probed:
    with serving(script) as port:
        return probe(f"ws://127.0.0.1:{port}/ws", "--timeout", "10", *options)


def _breaking(agreed: bytes, at_first_frame: bytes = b"", *, always: bool) -> Script:
    """Break off at the first frame where extensions are agreed on, or always."""
    plain = talking()

    def script(connection: socket.socket, head: bytes) -> None:
        offered = b"Sec-WebSocket-Extensions" in head
        if not offered and not always:
            plain(connection, head)
            return
        connection.sendall(filled(agreed if offered else SWITCHING, head) + b"\r\n")
        connection.recv(65536)
        connection.sendall(at_first_frame)

    return script


FIRST_FRAMES = [b"", b"\x88\x02\x03\xea", b"HTTP/1.1 400 Bad Request\r\n\r\n"]


@pytest.mark.parametrize("frame", FIRST_FRAMES)
def test_a_proxy_that_knows_no_compressed_frames_is_found_out(frame: bytes) -> None:
    probed = _asked(_breaking(DEFLATE, frame, always=False))

    assert (probed.verdict, probed.codes) == ("faulty", ["compression_blocked"])
    assert probed.fix == COMPRESSION_BLOCKED.fix
    assert probed.step("again")["result"] == "without extensions: frames get through"
    assert str(probed.seen).endswith("; without extensions frames get through")


def test_where_that_is_iis_the_fix_is_for_its_proxy() -> None:
    probed = _asked(_breaking(DEFLATE + IIS, always=False))

    assert (probed.codes, probed.fix) == (
        ["compression_blocked"],
        (
            "IIS's proxy ARR takes no compressed frames: uvicorn "
            "--ws-per-message-deflate false; or in its rewrite rule <set "
            'name="HTTP_SEC_WEBSOCKET_EXTENSIONS" value="" />.'
        ),
    )


def test_what_fails_without_extensions_too_is_not_compression() -> None:
    probed = _asked(_breaking(DEFLATE, always=True))

    assert (probed.codes, probed.notes) == (
        ["pong_missing"],
        ["compression_not_to_blame", "other_origin_fails"],
    )
    results = [s["result"] for s in probed.document["steps"] if s["step"] == "again"]
    assert results[0] == "without extensions: it fails, too"
    assert probed.document["notes"][0]["what"] == (
        "Asked once more without extensions, it fails, too (pong_missing): "
        "compression is not to blame."
    )


@pytest.mark.parametrize(
    "script",
    [talking(pongs=False), talking(DEFLATE + b"\r\n", closes=False)],
    ids=["no pong", "no close"],
)
def test_it_asks_once_more_only_if_that_may_show_something(script: Script) -> None:
    assert "again" not in _asked(script, "--timeout", "2").steps


def _by_origin(allowed: Callable[[bytes], bool], denied: Script) -> Script:
    """Let a WebSocket open if its Origin is allowed; b"" stands for none."""
    opened = talking()

    def script(connection: socket.socket, head: bytes) -> None:
        lines = head.split(b"\r\n")
        origins = [line[8:] for line in lines if line.lower().startswith(b"origin: ")]
        allows = allowed(b"".join(origins))
        (opened if allows else denied)(connection, head)

    return script


def _closed(code: int, reason: bytes = b"") -> Script:
    payload = code.to_bytes(2, "big") + reason
    return talking(first=bytes([0x88, len(payload)]) + payload)


DENYING = {
    "403": (FORBIDDEN, "403"),
    "a body that names it": (
        saying(
            b"HTTP/1.1 400 No\r\nContent-Length: 31\r\n\r\n"
            b"http://x: not an allowed origin"
        ),
        "400",
    ),
    "a close without a reason": (_closed(1008), "1008"),
    "an end without a close": (closing(OK), "the connection ended"),
    "no response": (closing(), "closed"),
}


@pytest.mark.parametrize("name", DENYING)
def test_an_origin_that_is_not_allowed_is_found_out(name: str) -> None:
    denied, seen = DENYING[name]
    script = _by_origin(lambda origin: origin == b"", denied)
    probed = _asked(script, "--origin", "https://elsewhere.example")

    assert (probed.codes, probed.causes, probed.notes) == (["origin_denied"], [], [])
    assert probed.seen == f"{seen}; without Origin frames get through"
    assert probed.step("again")["result"] == "without Origin: frames get through"


@pytest.mark.parametrize("name", DENYING)
def test_an_origin_that_is_missing_is_found_out(name: str) -> None:
    denied, seen = DENYING[name]
    with serving(_by_origin(lambda o: o.endswith(host.encode()), denied)) as port:
        host = f"://127.0.0.1:{port}"
        probed = probe(f"ws{host}/ws")

    assert probed.codes == ["origin_required"]
    assert probed.seen == f"{seen}; with Origin: http{host} frames get through"


def test_over_tls_the_origin_of_the_same_host_has_https(made: Certificate) -> None:
    script = _by_origin(lambda origin: origin.startswith(b"https://"), FORBIDDEN)
    with serving(script, made) as port:
        probed = probe(f"wss://127.0.0.1:{port}/ws", "-k", "-H", "Origin:")

    assert probed.codes == ["origin_required"]


@pytest.mark.parametrize(
    ("options", "changed"),
    [
        ((), "with Origin: http://127.0.0.1:{}"),
        (("-H", "Origin: null"), "without Origin"),
    ],
)
def test_what_is_denied_with_either_may_need_another_origin(
    options: tuple[str, ...], changed: str
) -> None:
    with serving(FORBIDDEN) as port:
        probed = probe(f"ws://127.0.0.1:{port}/ws", *options)
    (note,) = probed.document["notes"]

    assert (probed.codes, probed.causes) == (
        *(["response_not_101"], [("no_route", "possible")]),
    )
    assert note == {
        "code": "other_origin_fails",
        "what": (
            f"Asked once more {changed.format(port)}, it fails, too "
            "(response_not_101). If the server allows certain origins only, name one "
            "of them: --origin."
        ),
    }


def test_where_a_gateway_rejects_there_is_no_word_on_the_servers_origins() -> None:
    response = b"HTTP/1.1 403 No\r\nServer: awselb/2.0\r\n" + NOTHING
    (note,) = _asked(saying(response), "--origin", "null").document["notes"]

    assert note["what"] == (
        "Asked once more without Origin, it fails, too (rejected_in_front)."
    )


SAYS_WHY = {
    "a reason": _closed(4403, b"loopback only"),
    "an error of the server": _closed(1011),
    "404": saying(b"HTTP/1.1 404 Not Found\r\n" + NOTHING),
    "a reason of ours": saying(
        b"HTTP/1.1 403 No\r\nWebSocket-Handshake-Error: origin_missing\r\n" + NOTHING
    ),
}


@pytest.mark.parametrize("name", SAYS_WHY)
def test_nothing_is_asked_where_the_server_says_why(name: str) -> None:
    assert "again" not in _asked(SAYS_WHY[name]).steps


def test_nothing_is_asked_where_the_options_break_the_request() -> None:
    probed = _asked(FORBIDDEN, "-H", "Sec-WebSocket-Version: 12")

    assert "again" not in probed.steps
    assert probed.notes == ["request_faulty"]


@pytest.fixture(scope="module", name="made")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certify(tmp_path_factory.mktemp("tls"))


def _by_alpn(http1: Script, http2: Script) -> Script:
    """Speak the version of HTTP that was chosen, or h2 to its preface alone."""

    def script(connection: socket.socket, received: bytes) -> None:
        is_http2 = received.startswith(b"PRI ")
        (http2 if is_http2 else http1)(connection, received)

    return script


def _secure(script: Script, made: Certificate, *options: str) -> Probed:
    both = ("h2", "http/1.1")
    with serving(script, made, alpn=both, reads_head=False) as port:
        url, trusted = f"wss://127.0.0.1:{port}/ws", ("--cacert", str(made.path))
        return probe(url, *trusted, *options)


LIKE_HTTP2 = {
    "404": saying(b"HTTP/1.1 404 Not Found\r\n" + NOTHING),
    "426": saying(b"HTTP/1.1 426 Upgrade Required\r\n" + NOTHING),
    "no response": closing(),
    "an HTTP/2 frame": saying(bytes.fromhex("000000040000000000")),
}


@pytest.mark.parametrize("name", LIKE_HTTP2)
def test_a_server_with_websockets_over_http2_alone_is_found_out(
    name: str, made: Certificate
) -> None:
    probed = _secure(_by_alpn(LIKE_HTTP2[name], over_http2()), made)

    assert probed.notes[-1] == "works_over_http2"
    assert probed.step("again")["result"] == "over HTTP/2: frames get through"
    assert probed.verdict != "valid"


def test_one_with_websockets_over_neither_is_found_out(made: Certificate) -> None:
    script = _by_alpn(LIKE_HTTP2["an HTTP/2 frame"], over_http2(websockets=False))
    probed = _secure(script, made)

    assert probed.codes == ["http2_chosen"]
    assert probed.document["notes"][-1] == {
        "code": "other_version_fails",
        "what": (
            "Asked once more over HTTP/2, it fails, too (extended_connect_not_offered)."
        ),
    }


def test_without_tls_too_if_the_port_speaks_http2() -> None:
    script = _by_alpn(LIKE_HTTP2["an HTTP/2 frame"], over_http2())
    with serving(script, reads_head=False) as port:
        probed = probe(f"ws://127.0.0.1:{port}/ws")

    assert (probed.codes, probed.notes) == (["http2_chosen"], ["works_over_http2"])


REFUSED_OVER_HTTP2 = {
    "no Extended CONNECT": (
        *(over_http2(websockets=False), "extended_connect_not_offered"),
    ),
    "404": (over_http2(b"404"), "response_not_101"),
    "no response": (closing(), "closed_without_response"),
}


@pytest.mark.parametrize("name", REFUSED_OVER_HTTP2)
def test_with_http2_it_asks_over_http1(name: str, made: Certificate) -> None:
    script, code = REFUSED_OVER_HTTP2[name]
    probed = _secure(_by_alpn(talking(), script), made, "--http2")

    assert (probed.codes, probed.notes) == ([code], ["works_over_http1"])
    assert probed.step("again")["result"] == "over HTTP/1.1: frames get through"


@pytest.mark.parametrize("name", ["404", "an HTTP/2 frame"])
def test_who_wants_http1_alone_is_not_asked_about_http2(
    name: str, made: Certificate
) -> None:
    script = _by_alpn(LIKE_HTTP2[name], over_http2())

    assert "again" not in _secure(script, made, "--http1.1").steps


def test_each_question_costs_one_handshake() -> None:
    """A break at the first frame may be for both, and neither helps here."""
    connections = Counter[bool]()

    def script(connection: socket.socket, head: bytes) -> None:
        connections[b"Sec-WebSocket-Extensions" in head] += 1
        connection.sendall(filled(DEFLATE + b"\r\n", head))

    probed = _asked(script)

    assert probed.steps.count("again") == 2
    assert connections == {True: 2, False: 1}


def test_a_question_that_works_is_the_last(made: Certificate) -> None:
    connections = Counter[bytes]()

    def script(connection: socket.socket, head: bytes) -> None:
        connections[head[:3]] += 1
        _by_alpn(closing(), over_http2())(connection, head)

    probed = _secure(script, made)

    assert (probed.steps.count("again"), connections) == (1, {b"GET": 1, b"PRI": 1})


def test_a_second_handshake_that_is_too_slow_shows_nothing() -> None:
    def never(connection: socket.socket, head: bytes) -> None:
        (wait if b"\r\nOrigin" in head else lambda c: FORBIDDEN(c, head))(connection)

    probed = _asked(never, "--timeout", "1")

    assert (probed.codes, probed.notes) == (["response_not_101"], [])
    assert str(probed.step("again")["result"]).endswith(": no response in time")


def test_a_person_reads_what_it_shows() -> None:
    script = _by_origin(lambda origin: origin == b"", FORBIDDEN)
    with serving(script) as port:
        url = f"ws://127.0.0.1:{port}/ws"
        done = asked(subcommand, url, "--origin", "https://x.example", columns=80)

    assert (
        done.out.partition(" ms  without Origin")[2]
        == """\
: frames get through

Rejected: the server responded, and did not accept the handshake.

  origin_denied: The server accepts the handshake without this Origin, and not
  with it.
    seen      403; without Origin frames get through
    fix       Allow this origin on the server: ws-handshake explain
              origin_denied_by_app.
    see       RFC 6455 section 10.2
"""
    )
