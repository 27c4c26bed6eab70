"""Proxies and gateways that respond by themselves, or let only a part through."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import proxies
from tests.support.cli_fakes import SWITCHING, saying, serving
from tests.support.cli_runs import Probed, asked, probe
from tests.support.wires import free_port
from ws_handshake.cli.probe import subcommand
from ws_handshake.diagnosis.proxies import PROXIES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.cli_fakes import Script

DEFLATE = SWITCHING + b"Sec-WebSocket-Extensions: permessage-deflate\r\n"
IIS = b"Server: Microsoft-IIS/10.0\r\n"


def _asked(script: Script, path: str = "/ws") -> Probed:
    with serving(script) as port:
        return probe(f"ws://127.0.0.1:{port}{path}", "--timeout", "10")


def _said(status: int, fields: str, body: str = "") -> Script:
    head = f"HTTP/1.1 {status} No\r\n{fields}\r\nContent-Length: {len(body)}\r\n\r\n"
    return saying(f"{head}{body}".encode())


HTTP_SYS = """<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN">
<HTML><HEAD><TITLE>Bad Request</TITLE>
<META HTTP-EQUIV="Content-Type" Content="text/html; charset=us-ascii"></HEAD>
<BODY><h2>Bad Request - Invalid Hostname</h2>
<hr><p>HTTP Error 400. The request hostname is invalid.</p>
</BODY></HTML>
"""
AZURE = """<html>
<head><title>403 Forbidden</title></head>
<body>
<center><h1>403 Forbidden</h1></center>
<hr><center>Microsoft-Azure-Application-Gateway/v2</center>
</body>
</html>
"""
BY_THEMSELVES = [
    (
        _said(403, "Server: Microsoft-Azure-Application-Gateway/v2", AZURE),
        "403 from Azure Application Gateway, in front of the server",
        "403 Forbidden Microsoft-Azure-Application-Gateway/v2",
        (
            "Azure: read the gateway's firewall log; exclude the rule of its WAF that "
            "matches, or allow this path."
        ),
    ),
    (
        _said(
            400, "Server: Microsoft-HTTPAPI/2.0\r\nContent-Type: text/html", HTTP_SYS
        ),
        "400 from Microsoft HTTP.sys, in front of the server",
        (
            "Bad Request - Invalid Hostname HTTP Error 400. The request hostname is "
            "invalid."
        ),
        (
            "Add the host name to the bindings of the site, or to UrlPrefixes; switch "
            "on Windows' feature WebSocket Protocol."
        ),
    ),
    (
        _said(411, "Server: squid/5.7\r\nX-Squid-Error: ERR_INVALID_REQ 0"),
        "411 from Squid, a forward proxy on the client's side",
        "",
        PROXIES["Squid"].fix,
    ),
]


@pytest.mark.parametrize(
    ("script", "seen", "text", "fix"), BY_THEMSELVES, ids=["Azure", "HTTP.sys", "Squid"]
)
def test_what_stands_in_front_is_named_and_its_page_read(
    script: Script, seen: str, text: str, fix: str
) -> None:
    probed = _asked(script)
    response = probed.document["response"]

    assert (probed.verdict, probed.codes) == ("rejected", ["rejected_in_front"])
    assert (probed.seen, probed.fix, probed.causes) == (seen, fix, [])
    assert (response["by_itself"], response["text"]) == (True, text)


def test_an_http_integration_of_api_gateway_carries_no_websocket() -> None:
    script = _said(504, "x-amz-apigw-id: abc=", '{"message": "Endpoint timed out"}')
    probed = _asked(script)
    (cause,) = probed.document["causes"]

    assert probed.causes == [("proxy_stripped_upgrade", "likely")]
    assert cause["detail"] == (
        "API Gateway carries no WebSocket over an HTTP integration."
    )
    assert cause["fix"] == PROXIES["Amazon API Gateway"].fix
    assert probed.document["response"]["from"] == "Amazon API Gateway"


def test_a_page_at_a_doubled_slash_is_that_of_another_path() -> None:
    fields = "Content-Type: text/html"
    with serving(_said(200, fields, "<!doctype html>")) as port:
        probed = probe(f"ws://127.0.0.1:{port}//ws?token=x")

    assert (probed.codes, probed.causes) == (["html_instead"], [])
    assert probed.notes == ["doubled_slash"]
    assert probed.fix == (
        f"Write ws://127.0.0.1:{port}/ws?...: the path has a doubled slash."
    )


def test_an_acceptance_of_another_key_by_iis_is_that_of_its_own_handshake() -> None:
    other = DEFLATE.replace(b"{accept}", b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    probed = _asked(saying(other + IIS + b"\r\n"))

    assert (probed.codes, probed.fix) == (
        ["accept_wrong"],
        (
            "IIS, or its proxy ARR, made a handshake of its own, and passed on the "
            "response to that: install the Windows feature WebSocket Protocol."
        ),
    )


REAL = [("nginx", 502), ("apache", 503), ("haproxy", 503)]


@pytest.mark.parametrize(("name", "status"), REAL)
def test_a_real_proxy_without_a_server_behind_it(
    name: str, status: int, tmp_path: Path
) -> None:
    proxies.require(name)
    with proxies.proxy(name, "default", free_port(), tmp_path) as port:
        probed = probe(f"ws://127.0.0.1:{port}/ws", "--timeout", "10")

    assert probed.codes == ["rejected_in_front"]
    assert str(probed.seen).startswith(f"{status} from {_NAMES[name]}, ")


_NAMES = {"nginx": "nginx", "apache": "Apache", "haproxy": "HAProxy"}


def test_a_person_reads_who_it_was_and_what_the_page_says() -> None:
    script = _said(400, "Server: Microsoft-HTTPAPI/2.0", HTTP_SYS)
    with serving(script) as port:
        done = asked(subcommand, f"ws://127.0.0.1:{port}/ws", columns=80)

    assert (
        done.out.partition("400 No\n")[2]
        == """\

Rejected: the server responded, and did not accept the handshake.

  rejected_in_front: A proxy or gateway responded by itself, and not the server.
    seen      400 from Microsoft HTTP.sys, in front of the server
    fix       Add the host name to the bindings of the site, or to UrlPrefixes;
              switch on Windows' feature WebSocket Protocol.
    see       RFC 6455 section 4.1
    from      Microsoft HTTP.sys by itself, in front of the server
    body      Bad Request - Invalid Hostname HTTP Error 400. The request
              hostname is invalid.
"""
    )
