"""A request to send to the demo: as text, as bytes, and as a line for a shell."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, replace

HANDSHAKE = (
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
)

_unprintable = re.compile(r"[^\n -~]")

# Stands for the host and port of the demo, which every client fills in by itself.
_HERE = "{host}"


@dataclass(frozen=True, slots=True)
class Request:
    """A request: a valid handshake, unless something of it is changed.

    `typed` is what a shell gets instead of header lines that are too long to type.
    `exact` says that no option of curl sends this request, so that it is piped as text.
    """

    headers: tuple[str, ...] = HANDSHAKE
    method: str = "GET"
    path: str = "/ws"
    version: str = "HTTP/1.1"
    hosts: tuple[str, ...] = (_HERE,)
    body: str = ""
    typed: str = ""
    exact: bool = False

    def but(self, changed: str) -> Request:
        """Give one header another value."""
        name = _name(changed)
        lines = (changed if _name(line) == name else line for line in self.headers)
        return replace(self, headers=tuple(lines))

    def without(self, *names: str) -> Request:
        """Leave headers out."""
        kept = (line for line in self.headers if _name(line) not in names)
        return replace(self, headers=tuple(kept))

    def plus(self, *lines: str) -> Request:
        """Add header lines at the end."""
        return replace(self, headers=(*self.headers, *lines))

    def text(self, host: str) -> str:
        """Return the request as a person reads it: lines, an empty one, the body."""
        return "\n".join([*self._lines(host), "", self.body])

    def line(self, address: str, options: str = "") -> str:
        """Return a command line that sends it to the demo at `address`."""
        command = self._piped if self.exact else self._by_options
        return command(address, [options] if options else [])

    def _lines(self, host: str) -> list[str]:
        hosts = (f"Host: {value.format(host=host)}" for value in self.hosts)
        return [f"{self.method} {self.path} {self.version}", *hosts, *self.headers]

    def _by_options(self, address: str, more: list[str]) -> str:
        options = [*more]
        options += [f"-X {self.method}"] if self.method != "GET" or self.body else []
        options += ["--http1.0"] if self.version == "HTTP/1.0" else []
        options += [f"--data {self.body}"] if self.body else []
        options += [self.typed] if self.typed else []
        first = " ".join([f"curl -i {address}{self.path}", *options])
        headers = (f"-H {shlex.quote(line)}" for line in self._typed_headers())
        return _joined(first, *headers)

    def _typed_headers(self) -> list[str]:
        """Return the header lines that curl does not write by itself."""
        if self.typed:
            return list(HANDSHAKE)
        hosts = () if self.hosts == (_HERE,) else self.hosts or ("",)
        own = [line for line in self.headers if _name(line) != "Content-Length"]
        return [*own, *(f"Host: {value}".rstrip() for value in hosts)]

    def _piped(self, address: str, options: list[str]) -> str:
        """Return it as text that is piped through curl."""
        host = address.removeprefix("http://")
        lines = map(shlex.quote, self.text(host).removesuffix("\n").split("\n"))
        printed = _joined(r"printf '%s\r\n'", *lines)
        return f"{printed} |\n  {' '.join(['curl -s', *options])} telnet://{host}"


VALID = Request()


def wire(text: str) -> bytes:
    """Return a request as it is sent: lines end in CRLF, the head in an empty one."""
    lines = text.replace("\r\n", "\n")
    if "\n\n" not in lines.lstrip("\n"):
        lines = lines.rstrip("\n") + "\n\n"
    return encoded(lines.replace("\n", "\r\n"))


def encoded(text: str) -> bytes:
    """Return the bytes of a text; JSON may have half a surrogate pair in it."""
    return text.encode("utf-8", "surrogatepass")


def shown(data: bytes, limit: int) -> str:
    r"""Return bytes for a person: CRLF ends a line, what is not ASCII is \xNN."""
    text = data[:limit].replace(b"\r\n", b"\n").decode("latin-1")
    more = f"\n... and {len(data) - limit:,} bytes more" if len(data) > limit else ""
    return _unprintable.sub(lambda m: f"\\x{ord(m[0]):02x}", text) + more


def _name(line: str) -> str:
    return line.partition(":")[0]


def _joined(*parts: str) -> str:
    return " \\\n  ".join(parts)
