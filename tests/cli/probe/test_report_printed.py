"""What a person reads: the steps as they end, then the verdict."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.support.cli_fakes import closing, saying, serving, talking
from tests.support.cli_runs import asked
from tests.support.handshakes import VALID
from tests.support.wires import free_port
from ws_handshake import judge
from ws_handshake.cli.probe import subcommand as probe
from ws_handshake.core.policy import Policy
from ws_handshake.diagnosis.signatures import diagnose
from ws_handshake.outcome.problem import render
from ws_handshake.outcome.rejection import Rejection

if TYPE_CHECKING:
    from tests.support.cli_fakes import Script

TIME = re.compile(r"(?m)^(  \w+) +\d+\.\d ms  ")


def _read(script: Script, *options: str) -> str:
    """Return what is printed, with `#` for times and PORT for the port."""
    with serving(script) as port:
        url = f"ws://127.0.0.1:{port}/ws"
        done = asked(probe, url, "--timeout", "5", *options, columns=80)
    assert done.err == ""
    return TIME.sub(r"\1 # ", done.out).replace(str(port), "PORT")


def test_a_valid_server_reads_like_this() -> None:
    assert (
        _read(talking())
        == """\
ws://127.0.0.1:PORT/ws

  name # 127.0.0.1 is an address
  tcp # connected to 127.0.0.1 port PORT
  request # GET /ws HTTP/1.1, 7 header lines
  response # HTTP/1.1 101 Switching Protocols
  ping # pong
  close # 1000

Valid: the server accepted the handshake, and frames get through.
"""
    )


def test_verbose_shows_the_bytes() -> None:
    lines = [line.strip() for line in _read(talking(), "-v").splitlines()]

    assert "> GET /ws HTTP/1.1" in lines
    assert "> Host: 127.0.0.1:PORT" in lines
    assert "< HTTP/1.1 101 Switching Protocols" in lines
    assert "< Upgrade: websocket" in lines
    assert any(line.startswith("> 89 88 ") for line in lines)
    assert any(line.startswith("< 8a 08 ") for line in lines)
    assert "< 88 02 03 e8" in lines


def test_a_server_that_explains_nothing_reads_like_this() -> None:
    response = (
        b"HTTP/1.1 404 Not Found\r\nServer: nginx\r\nContent-Length: 12\r\n\r\n"
        b"not\n  found\x1b"
    )
    assert (
        _read(saying(response)).partition("404 Not Found\n")[2]
        == """\

Rejected: the server responded, and did not accept the handshake.

  Cause: proxy_stripped_upgrade, likely
    what      A proxy removed the Upgrade and Connection headers. Proxies do so
              with hop-by-hop headers unless they are configured to forward
              them.
    fix       Let nginx forward Upgrade and Connection: proxy_http_version 1.1;
              proxy_set_header Upgrade $http_upgrade; proxy_set_header
              Connection upgrade;
    lines     nginx, http { }:
                map $http_upgrade $connection_upgrade {
                  default upgrade;
                  '' close;
                }
    lines     nginx, location { }:
                proxy_http_version 1.1;
                proxy_set_header Upgrade $http_upgrade;
                proxy_set_header Connection $connection_upgrade;
    more      ws-handshake explain proxy_stripped_upgrade

  response_not_101: The server did not accept the handshake.
    seen      404: nothing is on this path, or nothing for the plain request
              that arrived
    fix       Check the path, its prefix and trailing slash, and every proxy in
              between.
    see       RFC 6455 section 4.1
    from      nginx
    body      not found\\x1b
"""
    )


def _ours() -> bytes:
    request = VALID.without(b"upgrade", b"connection").plus(b"x-varnish", b"1").head()
    violations = judge(request).violations
    causes = diagnose(request, frozenset(f.reason for f in violations), Policy())
    return render(Rejection(violations, None, causes), http1=True).to_http1(
        method="GET"
    )


def test_a_rejection_of_ours_is_shown_in_full() -> None:
    assert (
        _read(saying(_ours())).partition("400 Bad Request\n")[2]
        == """\

