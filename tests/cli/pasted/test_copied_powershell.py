from __future__ import annotations

import pytest

from ws_handshake import judge
from ws_handshake.cli.pasted.copied import (
    NOT_SENT,
    powershell_commands,
    read_powershell,
)

SESSION = b"""$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession
$session.UserAgent = "Mozilla/5.0 ""quoted"" `$x$([char]233)$([char]9999999)"
$session.Cookies.Add((New-Object System.Net.Cookie("a", "b", "/", "chat.example.com")))
$other = "ignored"
$session.Cookies.Add((New-Object System.Net.Cookie("c", 'd''e', "/", "x")))
"""
CALL = b"""Invoke-WebRequest -UseBasicParsing -Uri "wss://chat.example.com/ws?t=u" `
-WebSession $session `
-Headers @{
"Upgrade"="websocket"
  "Connection"='Upgrade'
  "Sec-WebSocket-Version"="13"
}"""


def test_the_session_and_the_headers_make_the_request() -> None:
    pasted = read_powershell(SESSION + CALL)

    assert pasted.notes == (NOT_SENT,)
    assert (pasted.request.method, pasted.request.target) == ("GET", b"/ws?t=u")
    assert pasted.request.headers == [
        (b"host", b"chat.example.com"),
        (b"user-agent", b'Mozilla/5.0 "quoted" $x\xc3\xa9\xf4\x8f\xbf\xbf'),
        (b"upgrade", b"websocket"),
        (b"connection", b"Upgrade"),
        (b"sec-websocket-version", b"13"),
        (b"cookie", b"a=b; c=d'e"),
    ]
    assert judge(pasted.request).codes == ("key_missing",)


@pytest.mark.parametrize(
    ("call", "method", "body"),
    [
        (b'-Method "POST" -Body "a"', "POST", True),
        (b"-method Put", "PUT", False),
        (b"", "GET", False),
    ],
)
def test_method_and_body_are_options(call: bytes, method: str, *, body: bool) -> None:
    head = read_powershell(b'Invoke-RestMethod -Uri "https://a" ' + call).request
    assert head.method == method
    assert (b"content-length" in dict(head.headers)) is body


def test_a_host_that_was_copied_stays() -> None:
    text = b'Invoke-WebRequest -Uri "http://a" -Headers @{"Host"="b"}'
    assert read_powershell(text).request.headers == [(b"host", b"b")]


def test_without_an_address_there_is_no_host() -> None:
    assert read_powershell(b'Invoke-WebRequest "open').request.headers == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (b"invoke-webrequest a", True),
        (b"$r = Invoke-RestMethod a", True),
        (b"Invoke-WebRequests", False),
        (b"curl a", False),
    ],
)
def test_a_command_is_recognised_by_its_name(text: bytes, *, wanted: bool) -> None:
    assert bool(powershell_commands(text)) is wanted


def test_each_of_several_commands_has_its_session() -> None:
    command = b'Invoke-WebRequest -Uri "https://a/%d"\n'
    session = b"$session = New-Object A\n"
    both = session + command % 1 + session + command % 2
    assert powershell_commands(both) == [session + command % 1, session + command % 2]
    assert powershell_commands(command % 1 + command % 2) == [command % 1, command % 2]
