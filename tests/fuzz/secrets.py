"""A campaign of canaries: a new secret in each case, which no output may contain."""

from __future__ import annotations

import asyncio
import logging
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.fuzz import handshakes as fuzz_handshakes
from tests.support.asgi import ACCEPT, CLOSE
from tests.support.canaries import PLACES, leaks
from tests.support.outputs import Outputs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from random import Random

    from tests.fuzz.differential import Case
    from tests.fuzz.tally import Tally
    from tests.support.handshakes import Handshake

_ALPHABET = b"GHJKMNPQRSTVWXYZ23456789"
# A secret may be odd bytes, too; they are to hide nothing.
_PREFIXES = (b"", b"", b"", b"\xff", b"\x1b[31m", b"%41", b'"', b"a b", b"\xe2\x80\xae")
_SCRIPTS = ((), (ACCEPT,), (CLOSE,))
# The metrics only ever grow, so that it is enough to look at them now and then.
EVERY = 500


@contextmanager
def secrets() -> Iterator[Case]:
    """Put a secret into up to four places, and look for it in every output."""
    secrets_sent: list[bytes] = []
    tallies: list[Tally] = []
    with asyncio.Runner() as runner, _logging_to(Outputs(runner)) as outputs:

        def case(random: Random, tally: Tally) -> None:
            secret = secret_of(random)
            handshake = hidden(random, fuzz_handshakes.bent(random), secret, tally)
            secrets_sent.append(secret)
            tallies[:] = [tally]
            for output, text in outputs.of(handshake, random.choice(_SCRIPTS)).items():
                search(output, text, [secret], tally)
            if len(secrets_sent) == EVERY:
                search("metrics", outputs.metrics(), secrets_sent, tally)
                secrets_sent.clear()

        yield case
        for tally in tallies:
            search("metrics", outputs.metrics(), secrets_sent, tally)


@contextmanager
def _logging_to(outputs: Outputs) -> Iterator[Outputs]:
    root = logging.getLogger()
    root.addHandler(outputs.handler)
    try:
        yield outputs
    finally:
        root.removeHandler(outputs.handler)


def secret_of(random: Random) -> bytes:
    """Return a secret; it has a digit, for letters alone may be a method."""
    return random.choice(_PREFIXES) + bytes(random.choices(_ALPHABET, k=19)) + b"7"


def hidden(
    random: Random, handshake: Handshake, secret: bytes, tally: Tally
) -> Handshake:
    """Put it into several places, among the other lines."""
    names = random.sample(sorted(PLACES), random.randint(1, 4))
    tally.count(*(f"hidden in: {name}" for name in names))
    for name in names:
        handshake = PLACES[name](handshake, secret)
    headers = list(handshake.headers)
    random.shuffle(headers)
    return replace(handshake, headers=tuple(headers))


def search(output: str, text: str, secrets_sent: Iterable[bytes], tally: Tally) -> None:
    """Count the outputs that are not empty, and complain of every secret in them."""
    tally.count(f"written by: {output}" if text else f"empty: {output}")
    for secret in secrets_sent:
        for leak in leaks(text, secret):
            tally.complain(f"{output} contains {leak!r}", text)
