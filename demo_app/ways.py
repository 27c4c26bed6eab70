"""Every reason of the catalogue, and the line that brings it about on this server."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from ws_handshake.reasons import CATALOGUE

_HANDSHAKE = (
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
)


@dataclass(frozen=True, slots=True)
class _Bent:
    """A handshake with other header lines, options for curl, or another path."""

    headers: tuple[str, ...] = _HANDSHAKE
    options: str = ""
    path: str = "/ws"

    def line(self, address: str) -> str:
        """Return it as a curl command."""
        first = f"curl -i {address}{self.path} {self.options}".rstrip()
        headers = (f"-H {shlex.quote(header)}" for header in self.headers)
        return _joined(first, *headers)


def _but(changed: str) -> _Bent:
    """One header with another value."""
    name = _name(changed)
    return _Bent(tuple(changed if _name(h) == name else h for h in _HANDSHAKE))


def _without(name: str) -> _Bent:
    return _Bent(tuple(header for header in _HANDSHAKE if _name(header) != name))


def _with(*headers: str) -> _Bent:
    return _Bent((*_HANDSHAKE, *headers))


def _name(header: str) -> str:
    return header.partition(":")[0]


@dataclass(frozen=True, slots=True)
class _Raw:
    """A handshake that curl sends only if it is given every byte."""

    extra: str

    def line(self, address: str) -> str:
        """Return it as text that is piped through curl."""
        host = address.removeprefix("http://")
        sent = ("GET /ws HTTP/1.1", f"Host: {host}", self.extra, *_HANDSHAKE, "")
        text = _joined(r"printf '%s\r\n'", *map(shlex.quote, sent))
        return f"{text} |\n  curl -s telnet://{host}"


def _joined(*parts: str) -> str:
    return " \\\n  ".join(parts)


@dataclass(frozen=True, slots=True)
class _Never:
    """What cannot happen here, and why."""

    why: str


_WAYS: dict[str, _Bent | _Raw | _Never] = {
    "method_not_get": _Bent(options="-X POST"),
    "http_version_too_old": _Bent(options="--http1.0"),
    "host_missing": _with("Host:"),
    "host_malformed": _with("Host: two words"),
    "host_duplicated": _Raw("Host: elsewhere.example"),
    "upgrade_missing": _without("Upgrade"),
    "upgrade_not_websocket": _but("Upgrade: h2c"),
    "connection_missing": _without("Connection"),
    "connection_not_upgrade": _but("Connection: keep-alive"),
    "key_missing": _without("Sec-WebSocket-Key"),
    "key_malformed": _but("Sec-WebSocket-Key: AAAA"),
    "key_duplicated": _with("Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg=="),
    "version_missing": _without("Sec-WebSocket-Version"),
    "version_unsupported": _but("Sec-WebSocket-Version: 8"),
    "version_duplicated": _with("Sec-WebSocket-Version: 8"),
    "subprotocol_malformed": _with("Sec-WebSocket-Protocol: chat room"),
    "extensions_malformed": _with("Sec-WebSocket-Extensions: permessage-deflate; ="),
    "origin_missing": _Never(
        "Clients that are no browsers send no Origin, and this server lets them in; "
        "allow_missing_origin=False would refuse them."
    ),
    "origin_not_allowed": _with("Origin: https://elsewhere.example"),
    "origin_duplicated": _with(
        "Origin: https://one.example", "Origin: https://two.example"
    ),
    "body_unexpected": _Bent(options="-X GET --data hello"),
    "head_malformed": _with("Odd Name: a header name with a space in it"),
    "headers_too_large": _Bent(options='-H "X-Long: $(seq -s, 2000)"'),
    "http1_handshake_over_http2": _Never(
        "This server speaks no HTTP/2; under hypercorn it can happen."
    ),
    "not_a_handshake": _Bent(headers=()),
    "server_did_not_upgrade": _Never(
        "This server upgrades every sound handshake; one that was started with "
        "--ws none would not."
    ),
    "denied_by_app": _Bent(path="/nowhere"),
    "internal_error": _Never(
        "It takes a fault in the code of the check itself. None is known."
    ),
}


def sound_line(address: str) -> str:
    """Return a handshake that is accepted; curl waits, so it is ended by the clock."""
    return _Bent(options="--max-time 1").line(address)


def all_ways(address: str) -> list[dict[str, str | int | None]]:
    """Return a row per reason: a line for the terminal, or why there is none."""
    rows: list[dict[str, str | int | None]] = []
    for reason in CATALOGUE:
        way = _WAYS[reason.code]
        never = way.why if isinstance(way, _Never) else None
        line = None if isinstance(way, _Never) else way.line(address)
        rows.append(
            {
                "code": reason.code,
                "status": reason.status,
                "what": reason.what,
                "fix": reason.fix,
                "rfc": reason.rfc,
                "line": line,
                "never": never,
            }
        )
    return rows
