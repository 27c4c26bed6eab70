"""The trial of a server: a valid handshake first, then the catalogue, then a report."""

from __future__ import annotations

import secrets
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from ws_handshake.cli.client.deadline import Deadline
from ws_handshake.cli.client.dial import BlockedError, resolve
from ws_handshake.cli.client.failures import NO_RESPONSE, Failure
from ws_handshake.cli.client.options import offer_of
from ws_handshake.cli.client.rejections import explained
from ws_handshake.cli.conformance.cases import FIRST
from ws_handshake.cli.conformance.consent import may_send
from ws_handshake.cli.conformance.judgement import judged
from ws_handshake.cli.conformance.report import Report, document_of, print_report
from ws_handshake.cli.conformance.run import Limits, Run
from ws_handshake.cli.conformance.send import Sender
from ws_handshake.cli.exits import INTERRUPTED, REJECTED, UNREACHED
from ws_handshake.core.redaction import counted

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from ws_handshake.cli.client.target import Target
    from ws_handshake.cli.conformance.case import Case
    from ws_handshake.cli.conformance.send import Came
    from ws_handshake.cli.screen import Screen

_INTERRUPTED = "interrupted"


class Trial:
    """One trial, as the options say."""

    def __init__(self, options: argparse.Namespace, screen: Screen) -> None:
        """Have everything ready; nothing is sent yet."""
        self._options = options
        self._screen = screen
        self._limits = Limits(
            options.at_once, options.rate, options.timeout, options.time_limit
        )

    def of(self, cases: tuple[Case, ...]) -> int:
        """Send the cases, print what came of them, and return the exit status."""
        options = self._options
        target, patience = options.url, options.timeout
        self._screen.complain(_notice(len(cases), target))
        try:
            addresses = resolve(target.host, target.port, Deadline(patience))
        except BlockedError as error:
            return self._give_up(error.failure)
        if not may_send(target, addresses, self._screen, yes=options.yes):
            return UNREACHED
        sender = Sender(
            target,
            addresses,
            offer_of(options),
            secrets.token_bytes,
            checked=not options.insecure,
        )
        first = sender.send(FIRST, Deadline(patience))
        if first.response is None or not first.response.accepts:
            return self._give_up(_why_not(first, target))
        return self._go(sender, cases, first)

    def _go(self, sender: Sender, cases: tuple[Case, ...], first: Came) -> int:
        """Send the rest; Ctrl-C ends it, and what is known is printed."""
        start = time.monotonic()
        outcomes = {FIRST.name: judged(FIRST, first)}
        rest = tuple(case for case in cases if case is not FIRST)
        run = Run(sender.send, self._limits)
        try:
            with (
                _progress(self._screen, len(rest)) as advance,
                closing(run.results(rest)) as results,
            ):
                for case, came in results:
                    outcomes[case.name] = judged(case, came)
                    advance()
        except KeyboardInterrupt:
            run.stop(_INTERRUPTED)
        known = tuple(outcomes[case.name] for case in cases if case.name in outcomes)
        seconds = time.monotonic() - start
        report = Report(self._options.url, len(cases), known, run.stopped, seconds)
        self._print(report)
        return INTERRUPTED if run.stopped == _INTERRUPTED else report.exit_status

    def _print(self, report: Report) -> None:
        options, screen = self._options, self._screen
        if options.json:
            screen.document(document_of(report))
        elif options.badge:
            screen.verbatim(report.badge)
        else:
            print_report(report, screen, verbose=options.verbose)

    def _give_up(self, found: Failure) -> int:
        """Say in a sentence why the catalogue was not sent."""
        seen = f" ({found.seen})" if found.seen else ""
        reported = f"{found.kind.what.removesuffix('.')}{seen}. {found.fix}"
        lead = "A valid handshake was not accepted, so nothing more was sent."
        self._screen.complain(f"{lead} {reported}" if found.kind.reached else reported)
        if self._options.json:
            self._screen.document({"url": self._options.url.shown, "stopped": reported})
        return REJECTED if found.kind.reached else UNREACHED


def _notice(number: int, target: Target) -> str:
    return (
        f"This sends {counted(number, 'handshake')} to {target.shown}, broken ones "
        "among them. It is for servers that are yours."
    )


def _why_not(came: Came, target: Target) -> Failure:
    if came.blocked:
        return came.blocked
    if came.response is None:
        return Failure(NO_RESPONSE, came.silence)
    return explained(came.response, target).failure


@contextmanager
def _progress(screen: Screen, number: int) -> Iterator[Callable[[], None]]:
    """Show on a terminal how far it is; yield what is to be called for each step."""
    from rich.progress import Progress  # noqa: PLC0415  (takes a while to import)

    hidden = not screen.err.is_terminal
    with Progress(console=screen.err, transient=True, disable=hidden) as progress:
        task = progress.add_task("handshakes", total=number)
        yield lambda: progress.advance(task)
