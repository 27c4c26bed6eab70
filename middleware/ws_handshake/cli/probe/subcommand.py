"""The subcommand `probe`: tries one handshake, and says what went wrong."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.request import getproxies, proxy_bypass

from ws_handshake.cli.client.dial import Deadline
from ws_handshake.cli.client.options import add_offer, checked, offer_of, up_to
from ws_handshake.cli.client.target import parse_target

if TYPE_CHECKING:
    import argparse

    from ws_handshake.cli.probe.report import Report
    from ws_handshake.cli.screen import Screen

NAME = "probe"
SUMMARY = "Try a handshake step by step; say what went wrong, and how to fix it."
EXAMPLES = """\
examples:
  ws-handshake probe wss://example.com/ws
  ws-handshake probe ws://127.0.0.1:8000/ws --origin https://app.example.com
  ws-handshake probe wss://example.com/ws -H 'Authorization: Bearer ...'
  ws-handshake probe wss://localhost:8443/ws -k --http2 -v
  ws-handshake probe wss://example.com/ws --json

Queries, credentials and the values of --header are sent, and never shown.

exit status: 0 valid, 1 rejected or faulty, 2 not reached or wrong arguments
"""

_LONGEST = 3600.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the URL and the options."""
    parser.add_argument(
        "url",
        metavar="URL",
        type=checked(parse_target),
        help="ws:// or wss://; also localhost:8000/ws and :8000/ws",
    )
    versions = parser.add_mutually_exclusive_group()
    versions.add_argument(
        "--http1.1",
        dest="http",
        action="store_const",
        const="1.1",
        default="as browsers",
        help="HTTP/1.1 only; do not look whether the server would choose HTTP/2",
    )
    versions.add_argument(
        "--http2",
        dest="http",
        action="store_const",
        const="2",
        help="HTTP/2: Extended CONNECT (RFC 8441)",
    )
    add_offer(
        parser,
        header="send this header instead of ours of that name; empty: leave ours out; "
        "@FILE: those in a file",
        origin="the origin of the page, as a browser sends it",
    )
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=up_to(_LONGEST, "a number of seconds"),
        default=10.0,
        help="for all steps together (default: 10)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    amount = parser.add_mutually_exclusive_group()
    amount.add_argument(
        *("-v", "--verbose"), action="store_true", help="show the bytes"
    )
    amount.add_argument(
        *("-q", "--quiet"), action="store_true", help="show the result, not the steps"
    )


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Probe, print the report, and return the exit status."""
    # h2 takes a while to import, and --help need not wait for it
    from ws_handshake.cli.probe.again import probed  # noqa: PLC0415  (ditto)
    from ws_handshake.cli.probe.reach import Order  # noqa: PLC0415  (ditto)
    from ws_handshake.cli.probe.report import (  # noqa: PLC0415  (ditto)
        StepPrinter,
        document_of,
        print_report,
    )
    from ws_handshake.cli.probe.track import Track  # noqa: PLC0415  (ditto)

    order = Order(
        target=options.url,
        nonce=secrets.token_bytes(16),
        offer=offer_of(options),
        http=options.http,
        checked=not options.insecure,
        cacert=options.cacert,
    )
    quiet = options.json or options.quiet
    if not quiet:
        screen.verbatim(f"{order.target.shown}\n")
    printer = StepPrinter(screen, quiet=quiet, verbose=options.verbose)
    deadline = Deadline(options.timeout)
    track = Track(deadline.clock, printer.begin, printer.end)
    report = probed(order, deadline, track)
    report = _with_proxy_named(report)
    if options.json:
        screen.document(document_of(report, verbose=options.verbose))
    else:
        if not quiet:
            screen.print("")
        print_report(report, screen, verbose=options.verbose)
    return report.exit_status


def _with_proxy_named(report: Report) -> Report:
    """Return the report with a note, if the environment names a proxy for the server.

    That matters where it cannot be reached, and is not on this machine.
    """
    from ws_handshake.cli.probe.notes import proxy_not_used  # noqa: PLC0415  (ditto)

    host = report.target.host
    is_here = host in {"localhost", "127.0.0.1", "::1"}
    if report.verdict != "unreached" or is_here or proxy_bypass(host):
        return report
    named = getproxies()
    for name in ("https" if report.target.secure else "http", "all"):
        if named.get(name):
            note = proxy_not_used(f"{name}_proxy")
            return replace(report, notes=(*report.notes, note))
    return report
