"""The subcommand `conformance`: sends the catalogue, and reports how the server did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ws_handshake.cli.conformance.options import add_options
from ws_handshake.cli.exits import UNREACHED, VALID
from ws_handshake.cli.screen import shown

if TYPE_CHECKING:
    import argparse

    from ws_handshake.cli.conformance.case import Case
    from ws_handshake.cli.screen import Screen

NAME = "conformance"
SUMMARY = "Send valid and broken handshakes to a server of yours, and tell how it did."
EXAMPLES = """\
examples:
  ws-handshake conformance ws://127.0.0.1:8000/ws
  ws-handshake conformance ws://127.0.0.1:8000/ws --only key_malformed -v
  ws-handshake conformance wss://staging.example.com/ws --yes --header 'Cookie: ...'
  ws-handshake conformance ws://127.0.0.1:8000/ws --badge
  ws-handshake conformance --list

This is for servers that are yours: most of what it sends is broken on purpose. It asks
before it goes beyond this machine, and is bounded in number, rate and time.

exit status: 0 no fault, 1 failures, 2 not reached or called in a wrong way
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the URL and the options."""
    add_options(parser)


def run(options: argparse.Namespace, screen: Screen) -> int:
    """List the catalogue or send it, and return the exit status."""
    # what speaks HTTP takes a while to import, which --help need not wait for
    from ws_handshake.cli.conformance.cases import CASES  # noqa: PLC0415  (ditto)

    cases = _chosen(CASES, options.only)
    if isinstance(cases, str):
        screen.complain(
            f"No handshake has the code or name {shown(cases)}; --list prints them."
        )
        return UNREACHED
    if options.list:
        return _list(cases, screen, as_json=options.json)
    if options.url is None:
        screen.complain(
            "Give the URL of a server that is yours, as in ws://127.0.0.1:8000/ws, or "
            "--list."
        )
        return UNREACHED
    from ws_handshake.cli.conformance.trial import Trial  # noqa: PLC0415  (ditto)

    return Trial(options, screen).of(cases)


def _chosen(cases: tuple[Case, ...], only: list[str]) -> tuple[Case, ...] | str:
    """Return the cases that are asked for, or what none of them is called."""
    known = {name for case in cases for name in (case.name, *case.codes)}
    unknown = [name for name in only if name not in known]
    if unknown:
        return unknown[0]
    wanted = set(only)
    return tuple(c for c in cases if not only or wanted & {c.name, *c.codes})


def _list(cases: tuple[Case, ...], screen: Screen, *, as_json: bool) -> int:
    from ws_handshake.cli.conformance.report import (  # noqa: PLC0415  (as above)
        entry,
        print_catalogue,
    )

    if as_json:
        screen.document([entry(case) for case in cases])
    else:
        print_catalogue(cases, screen)
    return VALID