Rejected: the server responded, and did not accept the handshake.

  Cause: proxy_stripped_upgrade, likely
    what      Varnish removed the Upgrade and Connection headers.
              Sec-WebSocket-Key arrived without them.
    fix       Let Varnish pipe WebSockets: return (pipe) for Upgrade in
              vcl_recv, and set bereq.http.upgrade and bereq.http.connection in
              vcl_pipe.
    lines     Varnish, default.vcl:
                sub vcl_recv {
                  if (req.http.upgrade ~ "(?i)websocket") { return (pipe); }
                }
                sub vcl_pipe {
                  set bereq.http.upgrade = req.http.upgrade;
                  set bereq.http.connection = req.http.connection;
                }
    more      ws-handshake explain proxy_stripped_upgrade

  Cause: http2_client, possible
    what      The client sent an HTTP/1.1 handshake over HTTP/2. It agreed on
              HTTP/2 in the TLS handshake (ALPN), and there is no Upgrade in
              HTTP/2.
    fix       reqwest: Client::builder().http1_only(); curl: --http1.1; Go:
              TLSNextProto set to an empty map; undici: allowH2: false

  upgrade_missing: The Upgrade header is missing.
    expected  websocket
    fix       Send Upgrade: websocket, and let proxies forward it.
    see       RFC 6455 section 4.2.1(3)

  connection_missing: The Connection header is missing.
    expected  Upgrade
    fix       Send Connection: Upgrade, and let proxies forward it.
    see       RFC 6455 section 4.2.1(4)
"""
    )


def test_a_rejection_whose_code_is_not_known_shows_the_code() -> None:
    response = (
        b"HTTP/1.1 400 Bad Request\r\nWebSocket-Handshake-Error: not_yet_known\r\n"
        b"Content-Length: 0\r\n\r\n"
    )

    assert _read(saying(response)).endswith("""\
  not_yet_known
    more      ws-handshake explain not_yet_known
""")


def test_a_page_of_html_is_not_printed_and_a_long_body_only_by_verbose() -> None:
    text = b"word " * 100
    page = b"HTTP/1.1 500 No\r\nContent-Length: 6\r\n\r\n<html>"
    long = b"HTTP/1.1 500 No\r\nContent-Length: 500\r\n\r\n" + text

    assert "body" not in _read(saying(page))
    assert " ".join(_read(saying(long)).split()).count("word") == 59
    assert " ".join(_read(saying(long), "-v").split()).count("word") == 100


def test_for_a_document_no_step_is_printed() -> None:
    with serving(talking()) as port:
        output = asked(probe, f"ws://127.0.0.1:{port}/ws", "--json", terminal=True)

    assert output.out.startswith("{")
    assert "response ..." in output.err


def test_a_server_that_is_not_there_reads_like_this() -> None:
    port = free_port()
    done = asked(probe, f"http://127.0.0.1:{port}/ws", columns=80)

    assert (
        TIME.sub(r"\1 # ", done.out)
        == f"""\
ws://127.0.0.1:{port}/ws

  name # 127.0.0.1 is an address
  tcp # 127.0.0.1: connection refused

Connection refused: nothing is listening on port {port}.

  connection_refused: Nothing is listening on this port.
    seen      127.0.0.1: connection refused
    fix       Start the server; check the port, and the address that it listens
              on.
    see       RFC 6455 section 4.1

  note        http:// was read as ws://.
"""
    )


def test_what_is_faulty_is_called_faulty() -> None:
    output = _read(talking(b"HTTP/1.1 101 x\r\n\r\n"))

    assert "Faulty: the server was reached, but the WebSocket does not work." in output


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_is_for_a_terminal_and_leaves_nothing_behind(
    *, terminal: bool
) -> None:
    with serving(talking()) as port:
        output = asked(probe, f"ws://127.0.0.1:{port}/ws", terminal=terminal)

    assert output.status == 0
    assert ("response ..." in output.err) is terminal
    assert "..." not in output.out


def test_quiet_shows_the_result_without_the_way_to_it() -> None:
    assert _read(talking(), "-q") == (
        "Valid: the server accepted the handshake, and frames get through.\n"
    )


def test_a_name_without_an_address_is_said_in_a_sentence() -> None:
    done = asked(probe, "ws://no-such-host.invalid/ws", "-q", "--timeout", "8")

    assert done.out.startswith("Name not found: no-such-host.invalid has no address.\n")


def test_no_line_is_wider_than_a_terminal() -> None:
    header = "X-Long: " + "word-" * 60
    page = b"HTTP/1.1 404 No\r\nX-Long: " + b"x" * 200 + b"\r\n\r\n" + b"y " * 400
    with serving(closing(page)) as port:
        url = f"ws://127.0.0.1:{port}/ws"
        options = ("-v", "-H", header, "--timeout", "20")
        done = asked(probe, url, *options, columns=80)

    assert max(map(len, done.out.splitlines())) <= 80
