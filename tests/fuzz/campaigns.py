"""Runs campaigns of generated cases: python -m tests.fuzz differential --count 1000000.

Each process has its own seed; --seconds ends a campaign before its count. It prints
what was counted, and fails if anything is unexplained.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
import traceback
from concurrent.futures import ProcessPoolExecutor
from random import Random
from typing import TYPE_CHECKING

from tests.fuzz.differential import in_process, over_sockets
from tests.fuzz.pastes import pastes
from tests.fuzz.plain import plain
from tests.fuzz.secrets import secrets
from tests.fuzz.secrets_sockets import secrets_over_sockets
from tests.fuzz.tally import Tally, together

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from tests.fuzz.differential import Case

CAMPAIGNS: dict[str, Callable[[], AbstractContextManager[Case]]] = {
    "differential": in_process,
    "sockets": over_sockets,
    "plain": plain,
    "pastes": pastes,
    "secrets": secrets,
    "secrets-sockets": secrets_over_sockets,
}


def campaign(name: str, seed: int, count: int, seconds: float) -> Tally:
    """Run so many cases, or as many as there is time for."""
    random = Random(seed)  # noqa: S311  (the same cases every time)
    tally, deadline = Tally(), time.monotonic() + seconds
    with CAMPAIGNS[name]() as case:
        while tally.cases < count and time.monotonic() < deadline:
            try:
                case(random, tally)
            except Exception:  # noqa: BLE001  (it is what a campaign looks for)
                tally.complain(f"case {tally.cases}", traceback.format_exc())
            tally.cases += 1
    return tally


def _parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("campaigns", nargs="+", choices=CAMPAIGNS)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=20261121)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """Run what is asked for; return the exit status."""
    asked = _parsed(arguments)
    failed = False
    for name in asked.campaigns:
        started = time.monotonic()
        whole = _spread(name, asked)
        spent = time.monotonic() - started
        lines = [f"{name}: {spent:,.0f} s, seed {asked.seed}", *whole.report()]
        sys.stdout.write("\n".join(lines) + "\n\n")
        failed = failed or bool(whole.unexplained)
    return 1 if failed else 0


def _spread(name: str, asked: argparse.Namespace) -> Tally:
    number = asked.processes
    if number == 1:
        return campaign(name, asked.seed, asked.count, asked.seconds)
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(number, mp_context=spawning) as pool:
        running = [
            pool.submit(campaign, name, asked.seed + part, share, asked.seconds)
            for part, share in enumerate(_shares(asked.count, number))
        ]
        return together(future.result() for future in running)


def _shares(count: int, number: int) -> list[int]:
    return [count // number + (part < count % number) for part in range(number)]
