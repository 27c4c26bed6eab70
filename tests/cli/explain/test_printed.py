from __future__ import annotations

import io

from tests.support.handshakes import VALID, Handshake
from ws_handshake.cli.explain.explained import explain
from ws_handshake.cli.explain.printed import print_all
from ws_handshake.cli.pasted.head import PastedHead
from ws_handshake.cli.screen import Screen

VALID_PRINTED = """\
Taken for a request head.

    GET /ws HTTP/1.1
    Host: (9 characters)
    Upgrade: websocket
    Connection: Upgrade
    Sec-WebSocket-Key: (24 characters)
    Sec-WebSocket-Version: 13

Valid. Who accepts it responds:

    HTTP/1.1 101 Switching Protocols
    Upgrade: websocket
    Connection: Upgrade
    Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
"""

STRIPPED_PRINTED = """\
Taken for a HAR file, with 2 handshakes.

Handshake 1 of 2

    GET /ws HTTP/1.1
    Host: (9 characters)
  > Connection: close   connection_not_upgrade
    Sec-WebSocket-Key: (24 characters)
    Sec-WebSocket-Version: 13
  > Upgrade: (missing)  upgrade_missing

Rejected, 2 violations; our response is 400 Bad Request.

upgrade_missing
  The Upgrade header is missing.
  expected  websocket
  received  nothing
  fix       Send Upgrade: websocket, and let every proxy between pass it on.
  see       RFC 6455 section 4.2.1(3)

connection_not_upgrade
  The Connection header is not a list with upgrade in it.
  expected  Upgrade
  received  close
  fix       Send Connection: Upgrade, and let every proxy between set it again.
  see       RFC 6455 section 4.2.1(4)

Cause: proxy_stripped_upgrade, likely
  A proxy or firewall removed the Upgrade and Connection headers. Sec-WebSocket-Key
  arrived without them.
  fix       If it stands on the client's side, connect over wss://; if it is your
            own, let it forward both, in nginx: proxy_http_version 1.1;
            proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection
            upgrade;

Or: http2_client, possible
  The client sent an HTTP/1.1 handshake over HTTP/2. It agreed on HTTP/2 in the TLS
  handshake (ALPN), and there is no Upgrade in HTTP/2.
  fix       reqwest: Client::builder().http1_only(); curl: --http1.1; Go:
            TLSNextProto set to an empty map; undici: allowH2: false

More: ws-handshake explain proxy_stripped_upgrade

Handshake 2 of 2

  > POST /ws HTTP/1.1  method_not_get
"""


def printed(kind: str, *handshakes: Handshake, notes: tuple[str, ...] = ()) -> str:
    out = io.StringIO()
    screen = Screen.of(out, io.StringIO(), {"COLUMNS": "82"})
    heads = [PastedHead(one.head(), notes=notes) for one in handshakes]
    print_all(screen, kind, [explain(head) for head in heads])
    return out.getvalue()


def test_a_valid_request_is_printed_with_the_response_to_it() -> None:
    assert printed("a request head", VALID) == VALID_PRINTED


def test_a_rejected_request_is_printed_with_every_violation_and_the_causes() -> None:
    stripped = VALID.without(b"upgrade").but(b"connection", b"close")
    reported = printed("a HAR file", stripped, VALID.asked(method="POST"))
    assert reported.startswith(STRIPPED_PRINTED)
    assert (
        "Rejected, 1 violation; our response is 405 Method Not Allowed.\n" in reported
    )
    assert reported.endswith("\nMore: ws-handshake explain method_not_get\n")


def test_notes_come_last() -> None:
    reported = printed("a request head", VALID, notes=("First.", "Second."))
    assert reported == VALID_PRINTED + "\nNote: First.\n\nNote: Second.\n"
