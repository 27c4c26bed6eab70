"""Valid handshakes of a given length, as identity proxies make them long."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, count
from typing import TYPE_CHECKING

from tests.bench.requests import HANDSHAKE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.handshakes import Handshake

KIB = 1024
#: From half a KiB to 64 KiB.
SIZES = tuple(KIB << power >> 1 for power in range(8))

# Without the offer of compression, whose cost is not one of the head's length.
_BASE = HANDSHAKE.without(b"sec-websocket-extensions", b"cookie")
_LETTERS = b"eyJhbGciOiJSUzI1NiIsImtpZCI6IjFiOTQifQ"  # how a JWT begins


@dataclass(frozen=True)
class Form:
    """How a head is made long: by lines of at most so many bytes."""

    title: str
    most: int

    def handshake(self, size: int) -> Handshake:
        """Return a handshake whose head has exactly this many bytes."""
        handshake, names = _BASE, _names()
        for length in self._lengths(size - len(_BASE.wire())):
            name = next(names)
            handshake = handshake.plus(name, _text(length - len(name) - 4))
        return handshake

    def _lengths(self, total: int) -> list[int]:
        lines = -(-total // self.most)
        return [(total + number) // lines for number in range(lines)]


LONG_LINES = Form("lines of 1 KiB", KIB)
SHORT_LINES = Form("lines of 256 bytes", 256)
FORMS = (LONG_LINES, SHORT_LINES)


def _names() -> Iterator[bytes]:
    return chain([b"cookie"], (b"x-token-%03d" % number for number in count(1)))


def _text(length: int) -> bytes:
    return (_LETTERS * (length // len(_LETTERS) + 1))[:length]
