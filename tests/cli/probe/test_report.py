"""The report of a probe: its verdict, its exit status, and its JSON."""

from __future__ import annotations

import pytest

from tests.support.cli_fakes import saying, serving, talking
from tests.support.cli_runs import probe
from tests.support.wires import free_port
from ws_handshake.cli.client.failures import (
    ACCEPT_WRONG,
    CONNECTION_REFUSED,
    NO_RESPONSE,
    RESPONSE_NOT_101,
    Failure,
    FailureKind,
)
from ws_handshake.cli.client.response import Response
from ws_handshake.cli.client.target import parse_target
from ws_handshake.cli.probe.report import Report

TARGET = parse_target("ws://127.0.0.1/ws")
ACCEPTED, DENIED = Response("1.1", 101), Response("1.1", 403)

VERDICTS: list[tuple[FailureKind | None, Response | None, str, int]] = [
    (None, ACCEPTED, "valid", 0),
    (RESPONSE_NOT_101, DENIED, "rejected", 1),
    (ACCEPT_WRONG, ACCEPTED, "faulty", 1),
    (NO_RESPONSE, None, "faulty", 1),
    (CONNECTION_REFUSED, None, "unreached", 2),
]

NGINX = (
    b"HTTP/1.1 404 Not Found\r\nServer: nginx\r\nSet-Cookie: a=b\r\n"
    b"Content-Length: 3\r\n\r\nno\x1b"
)


@pytest.mark.parametrize(("kind", "response", "verdict", "status"), VERDICTS)
def test_the_verdict_is_one_word_and_the_status_follows(
    kind: FailureKind | None, response: Response | None, verdict: str, status: int
) -> None:
    failures = () if kind is None else (Failure(kind),)
    report = Report(TARGET, (), failures, response=response)

    assert (report.verdict, report.exit_status) == (verdict, status)


def test_its_keys_are_what_scripts_rely_on() -> None:
    with serving(talking()) as port:
        document = probe(f"ws://127.0.0.1:{port}/ws?token=x").document

    assert list(document) == [
        *("url", "verdict", "exit_status", "steps", "failures", "violations"),
        *("causes", "notes", "response"),
    ]
    assert document["url"] == f"ws://127.0.0.1:{port}/ws?..."
    assert (document["verdict"], document["exit_status"]) == ("valid", 0)
    assert (document["failures"], document["causes"]) == ([], [])
    assert document["violations"] == []
    assert {"step", "seconds", "ok", "result"} <= set(document["steps"][0])
    assert all(0 <= step["seconds"] < 10 for step in document["steps"])
    assert all("bytes" not in step for step in document["steps"])


def test_verbose_adds_the_bytes_to_the_steps() -> None:
    with serving(talking()) as port:
        probed = probe(f"ws://127.0.0.1:{port}/ws", "-v")

    assert probed.step("request")["bytes"][0] == "> GET /ws HTTP/1.1"
    assert probed.step("response")["bytes"][0] == "< HTTP/1.1 101 Switching Protocols"
    assert probed.step("tcp")["bytes"] == []


def test_a_response_is_reported_with_its_headers_and_its_body() -> None:
    with serving(saying(NGINX)) as port:
        document = probe(f"ws://127.0.0.1:{port}/ws").document
    (failure,) = document["failures"]
    (cause,) = document["causes"]

    assert document["response"] == {
        "http_version": "1.1",
        "status": 404,
        "headers": [
            ["Server", "nginx"],
            ["Set-Cookie", "<3 bytes>"],
            ["Content-Length", "3"],
        ],
        "from": "nginx",
        "by_itself": False,
        "body": "no\\x1b",
        "text": "no\\x1b",
    }
    assert failure == {
        "code": "response_not_101",
        "what": "The server did not accept the handshake.",
        "seen": "404: nothing is on this path, or nothing for the plain request that "
        "arrived",
        "fix": "Check the path, its prefix and trailing slash, and every proxy in "
        "between.",
        "rfc": "RFC 6455 section 4.1",
    }
    assert (cause["code"], cause["certainty"]) == ("proxy_stripped_upgrade", "likely")
    assert set(cause) == {"code", "certainty", "detail", "fix", "config"}


def test_our_own_rejection_is_read() -> None:
    response = (
        b"HTTP/1.1 400 Bad Request\r\nWebSocket-Handshake-Error: host_missing\r\n"
        b"Content-Length: 0\r\n\r\n"
    )
    with serving(saying(response)) as port:
        document = probe(f"ws://127.0.0.1:{port}/ws").document
    (violation,) = document["violations"]

    assert (violation["code"], violation["rfc"]) == (
        *("host_missing", "RFC 6455 section 4.2.1(2)"),
    )


def test_without_a_response_there_is_none() -> None:
    document = probe(f"ws://127.0.0.1:{free_port()}/").document

    assert (document["response"], document["violations"]) == (None, [])
    assert document["exit_status"] == 2
