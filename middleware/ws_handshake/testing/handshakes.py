"""A valid handshake, and the ways to change it."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import Any, TypedDict, Unpack
from urllib.parse import unquote

from ws_handshake.asgi.scope import VERDICT_KEY
from ws_handshake.core.grammar import elements
from ws_handshake.core.policy import Limits, Policy
from ws_handshake.core.request import PROTOCOL, RequestHead
from ws_handshake.core.verdict import judge

Header = tuple[bytes, bytes]


class _Parts(TypedDict, total=False):
    method: str
    target: bytes
    version: str
    headers: tuple[Header, ...]
    body: bytes


@dataclass(frozen=True)
class Handshake:
    """A request to change; the names of its headers are lower-case, as in ASGI.

    Every change returns another handshake: VALID.without(b"upgrade").

    Args:
        method: the method.
        target: the target of the request line.
        version: the version of HTTP.
        headers: pairs of a name and a value.
        body: what stands behind the head.

    """

    method: str = "GET"
    target: bytes = b"/ws"
    version: str = "1.1"
    headers: tuple[Header, ...] = (
        (b"host", b"127.0.0.1"),
        (b"upgrade", b"websocket"),
        (b"connection", b"Upgrade"),
        (b"sec-websocket-key", b"dGhlIHNhbXBsZSBub25jZQ=="),  # of RFC 6455 section 1.3
        (b"sec-websocket-version", b"13"),
    )
    body: bytes = b""

    def without(self, *names: bytes) -> Handshake:
        """Leave out every line with one of these names."""
        kept = tuple(field for field in self.headers if field[0] not in names)
        return replace(self, headers=kept)

    def but(self, name: bytes, value: bytes) -> Handshake:
        """Give the one line called `name` another value, or add it at the end."""
        if all(key != name for key, _ in self.headers):
            return self.plus(name, value)
        changed = tuple((key, value if key == name else v) for key, v in self.headers)
        return replace(self, headers=changed)

    def plus(self, name: bytes, value: bytes) -> Handshake:
        """Add a line at the end."""
        return replace(self, headers=(*self.headers, (name, value)))

    def asked(self, **changes: Unpack[_Parts]) -> Handshake:
        """Change method, target, version, all headers or body."""
        return replace(self, **changes)

    def head(self, **changes: Any) -> RequestHead:  # noqa: ANN401  (as _replace has it)
        """Return it as the rules get it."""
        request = RequestHead(
            self.method, self.version, self.headers, self.target, "http"
        )
        return request._replace(**changes)

    def http_scope(self, **changes: Any) -> dict[str, Any]:  # noqa: ANN401  (ASGI's)
        """Return its scope from an ASGI server that saw no upgrade in it."""
        path, _, query = self.target.partition(b"?")
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": self.version,
            "method": self.method,
            "scheme": "http",
            "path": unquote(path.decode("latin-1")),
            "raw_path": path,
            "query_string": query,
            "root_path": "",
            "headers": list(self.headers),
            "client": ("203.0.113.9", 51544),
            "server": ("127.0.0.1", 8000),
            "state": {},
            **changes,
        }

    def websocket_scope(self, **changes: Any) -> dict[str, Any]:  # noqa: ANN401  (ditto)
        """Return its scope from an ASGI server that is about to upgrade it."""
        scope = self.http_scope()
        del scope["method"]
        offered = b",".join(value for name, value in self.headers if name == PROTOCOL)
        return {
            **scope,
            "type": "websocket",
            "scheme": "ws",
            "subprotocols": [name.decode("latin-1") for name in elements(offered)],
            "extensions": {"websocket.http.response": {}},
            **changes,
        }

    def scope(self, **changes: Any) -> dict[str, Any]:  # noqa: ANN401  (ditto)
        """Return its scope from a server with our class: a valid one is to upgrade.

        Over HTTP/2 there is no protocol class; what comes as a CONNECT is a WebSocket.
        """
        request = self.head()
        if request.is_http2() or not request.is_attempt():
            plain = self.method != "CONNECT"
            return (self.http_scope if plain else self.websocket_scope)(**changes)
        verdict = judge(request, Policy(limits=Limits.of(os.environ)))
        state = {**changes.pop("state", {}), VERDICT_KEY: verdict}
        kind = self.websocket_scope if verdict.accepted else self.http_scope
        return kind(state=state, **changes)

    def wire(self) -> bytes:
        """Return it as the bytes that go over the network."""
        first = b"%s %s HTTP/%s" % (
            self.method.encode("latin-1"),
            self.target,
            self.version.encode("ascii"),
        )
        lines = [first, *(name + b": " + value for name, value in self.headers)]
        return b"\r\n".join([*lines, b"", self.body])


#: A handshake with nothing wrong, to change.
VALID = Handshake()
