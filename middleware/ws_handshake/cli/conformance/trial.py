"""The trial of a server: consent, a valid handshake, the catalogue, a report."""

from __future__ import annotations

import ipaddress
import secrets
import sys
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from ws_handshake.cli.client.dial import BlockedError, Deadline, resolve
from ws_handshake.cli.client.failures import (
    CLOSED_WITHOUT_RESPONSE,
    NO_RESPONSE,
    RESPONSE_MALFORMED,
    Failure,
)
from ws_handshake.cli.client.options import offer_of
from ws_handshake.cli.client.rejections import explained
from ws_handshake.cli.conformance.cases import FIRST
from ws_handshake.cli.conformance.judgement import judged
from ws_handshake.cli.conformance.report import Report, document_of, print_report
from ws_handshake.cli.conformance.send import CLOSED, LATE, Limits, Run, Sender
from ws_handshake.cli.exits import INTERRUPTED, REJECTED, UNREACHED
from ws_handshake.cli.screen import shown
from ws_handshake.core.redaction import counted

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Iterator

    from ws_handshake.cli.client.dial import Address
    from ws_handshake.cli.client.target import Target
    from ws_handshake.cli.conformance.cases import Case
    from ws_handshake.cli.conformance.send import Reply
    from ws_handshake.cli.screen import Screen

_INTERRUPTED = "interrupted"
_SILENCES = {CLOSED: CLOSED_WITHOUT_RESPONSE, LATE: NO_RESPONSE}

_QUESTION = "Is the server yours, and may this be sent? [y/N] "
_YES = ("y", "yes")


class Trial:
    """One trial, as the options ask for."""

    def __init__(self, options: argparse.Namespace, screen: Screen) -> None:
        """Keep the options; nothing is sent yet."""
        self._options = options
        self._screen = screen
        self._limits = Limits(
            options.at_once, options.rate, options.timeout, options.time_limit
        )

    def of(self, cases: tuple[Case, ...]) -> int:
        """Send the cases, print the report, and return the exit status."""
        options = self._options
        target, patience = options.url, options.timeout
        if not options.quiet:
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
            cacert=options.cacert,
        )
        first = sender.send(FIRST, Deadline(patience))
        if first.response is None or not first.response.accepts:
            return self._give_up(_why_not(first, target))
        return self._go(sender, cases, first)

    def _go(self, sender: Sender, cases: tuple[Case, ...], first: Reply) -> int:
        """Send the rest; after Ctrl-C the report has what is known."""
        start = time.monotonic()
        outcomes = {FIRST.name: judged(FIRST, first)}
        rest = tuple(case for case in cases if case is not FIRST)
        run = Run(sender.send, self._limits)
        try:
            with (
                _progress(self._screen, len(rest)) as advance,
                closing(run.results(rest)) as results,
            ):
                for case, reply in results:
                    outcomes[case.name] = judged(case, reply)
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
            verbose, quiet = options.verbose, options.quiet
            print_report(report, screen, verbose=verbose, quiet=quiet)

    def _give_up(self, found: Failure) -> int:
        """Say why the catalogue was not sent, and return the exit status."""
        seen = f" ({found.seen})" if found.seen else ""
        target = self._options.url
        what = found.kind.headline.format(host=shown(target.host), port=target.port)
        why = f"{(what or found.kind.what).removesuffix('.')}{seen}. {found.fix}"
        lead = "A valid handshake was not accepted, so nothing more was sent."
        more = f"More says: ws-handshake probe {target.shown}"
        whole = f"{lead} {why} {more}" if found.kind.reached else why
        self._screen.complain(whole)
        if self._options.json:
            self._screen.document({"url": self._options.url.shown, "stopped": why})
        return REJECTED if found.kind.reached else UNREACHED


def _notice(number: int, target: Target) -> str:
    return (
        f"This sends {counted(number, 'handshake')} to {target.shown}. Most of the "
        "catalogue is broken on purpose: use it only on your own servers."
    )


def _why_not(reply: Reply, target: Target) -> Failure:
    if reply.blocked:
        return reply.blocked
    if reply.response is None:
        kind = _SILENCES.get(reply.silence or "")
        return Failure(kind) if kind else Failure(RESPONSE_MALFORMED, reply.silence)
    return explained(reply.response, target).failure


@contextmanager
def _progress(screen: Screen, number: int) -> Iterator[Callable[[], None]]:
    """Show a progress bar on a terminal; yield the function that advances it."""
    from rich.progress import Progress  # noqa: PLC0415  (takes a while to import)

    hidden = not screen.err.is_terminal
    with Progress(console=screen.err, transient=True, disable=hidden) as progress:
        task = progress.add_task("handshakes", total=number)
        yield lambda: progress.advance(task)


def may_send(
    target: Target, addresses: Iterable[Address], screen: Screen, *, yes: bool
) -> bool:
    """Return whether to send; ask if an address is not of this machine.

    Without a terminal to ask on, the answer is no.
    """
    beyond = [str(address) for address in addresses if not _is_loopback(str(address))]
    if not beyond or yes:
        return True
    where = shown(target.authority)
    if target.host not in beyond:
        where = f"{where} ({', '.join(beyond)})"
    if not (sys.stdin.isatty() and screen.err.is_terminal):
        screen.complain(
            f"{where} is not this machine, and there is no terminal to ask on. If the "
            "server is yours, use --yes."
        )
        return False
    return _is_theirs(where, screen)


def _is_theirs(where: str, screen: Screen) -> bool:
    screen.complain(f"{where} is not this machine.")
    try:
        reply = screen.err.input(_QUESTION, markup=False)
    except EOFError:
        reply = ""
    if reply.strip().lower() in _YES:
        return True
    screen.complain("Nothing was sent.")
    return False


def _is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback
