"""Campaigns against peers: no disagreement but those that a row explains."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from tests.fuzz import handshakes as fuzz_handshakes
from tests.fuzz.differential_rows import (
    as_read,
    judged,
    why_accepted,
    why_read_otherwise,
    why_rejected,
)
from tests.support.peers import PARSERS, PEERS, as_handed_over, parsed
from tests.support.peers_sockets import serving_aiohttp, serving_ws, token_from

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from random import Random

    from tests.fuzz.differences import Row
    from tests.fuzz.differential_rows import Judged
    from tests.fuzz.tally import Tally
    from tests.support.peers import Peer

    Case = Callable[[Random, Tally], None]


@contextmanager
def in_process() -> Iterator[Case]:
    """Compare with websockets, wsproto, h11 and httptools."""

    def case(random: Random, tally: Tally) -> None:
        ours = judged(fuzz_handshakes.wire(random))
        _ask_all(PEERS, ours, tally)
        for who, parse in PARSERS.items():
            compare_form(who, ours, parse(ours.data), tally)

    yield case


@contextmanager
def over_sockets() -> Iterator[Case]:
    """Compare with Node's ws and aiohttp, which can only be asked over a socket."""
    with serving_ws() as ws, serving_aiohttp() as aiohttp:
        peers = {"ws": partial(token_from, ws), "aiohttp": partial(token_from, aiohttp)}

        def case(random: Random, tally: Tally) -> None:
            _ask_all(peers, judged(fuzz_handshakes.wire(random)), tally)

        yield case


def _ask_all(peers: Mapping[str, Peer], ours: Judged, tally: Tally) -> None:
    for who, peer in peers.items():
        compare(who, ours, peer(ours.data), tally)
        if ours.token is not None:
            theirs = peer(as_handed_over(as_read(ours)))
            compare(who, ours, theirs, tally, handed=True)


def compare(
    who: str, ours: Judged, theirs: str | None, tally: Tally, *, handed: bool = False
) -> None:
    """Compare tokens; `handed` means that it was sent as we would hand it over."""
    how = f"{who}, handed over" if handed else who
    if theirs == ours.token:
        tally.count(f"{how}: both {'accept' if theirs else 'reject'}")
    elif theirs is None:
        _explain(f"{how} rejects", ours, why_rejected(who, ours, handed=handed), tally)
    elif ours.token is None:
        _explain(f"{how} accepts", ours, why_accepted(who, ours.codes), tally)
    else:
        tally.complain(f"{how} makes another token", ours.data)


def compare_form(who: str, ours: Judged, theirs: object, tally: Tally) -> None:
    """Compare what a parser reads: it judges no handshake, only the form."""
    if theirs is None:
        rows = why_rejected(who, ours) if ours.token else []
        _explain(f"{who} rejects", ours, rows, tally)
    elif ours.flaws:
        _explain(f"{who} accepts", ours, why_accepted(who, ours.flaws), tally)
    elif theirs == parsed(ours.head):
        tally.count(f"{who}: both read the same")
    else:
        rows = why_read_otherwise(who, ours)
        _explain(f"{who} reads otherwise", ours, rows, tally)


def _explain(what: str, ours: Judged, rows: list[Row] | None, tally: Tally) -> None:
    if rows is None:
        tally.complain(what, (ours.codes, ours.data))
    elif rows:
        tally.count(*(f"{what}: {row.code} ({row.rfc})" for row in rows))
    else:
        tally.count(f"{what[: what.index(' ')]}: both reject")
