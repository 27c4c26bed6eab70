"""One case of the corpus: a handshake in bytes, and its outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tests.support.handshakes import KEY, VALID

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.support.handshakes import Handshake

#: The outcome: 101, the application's own response, or the codes of a rejection.
Expected = tuple[str, ...] | Literal["accepted", "app"]


@dataclass(frozen=True)
class Case:
    """A phrase, the bytes, the expected outcome, and the clause that asks for it.

    `key` is what the accept token of an accepted one is made of.
    """

    name: str
    data: bytes
    expected: Expected
    rfc: str
    key: bytes = KEY


@dataclass(frozen=True)
class Differing:
    """A case where HTTP parsers may differ, and the outcome for each."""

    name: str
    data: bytes
    h11: Expected
    httptools: Expected
    rfc: str

    def under(self, parser: str) -> Case:
        """Return the case as it must come out under one parser."""
        expected = self.h11 if parser == "h11" else self.httptools
        return Case(self.name, self.data, expected, self.rfc)


def bent(
    rfc: str, expected: Expected, handshakes: Mapping[str, Handshake]
) -> tuple[Case, ...]:
    """Return one case per handshake, all with the same outcome."""
    return tuple(
        Case(name, handshake.wire(), expected, rfc)
        for name, handshake in handshakes.items()
    )


def valued(
    field: bytes, rfc: str, expected: Expected, values: Mapping[str, bytes]
) -> tuple[Case, ...]:
    """Return one case per value of a field in an otherwise valid handshake."""
    return bent(
        rfc,
        expected,
        {
            f"{field.decode()}: {name}": VALID.but(field, value)
            for name, value in values.items()
        },
    )


def lines(
    field: bytes, rfc: str, expected: Expected, several: Mapping[str, tuple[bytes, ...]]
) -> tuple[Case, ...]:
    """Return one case per choice of lines of a field, in place of the valid one."""
    cases = {}
    for name, values in several.items():
        handshake = VALID.without(field)
        for value in values:
            handshake = handshake.plus(field, value)
        cases[f"{field.decode()}: {name}"] = handshake
    return bent(rfc, expected, cases)


def raw(
    rfc: str, expected: Expected, requests: Mapping[str, bytes]
) -> tuple[Case, ...]:
    """Return one case per request that no Handshake can express."""
    return tuple(Case(name, data, expected, rfc) for name, data in requests.items())
