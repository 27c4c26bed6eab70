"""Where HTTP/2 and HTTP/1.1 differ, probe asks once more over the other."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.support.cli_fakes import (
    closing,
    over_http2,
    saying,
    serving,
    talking,
)
from tests.support.cli_runs import Probed, probe
from tests.support.tls import certify

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from tests.support.cli_fakes import Script
    from tests.support.tls import Certificate


NOTHING = b"Content-Length: 0\r\n\r\n"


FORBIDDEN = saying(b"HTTP/1.1 403 Forbidden\r\n" + NOTHING)


def _by_origin(allowed: Callable[[bytes], bool], denied: Script) -> Script:
    """Let a WebSocket open if its Origin is allowed; b"" stands for none."""
    opened = talking()

    def script(connection: socket.socket, head: bytes) -> None:
        lines = head.split(b"\r\n")
        origins = [line[8:] for line in lines if line.lower().startswith(b"origin: ")]
        allows = allowed(b"".join(origins))
        (opened if allows else denied)(connection, head)

    return script


def test_over_tls_the_origin_of_the_same_host_has_https(made: Certificate) -> None:
    script = _by_origin(lambda origin: origin.startswith(b"https://"), FORBIDDEN)
    with serving(script, made) as port:
        probed = probe(f"wss://127.0.0.1:{port}/ws", "-k", "-H", "Origin:")

    assert probed.codes == ["origin_required"]


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


def test_a_question_that_works_is_the_last(made: Certificate) -> None:
    connections = Counter[bytes]()

    def script(connection: socket.socket, head: bytes) -> None:
        connections[head[:3]] += 1
        _by_alpn(closing(), over_http2())(connection, head)

    probed = _secure(script, made)

    assert (probed.steps.count("again"), connections) == (1, {b"GET": 1, b"PRI": 1})
