"""One handshake, in all the forms in which people copy it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.handshakes import Handshake

_MADE_BY_URL = (b"host",)
_PLAIN_IN_CMD = re.compile(r"[^a-zA-Z0-9\s_\-:=+~'/.,?;()*`]")


def _url(handshake: Handshake) -> str:
    host = dict(handshake.headers)[b"host"]
    return f"wss://{host.decode('latin-1')}{handshake.target.decode('latin-1')}"


def _fields(handshake: Handshake, *left_out: bytes) -> list[tuple[str, str]]:
    return [
        (name.decode("latin-1").title(), value.decode("latin-1"))
        for name, value in handshake.headers
        if name not in left_out
    ]


def _curl(handshake: Handshake, quote: Callable[[str], str], join: str) -> bytes:
    words = [f"curl {quote(_url(handshake))}"]
    for name, value in _fields(handshake, *_MADE_BY_URL):
        if name == "Cookie":
            words.append(f"-b {quote(value)}")
        else:
            words.append(f"-H {quote(f'{name}: {value}' if value else f'{name};')}")
    return join.join([*words, "--compressed"]).encode("latin-1")


def _in_bash(text: str) -> str:
    if re.search(r"[\x00-\x1f\x7f-\x9f!']", text):
        plain = text.replace("\\", "\\\\").replace("'", "\\'")
        return "$'" + re.sub(r"[\x00-\x1f!]", _as_code, plain) + "'"
    return f"'{text}'"


def _as_code(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def _in_new_cmd(text: str) -> str:
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return '^"' + _PLAIN_IN_CMD.sub(r"^\g<0>", quoted) + '^"'


def _in_old_cmd(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '""') + '"'


def curl_in_bash(handshake: Handshake) -> bytes:
    """Copy as cURL (bash)."""
    return _curl(handshake, _in_bash, " \\\n  ")


def curl_in_cmd(handshake: Handshake) -> bytes:
    """Copy as cURL (cmd), as Chrome does it today."""
    return _curl(handshake, _in_new_cmd, " ^\n  ")


def curl_in_old_cmd(handshake: Handshake) -> bytes:
    """Copy as cURL (cmd), as Firefox and the Chrome of before do it."""
    return _curl(handshake, _in_old_cmd, " ^\r\n  ")


def powershell(handshake: Handshake) -> bytes:
    """Copy as PowerShell."""
    agent, cookie, fields = "", "", []
    for name, value in _fields(handshake, *_MADE_BY_URL):
        quoted = '"' + re.sub(r'[`$"]', r"`\g<0>", value) + '"'
        if name == "User-Agent":
            agent = f"$session.UserAgent = {quoted}\n"
        elif name == "Cookie":
            key, _, secret = value.partition("=")
            made = f'New-Object System.Net.Cookie("{key}", "{secret}", "/", "a")'
            cookie = f"$session.Cookies.Add(({made}))\n"
        else:
            fields.append(f'  "{name}"={quoted}')
    called = f'Invoke-WebRequest -UseBasicParsing -Uri "{_url(handshake)}" `\n'
    listed = "\n".join(["-WebSession $session `", "-Headers @{", *fields, "}"])
    session = "$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession\n"
    return (session + agent + cookie + called + listed).encode("latin-1")


def verbose(handshake: Handshake) -> bytes:
    """What curl -v prints."""
    sent = handshake.wire().partition(b"\r\n\r\n")[0].replace(b"\r\n", b"\n> ")
    before = b"*   Trying 127.0.0.1:80...\n* Connected to a port 80\n> "
    return before + sent + b"\n> \n< HTTP/1.1 404 Not Found\n< Server: a\n<\n{}\n"


def wire_with_lf(handshake: Handshake) -> bytes:
    """A head out of an editor."""
    return handshake.wire().replace(b"\r\n", b"\n").rstrip(b"\n")


def header_lines(handshake: Handshake) -> bytes:
    """Names and values, without a request line."""
    lines = [f"{name}: {value}" for name, value in _fields(handshake)]
    return "\n".join(lines).encode("latin-1")


def in_turns(handshake: Handshake) -> bytes:
    """Chrome's panel: the name in one line, the value in the next."""
    lines = [f"{name}:\n{value}" for name, value in _fields(handshake)]
    return "\n".join(lines).encode("latin-1")


def har(*handshakes: Handshake, status: int = 101) -> bytes:
    """A HAR file with these handshakes, between two other requests."""
    other = {"request": {"method": "GET", "url": "https://a/x.css", "headers": []}}
    entries = [
        {
            "_resourceType": "websocket",
            "request": {
                "method": one.method,
                "url": _url(one),
                "httpVersion": f"HTTP/{one.version}",
                "headers": [{"name": n, "value": v} for n, v in _fields(one)],
            },
            "response": {"status": status},
        }
        for one in handshakes
    ]
    return json.dumps({"log": {"entries": [other, *entries, other]}}).encode()


def hexdump(handshake: Handshake) -> bytes:
    """What xxd prints."""
    data = handshake.wire()
    rows = []
    for begin in range(0, len(data), 16):
        row = data[begin : begin + 16]
        pairs = " ".join(row[i : i + 2].hex() for i in range(0, len(row), 2))
        plain = re.sub(rb"[^ -~]", b".", row).decode()
        rows.append(f"{begin:08x}: {pairs:<39}  {plain}")
    return "\n".join(rows).encode()


def log(handshake: Handshake) -> bytes:
    """What websockets logs, with other lines between."""
    first, *lines = handshake.wire().decode("latin-1").split("\r\n")[:-2]
    logged = [
        "= connection is CONNECTING",
        *(f"< {line}" for line in (first, *lines)),
        "> HTTP/1.1 400 Bad Request",
    ]
    return "\n".join(
        f"10:12:{at:02} DEBUG [websockets.server] {line}"
        for at, line in enumerate(logged)
    ).encode("latin-1")


def scope(handshake: Handshake) -> bytes:
    """What print(scope) prints."""
    path, _, query = handshake.target.partition(b"?")
    return repr(
        {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": handshake.version,
            "method": handshake.method,
            "raw_path": path,
            "query_string": query,
            "headers": list(handshake.headers),
            "state": {},
        }
    ).encode()


def net_export(handshake: Handshake) -> bytes:
    """What Chrome writes at chrome://net-export."""
    first, *lines = handshake.wire().decode("latin-1").split("\r\n")[:-2]
    params = {"line": f"{first}\r\n", "headers": lines}
    return json.dumps({"events": [{"source": {"id": 1}, "params": params}]}).encode()


#: All forms in which the whole head arrives, by what they are called.
FORMS: dict[str, Callable[[Handshake], bytes]] = {
    "wire": lambda handshake: handshake.wire(),
    "wire with LF": wire_with_lf,
    "curl -v": verbose,
    "curl in bash": curl_in_bash,
    "curl in cmd": curl_in_cmd,
    "curl in the old cmd": curl_in_old_cmd,
    "PowerShell": powershell,
    "header lines": header_lines,
    "in turns": in_turns,
    "HAR": har,
    "hex dump": hexdump,
    "log": log,
    "ASGI scope": scope,
    "net export": net_export,
}
