"""What was explained, in a terminal."""

from __future__ import annotations

from http import HTTPStatus
from textwrap import wrap
from typing import TYPE_CHECKING

from ws_handshake.cli.explain.lines import marked_lines
from ws_handshake.core.redaction import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ws_handshake.cli.explain.explained import Explained
    from ws_handshake.cli.screen import Screen
    from ws_handshake.core.rules import Violation
    from ws_handshake.diagnosis.causes import Cause
    from ws_handshake.outcome.rejection import Rejection

_WIDEST = 100
_INDENT = 12


def print_all(screen: Screen, kind: str, explained: Sequence[Explained]) -> None:
    """Print what the paste was taken for, and what there is to say of each request."""
    several = len(explained) > 1
    within = f", with {counted(len(explained), 'handshake')}" if several else ""
    screen.say(f"Taken for {kind}{within}.")
    for number, one in enumerate(explained, 1):
        screen.say("")
        if several:
            screen.say(f"Handshake {number} of {len(explained)}", style="bold")
            screen.say("")
        _print(screen, one)


def _print(screen: Screen, one: Explained) -> None:
    _print_request(screen, one)
    screen.say("")
    if one.rejection is None:
        _print_acceptance(screen, one)
    else:
        _print_rejection(screen, one.rejection)
    for note in one.notes:
        screen.say("")
        screen.say(f"Note: {note}")


def _print_request(screen: Screen, one: Explained) -> None:
    lines = marked_lines(one)
    width = max((len(line.text) for line in lines if line.codes), default=0)
    for line in lines:
        if line.codes:
            text = f"> {line.text:<{width}}  {', '.join(line.codes)}"
            screen.verbatim(text, indent=2, style="red")
        else:
            screen.verbatim(line.text, indent=4)


def _print_acceptance(screen: Screen, one: Explained) -> None:
    screen.say("Valid. Who accepts it responds:", style="bold green")
    screen.say("")
    for line in one.response:
        screen.verbatim(line, indent=4)


def _print_rejection(screen: Screen, rejection: Rejection) -> None:
    number = counted(len(rejection.violations), "error")
    status = f"{rejection.status} {HTTPStatus(rejection.status).phrase}"
    screen.say(f"Rejected, {number}; our response is {status}.", style="bold red")
    for violation in rejection.violations:
        screen.say("")
        _print_violation(screen, violation)
    for place, cause in enumerate(rejection.causes):
        screen.say("")
        _print_cause(screen, cause, "Or" if place else "Cause")
    screen.say("")
    screen.say(f"More: ws-handshake explain {_most_reporting(rejection)}")


def _print_violation(screen: Screen, violation: Violation) -> None:
    reason = violation.reason
    screen.say(reason.code, style="bold")
    screen.say(reason.what, indent=2)
    _print_rows(
        screen,
        ("expected", reason.expected),
        ("received", violation.received or "nothing"),
        ("fix", violation.fix),
        ("see", reason.rfc),
    )


def _print_cause(screen: Screen, cause: Cause, word: str) -> None:
    screen.say(f"{word}: {cause.code}, {cause.certainty}", style="bold")
    screen.say(cause.detail, indent=2)
    _print_rows(screen, ("fix", cause.fix))


def _print_rows(screen: Screen, *rows: tuple[str, str]) -> None:
    width = max(min(screen.out.width, _WIDEST) - _INDENT, _INDENT)
    for name, value in rows:
        label = f"  {name:<{_INDENT - 2}}"
        for line in wrap(value, width, break_long_words=False, break_on_hyphens=False):
            screen.verbatim(label + line)
            label = " " * _INDENT


def _most_reporting(rejection: Rejection) -> str:
    return rejection.causes[0].code if rejection.causes else rejection.first.code
