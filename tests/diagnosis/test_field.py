"""Handshakes that failed for real people, as they arrived, and what we say of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.docs_examples import application, outcome
from ws_handshake import WebSocketHandshakeMiddleware

FOLDER = Path(__file__).parent / "field"
PROTOCOLS = ("H11Protocol", "HttpToolsProtocol")


@dataclass(frozen=True)
class Case:
    """A request, the options of the operator, and what is right."""

    codes: tuple[str, ...]
    cause: str | None = None
    certainty: str | None = None
    #: What a person reads must have these words: in a fix, in lines, or in `received`.
    says: tuple[str, ...] = ()
    #: What `detail`, which is read first, begins with.
    begins: str = ""
    never: tuple[str, ...] = ()
    origins: tuple[str, ...] | None = None


BOTH = ("upgrade_missing", "connection_not_upgrade")
GONE = ("upgrade_missing", "connection_missing")
STRIPPED = "proxy_stripped_upgrade"
EVERY = "upgrade_on_every_request"
WRITTEN_TWICE = ("key_duplicated", "version_duplicated")
NEITHER = ("key_missing", "version_missing")

CASES = {
    "R01_api_gateway_http_proxy": Case(
        *(BOTH, STRIPPED, "very_likely", ("HTTP integrations carry no WebSocket",)),
        begins="Amazon API Gateway removed",
        never=("Apache", "nginx", "AWS load balancer"),
    ),
    "R02_apisix_upstream_id": Case(
        *(GONE, STRIPPED, "likely", ("enable_websocket: true", "$http_upgrade")),
        begins="A proxy removed",
    ),
    "R03_classic_elb_then_apisix": Case(
        *(BOTH, STRIPPED, "likely", ("enable_websocket: true",)),
        begins="A proxy removed",
    ),
    "R04_firewall_port80_wscat": Case(
        *(BOTH, STRIPPED, "likely", ("wss://",)),
        begins="A firewall or forward proxy in the client's network removed",
        never=("Apache", "nginx", "http2_client"),
    ),
    "R05_squid_edge": Case(
        *(BOTH, STRIPPED, "very_likely", ("wss://", "http_upgrade_request_protocols")),
        begins="Squid, a forward proxy on the client's side, removed",
        never=("Apache", "nginx"),
    ),
    "R05c_tinyproxy": Case(
        *(BOTH, STRIPPED, "very_likely", ("wss://",)),
        begins="tinyproxy, a forward proxy on the client's side, removed",
        never=("Apache", "nginx"),
    ),
    "R06_upgrade_is_upgrade": Case(
        ("upgrade_not_websocket",),
        *("proxy_miswrote_upgrade", "very_likely"),
        ("proxy_set_header Upgrade $http_upgrade;",),
        begins="A proxy wrote into Upgrade what belongs into Connection",
    ),
    "R07_forced_upgrade_on_polling": Case(
        *(NEITHER, EVERY, "very_likely"),
        ("map $http_upgrade", "Upgrade $http_upgrade;", "AddRequestHeader"),
        begins="A proxy adds Upgrade and Connection to every request",
        never=("curl",),
    ),
    "R07b_forced_upgrade_on_a_page": Case(
        *(NEITHER, EVERY, "very_likely", ("map $http_upgrade",)),
        begins="A proxy adds Upgrade and Connection to every request",
        never=("curl",),
    ),
    "R08_relay_copies_and_dials": Case(
        *(WRITTEN_TWICE, "relay_copied_handshake", "very_likely"),
        ("leave out Host, Connection, Upgrade and all Sec-WebSocket-*",),
        begins="A relay opened a handshake of its own",
        never=("same value",),
    ),
    "R09_charger_without_connection": Case(
        *(("connection_missing",), "incomplete_client", "likely"),
        ("Let the client send Connection: Upgrade", STRIPPED),
        begins="The client sent its handshake without Connection: Upgrade (likely)",
    ),
    "R10_tinywebsockets_origin_with_path": Case(
        ("origin_not_allowed",),
        says=("a path", "Send scheme, host and port"),
        origins=("https://chat.example.com",),
    ),
    "R11_origin_is_wss_url": Case(
        ("origin_not_allowed",),
        says=("a WebSocket URL", "leave Origin out", "allow this one by name"),
        origins=("https://192.0.2.10:5000", "same-origin"),
    ),
    "R12_origin_without_scheme": Case(
        ("origin_not_allowed",),
        says=("no scheme", "Send the scheme"),
        origins=("http://localhost:12345",),
    ),
    "R19_word_deflate_blanked": Case(
        *(("extensions_malformed",), "extension_blanked", "very_likely", ("wss://",)),
        begins="A proxy or firewall on the way blanked a word",
    ),
    "R20_arduino_url_as_path": Case(
        ("head_malformed",),
        says=("does not begin with a slash", "Begin the path with a slash"),
    ),
    "R20b_arduino_no_leading_slash": Case(
        ("head_malformed",),
        says=("does not begin with a slash", "Begin the path with a slash"),
    ),
    "R21_ipv6_without_brackets": Case(
        ("host_malformed",), says=("without brackets", "[fd00:10::1]:8081")
    ),
    "R24_proxy_protocol_v1": Case(
        ("head_malformed",), says=("PROXY protocol", "send-proxy")
    ),
    "R33_electron_app_origin": Case((), origins=("app://.",)),
    "R34_origin_trailing_slash": Case(
        ("origin_not_allowed",),
        says=("a slash at the end",),
        origins=("https://localhost:5000",),
    ),
}


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("name", CASES)
def test_what_failed_for_somebody_is_explained(name: str, protocol: str) -> None:
    case = CASES[name]
    app = WebSocketHandshakeMiddleware(application, allowed_origins=case.origins)
    request = (FOLDER / f"{name}.txt").read_bytes()
    response = outcome(app, request, http=f"ws_handshake.uvicorn:{protocol}").response

    assert response.codes == case.codes
    if not case.codes:
        assert response.status == 101
        return
    body = response.body.decode("ascii")
    problem = json.loads(body)
    cause = problem.get("cause", {})
    assert (cause.get("code"), cause.get("certainty")) == (case.cause, case.certainty)
    assert problem["detail"].startswith(case.begins)
    assert [words for words in case.says if words not in body] == []
    assert [words for words in case.never if words in body] == []


def test_every_request_has_its_row() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == CASES.keys()
