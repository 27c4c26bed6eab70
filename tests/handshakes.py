"""One sound handshake, and the ways to bend it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ws_handshake import RequestHead

#: The key and the accept token of RFC 6455 section 1.3.
KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

Header = tuple[bytes, bytes]


@dataclass(frozen=True)
class Handshake:
    """A request that can be bent: SOUND.without(b"upgrade").wire()."""

    method: str = "GET"
    target: bytes = b"/ws"
    version: str = "1.1"
    headers: tuple[Header, ...] = (
        (b"host", b"127.0.0.1"),
        (b"upgrade", b"websocket"),
        (b"connection", b"Upgrade"),
        (b"sec-websocket-key", KEY),
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

    def asked(self, **changes: Any) -> Handshake:
        """Change method, target, version or body."""
        return replace(self, **changes)

    def head(self, **changes: Any) -> RequestHead:
        """Return it as the rules get it."""
        head = RequestHead(self.method, self.version, self.headers, self.target, "http")
        return head._replace(**changes)

    def http_scope(self, **changes: Any) -> dict[str, Any]:
        """Return it as an ASGI server hands it on that saw no upgrade in it."""
        path, _, query = self.target.partition(b"?")
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": self.version,
            "method": self.method,
            "scheme": "http",
            "path": path.decode("latin-1"),
            "raw_path": path,
            "query_string": query,
            "root_path": "",
            "headers": list(self.headers),
            "client": ("203.0.113.9", 51544),
            "server": ("127.0.0.1", 8000),
            "state": {},
            **changes,
        }

    def websocket_scope(self, **changes: Any) -> dict[str, Any]:
        """Return it as an ASGI server hands it on that is to upgrade it."""
        scope = self.http_scope()
        del scope["method"]
        return {
            **scope,
            "type": "websocket",
            "scheme": "ws",
            "subprotocols": [],
            "extensions": {"websocket.http.response": {}},
            **changes,
        }

    def wire(self) -> bytes:
        """Return it as the bytes that go over the network."""
        first = b"%s %s HTTP/%s" % (
            self.method.encode("latin-1"),
            self.target,
            self.version.encode("ascii"),
        )
        lines = [first, *(name + b": " + value for name, value in self.headers)]
        return b"\r\n".join([*lines, b"", self.body])


SOUND = Handshake()
