from __future__ import annotations

import io
import json
from typing import Any

import pytest

from tests.support.handshakes import ACCEPT, VALID, Handshake
from ws_handshake.cli.explain.explained import Explained, explain
from ws_handshake.cli.explain.report import complaint, document, print_all
from ws_handshake.cli.pasted.request import PastedRequest
from ws_handshake.cli.screen import Screen
from ws_handshake.outcome.problem import render

VALID_PRINTED = """\
Read as a request head.

    GET /ws HTTP/1.1
    Host: (9 characters)
    Upgrade: websocket
    Connection: Upgrade
    Sec-WebSocket-Key: (24 characters)
    Sec-WebSocket-Version: 13

Valid. A server that accepts it responds:

    HTTP/1.1 101 Switching Protocols
    Upgrade: websocket
    Connection: Upgrade
    Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
"""

STRIPPED_PRINTED = """\
Read as a HAR file, with 2 handshakes.

Handshake 1 of 2

    GET /ws HTTP/1.1
    Host: (9 characters)
  > Connection: close   connection_not_upgrade
    Sec-WebSocket-Key: (24 characters)
    Sec-WebSocket-Version: 13
  > Upgrade: (missing)  upgrade_missing

Rejected: 2 violations; our response is 400 Bad Request.

upgrade_missing
  The Upgrade header is missing.
  expected  websocket
  received  nothing
  fix       Send Upgrade: websocket, and let proxies forward it.
  see       RFC 6455 section 4.2.1(3)

connection_not_upgrade
  The Connection header does not list upgrade.
  expected  Upgrade
  received  close
  fix       Send Connection: Upgrade, and let proxies forward it.
  see       RFC 6455 section 4.2.1(4)

Cause: proxy_stripped_upgrade, likely
  A proxy or firewall removed the Upgrade and Connection headers.
  Sec-WebSocket-Key arrived without them.
  fix       If it stands on the client's side, connect over wss://; if it is your
            own, let it forward Upgrade and Connection, in nginx:
            proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection upgrade;

Or: http2_client, possible
  The client sent an HTTP/1.1 handshake over HTTP/2. It agreed on HTTP/2 in the
  TLS handshake (ALPN), and there is no Upgrade in HTTP/2.
  fix       reqwest: Client::builder().http1_only(); curl: --http1.1; Go:
            TLSNextProto set to an empty map; undici: allowH2: false

More: ws-handshake explain proxy_stripped_upgrade

Handshake 2 of 2

  > POST /ws HTTP/1.1  method_not_get
"""

BROKEN = {
    "one": VALID.but(b"sec-websocket-key", b"AAAA"),
    "several": VALID.asked(method="POST").without(b"host"),
    "one cause": VALID.asked(version="1.0"),
    "two causes": VALID.without(b"upgrade", b"connection"),
}


def printed(kind: str, *handshakes: Handshake, notes: tuple[str, ...] = ()) -> str:
    out = io.StringIO()
    screen = Screen.of(out, io.StringIO(), {"COLUMNS": "82"})
    heads = [PastedRequest(one.head(), notes=notes) for one in handshakes]
    print_all(screen, kind, [explain(head) for head in heads])
    return out.getvalue()


def test_a_valid_request_is_printed_with_the_response_to_it() -> None:
    assert printed("a request head", VALID) == VALID_PRINTED


def test_a_rejected_request_is_printed_with_every_violation_and_the_causes() -> None:
    stripped = VALID.without(b"upgrade").but(b"connection", b"close")
    output = printed("a HAR file", stripped, VALID.asked(method="POST"))
    assert output.startswith(STRIPPED_PRINTED)
    assert "Rejected: 1 violation; our response is 405 Method Not Allowed.\n" in output
    assert output.endswith("\nMore: ws-handshake explain method_not_get\n")


def test_notes_come_last() -> None:
    output = printed("a request head", VALID, notes=("First.", "Second."))
    assert output == VALID_PRINTED + "\nNote: First.\n\nNote: Second.\n"


def explained(handshake: Handshake) -> Explained:
    return explain(
        PastedRequest(handshake.head(), notes=("a note",), server_status=400)
    )


def only(handshake: Handshake) -> dict[str, Any]:
    whole: Any = document("a request head", [explained(handshake)])
    (one,) = whole.pop("handshakes")
    assert whole == {"read_as": "a request head", "valid": one["valid"]}
    return dict(one)


@pytest.mark.parametrize("handshake", BROKEN.values(), ids=BROKEN)
def test_a_rejection_has_the_members_of_a_servers_response(
    handshake: Handshake,
) -> None:
    rejection = explained(handshake).rejection
    assert rejection is not None
    response = json.loads(render(rejection, http1=True).body)
    document = only(handshake)

    assert {name: document[name] for name in response} == response
    assert set(document) - set(response) == {
        *("valid", "request", "headers", "server_status", "notes")
    }


def test_an_acceptance_has_the_token_and_the_response() -> None:
    document = only(VALID)
    assert document["valid"] is True
    assert document["status"] == 101
    assert document["accept"] == ACCEPT
    assert document["response"][0] == "HTTP/1.1 101 Switching Protocols"


def test_the_request_is_reported_line_by_line() -> None:
    document = only(VALID.without(b"upgrade"))
    assert document["request"] == "GET /ws HTTP/1.1"
    assert document["headers"][0] == "Host: (9 characters)"
    assert document["headers"][-1] == "Upgrade: (missing)"
    assert document["server_status"] == 400
    assert document["notes"] == ["a note", "The server responded to it with 400."]


def test_of_several_all_must_be_valid() -> None:
    both = document("a HAR file", [explained(VALID), explained(BROKEN["one"])])
    assert both["valid"] is False
    assert document("a HAR file", [explained(VALID)] * 2)["valid"] is True


def test_a_complaint_has_the_same_form() -> None:
    assert complaint("Nothing.") == {
        "read_as": None,
        "valid": False,
        "handshakes": [],
        "error": "Nothing.",
    }
