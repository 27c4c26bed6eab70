"""Real uvicorn, and OpenTelemetry's own instrumentation for ASGI around us."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

from tests.support.handshakes import VALID, Handshake
from tests.support.signal_apps import inner
from tests.support.waiting import wait_until
from tests.support.wires import ask, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.wires import Server

PROTOCOL = "ws_handshake.uvicorn:AutoHTTPProtocol"
READ = b"GET /signals HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
SERVER = "SERVER"


@contextmanager
def traced(
    directory: Path, ws: str = "wsproto", app: str = "app", names: str = ""
) -> Iterator[Server]:
    application = f"tests.support.signal_apps:{app}"
    command = f"uvicorn {application} --port {{port}} --http {PROTOCOL} --ws {ws}"
    log = directory / "log"
    with serving(command.split(), log, OTEL_SEMCONV_STABILITY_OPT_IN=names) as server:
        yield server


def read(server: Server, spans: int) -> Any:
    """Return the signals once so many spans of the server have ended."""
    wait_until(lambda: len(_ended(server)) >= spans, server.logged)
    return {**_read(server), "spans": _ended(server)}


def _ended(server: Server) -> list[Any]:
    return [span for span in _read(server)["spans"] if span["kind"] == SERVER]


def _read(server: Server) -> Any:
    return json.loads(ask(server.port, READ).body)


def asked(server: Server, handshake: Handshake, path: bytes = b"/ws") -> int | None:
    return ask(server.port, handshake.asked(target=path).wire()).status


@pytest.mark.parametrize("ws", ["wsproto", "websockets-sansio"])
def test_valid_rejected_and_denied_handshakes_are_in_all_three_signals(
    ws: str, tmp_path: Path
) -> None:
    with traced(tmp_path, ws) as server:
        broken = VALID.without(b"connection")
        assert asked(server, VALID) == 101
        assert asked(server, broken, b"/broken") == 400
        assert asked(server, VALID, b"/closed") == 403
        assert asked(server, VALID, b"/rejected") == 401
        assert asked(server, VALID, b"/raises") == 500
        signals = read(server, 5)

    by_path = {span["name"].split()[-1]: span for span in signals["spans"]}
    assert {
        name: (
            span["status"],
            span["attributes"].get("error.type"),
            span["attributes"].get("http.response.status_code"),
        )
        for name, span in by_path.items()
    } == {
        "/ws": ("UNSET", None, 101),
        "/broken": ("UNSET", "connection_missing", 400),
        "/closed": ("UNSET", "denied_by_app", 403),
        "/rejected": ("UNSET", "denied_by_app", 401),
        "/raises": ("ERROR", "app_did_not_respond", 500),
    }
    _assert_events(signals["events"], by_path)
    _assert_metrics(signals["metrics"])
    assert "middleware_missing" not in server.logged()


def _assert_events(events: list[Any], by_path: dict[str, Any]) -> None:
    assert [(e["attributes"]["error.type"], e["severity"][0]) for e in events] == [
        ("connection_missing", "WARN"),
        ("denied_by_app", "INFO"),
        ("denied_by_app", "INFO"),
        ("app_did_not_respond", "ERROR"),
    ]
    paths = ["/broken", "/closed", "/rejected", "/raises"]
    assert [e["trace"] for e in events] == [by_path[path]["trace"] for path in paths]


def _assert_metrics(metrics: dict[str, Any]) -> None:
    counted = {
        (
            point["websocket.handshake.outcome"],
            point["http.response.status_code"],
        ): count
        for point, count in metrics["websocket.server.handshakes"]
    }
    assert counted == {
        ("accepted", 101): 1,
        ("rejected", 400): 1,
        ("rejected", 403): 1,
        ("rejected", 401): 1,
        ("rejected", 500): 1,
    }
    timed = metrics["websocket.server.handshake.duration"]
    assert sorted(point["http.response.status_code"] for point, _ in timed) == [
        *(101, 401, 403, 500)
    ]
    assert all(count == 1 and 0 < seconds < 60 for _, (count, seconds) in timed)


def test_without_us_the_instrumentation_gives_a_denial_no_status(
    tmp_path: Path,
) -> None:
    with traced(tmp_path, app="alone") as server:
        assert asked(server, VALID, b"/rejected") == 401
        (span,) = read(server, 1)["spans"]

    assert not [name for name in span["attributes"] if "status" in name]


def test_with_stable_names_the_instrumentation_decides_the_error_type_of_a_5xx(
    tmp_path: Path,
) -> None:
    with traced(tmp_path, "none", names="http") as server:
        assert asked(server, VALID) == 501
        signals = read(server, 1)

    (span,) = signals["spans"]
    assert span["status"] == "ERROR"
    assert span["attributes"]["error.type"] == "501"
    assert span["attributes"]["websocket.handshake.violations"] == [
        "server_did_not_upgrade"
    ]
    (event,) = signals["events"]
    assert event["attributes"]["error.type"] == "server_did_not_upgrade"


def test_what_the_parser_rejects_has_no_span_but_a_metric_and_an_event(
    tmp_path: Path,
) -> None:
    with traced(tmp_path) as server:
        odd = VALID.plus(b"x odd", b"1")
        assert asked(server, odd) == 400
        signals = read(server, 0)

    assert signals["spans"] == []
    (event,) = signals["events"]
    assert event["attributes"]["error.type"] == "head_malformed"
    assert event["trace"] == "0" * 32
    ((point, count),) = signals["metrics"]["websocket.server.handshakes"]
    assert (point["error.type"], count) == ("head_malformed", 1)


def test_the_application_within_accepts_closes_rejects_and_raises() -> None:
    client = TestClient(inner)
    with client.websocket_connect("/ws"):
        pass
    closed, rejected = map(client.websocket_connect, ("/closed", "/rejected"))
    with pytest.raises(WebSocketDisconnect):
        closed.__enter__()
    with pytest.raises(WebSocketDenialResponse):
        rejected.__enter__()
    with pytest.raises(LookupError):
        client.websocket_connect("/raises").__enter__()
    events = client.get("/signals").json()["events"]
    assert [e["attributes"]["error.type"] for e in events] == [
        *("denied_by_app", "denied_by_app", "app_did_not_respond")
    ]
