"""A campaign of canaries: a new secret in each case, and nobody may tell it."""

from __future__ import annotations

import asyncio
import logging
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.fuzz import handshakes as fuzz_handshakes
from tests.support.asgi import ACCEPT, CLOSE
from tests.support.canaries import PLACES, leaks
from tests.support.voices import Voices

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
    """Put a secret into up to four places, and listen to every voice of every layer."""
    reported: list[bytes] = []
    tallies: list[Tally] = []
    with asyncio.Runner() as runner, _received(Voices(runner)) as voices:

        def case(random: Random, tally: Tally) -> None:
            secret = secret_of(random)
            handshake = hidden(random, fuzz_handshakes.bent(random), secret, tally)
            reported.append(secret)
            tallies[:] = [tally]
            for voice, text in voices.say(handshake, random.choice(_SCRIPTS)).items():
                listen(voice, text, [secret], tally)
            if len(reported) == EVERY:
                listen("metrics", voices.metrics(), reported, tally)
                reported.clear()

        yield case
        for tally in tallies:
            listen("metrics", voices.metrics(), reported, tally)


@contextmanager
def _received(voices: Voices) -> Iterator[Voices]:
    root = logging.getLogger()
    root.addHandler(voices.handler)
    try:
        yield voices
    finally:
        root.removeHandler(voices.handler)


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


def listen(voice: str, text: str, reported: Iterable[bytes], tally: Tally) -> None:
    """Count who has said something, and complain of every secret in it."""
    tally.count(f"said by: {voice}" if text else f"silent: {voice}")
    for secret in reported:
        for leak in leaks(text, secret):
            tally.complain(f"{voice} tells {leak!r}", text)
