"""A request to send to the demo: as text, as bytes, and as a line for the shell."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace

HANDSHAKE = (
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
)

# Stands for the host and port of the demo, which every client fills in by itself.
_HERE = "{host}"


@dataclass(frozen=True, slots=True)
class Head:
    """A request: a valid handshake, unless it is bent.

    `typed` is what a shell is to be given in the place of the header lines that are too
    long for it, and `exact` says that curl cannot be brought to send it by options.
    """

    headers: tuple[str, ...] = HANDSHAKE
    method: str = "GET"
    path: str = "/ws"
    version: str = "HTTP/1.1"
    hosts: tuple[str, ...] = (_HERE,)
    body: str = ""
    typed: str = ""
    exact: bool = False

    def but(self, changed: str) -> Head:
        """Give one header another value."""
        name = _name(changed)
        lines = (changed if _name(line) == name else line for line in self.headers)
        return replace(self, headers=tuple(lines))

    def without(self, *names: str) -> Head:
        """Leave headers out."""
        kept = (line for line in self.headers if _name(line) not in names)
        return replace(self, headers=tuple(kept))

    def plus(self, *lines: str) -> Head:
        """Add header lines at the end."""
        return replace(self, headers=(*self.headers, *lines))

    def text(self, host: str) -> str:
        """Return the request as a person reads it: lines, an empty one, the body."""
        return "\n".join([*self._lines(host), "", self.body])

    def line(self, address: str, options: str = "") -> str:
        """Return a command that sends it to the demo at `address`."""
        write = self._printed if self.exact else self._asked
        return write(address, [options] if options else [])

    def _lines(self, host: str) -> list[str]:
        hosts = (f"Host: {value.format(host=host)}" for value in self.hosts)
        return [f"{self.method} {self.path} {self.version}", *hosts, *self.headers]

    def _asked(self, address: str, more: list[str]) -> str:
        options = [*more]
        options += [f"-X {self.method}"] if self.method != "GET" or self.body else []
        options += ["--http1.0"] if self.version == "HTTP/1.0" else []
        options += [f"--data {self.body}"] if self.body else []
        options += [self.typed] if self.typed else []
        first = " ".join([f"curl -i {address}{self.path}", *options])
        return _joined(first, *(f"-H {shlex.quote(line)}" for line in self._given()))

    def _given(self) -> list[str]:
        """Return the header lines that curl does not make by itself."""
        if self.typed:
            return list(HANDSHAKE)
        hosts = () if self.hosts == (_HERE,) else self.hosts or ("",)
        own = [line for line in self.headers if _name(line) != "Content-Length"]
        return [*own, *(f"Host: {value}".rstrip() for value in hosts)]

    def _printed(self, address: str, options: list[str]) -> str:
        """Return it as text that is piped through curl."""
        host = address.removeprefix("http://")
        lines = map(shlex.quote, self.text(host).removesuffix("\n").split("\n"))
        printed = _joined(r"printf '%s\r\n'", *lines)
        return f"{printed} |\n  {' '.join(['curl -s', *options])} telnet://{host}"


VALID = Head()


def _name(line: str) -> str:
    return line.partition(":")[0]


def _joined(*parts: str) -> str:
    return " \\\n  ".join(parts)
