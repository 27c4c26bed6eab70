"""What a line of a log or an error message means, printed and as JSON."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from ws_handshake.cli.client.response import REDIRECTION, SUCCESS
from ws_handshake.cli.client.statuses import meaning_of

if TYPE_CHECKING:
    from ws_handshake.cli.pasted.message import Message
    from ws_handshake.cli.screen import Screen

    Document = dict[str, object]


_ORDINARY = (
    "an ordinary response: this path is no WebSocket, or Upgrade did not arrive",
    "Check the path, and let every proxy forward Upgrade and Connection.",
)
_REDIRECTED = (
    "it redirects, which few WebSocket clients follow",
    "Connect to the address in Location: often wss://, or a slash at the end.",
)


class Meaning(NamedTuple):
    """Sentences on a message, and the command to run next."""

    kind: str
    what: str
    fix: str
    next: str
    valid: bool


def meaning_of_message(message: Message) -> Meaning:
    """Return what a message means: in its own words, or those of its status."""
    what, fix = message.what, message.fix
    if message.status and not what:
        meaning, usual_fix = _usual(message.status)
        what = f"The server responded with {message.status}"
        what += f": {meaning}." if meaning else "."
        fix = f"{usual_fix} {fix}".strip()
    following = f"ws-handshake probe {message.url or 'URL'}"
    if message.code:
        following += f", and ws-handshake explain {message.code}"
    valid = message.status == HTTPStatus.SWITCHING_PROTOCOLS
    return Meaning(message.kind, what, fix, following, valid)


def _usual(status: int) -> tuple[str, str]:
    """Return what a status means for a handshake, and what to do."""
    if status in SUCCESS:
        return _ORDINARY
    return _REDIRECTED if status in REDIRECTION else meaning_of(status)


def meaning_document(meaning: Meaning) -> Document:
    """Return the JSON document for a message without a request in it."""
    return {
        "read_as": meaning.kind,
        "valid": meaning.valid,
        "handshakes": [],
        "meaning": meaning.what,
        "fix": meaning.fix,
        "next": meaning.next,
    }


def print_meaning(screen: Screen, meaning: Meaning, *, as_json: bool) -> None:
    """Print what a message means."""
    if as_json:
        screen.document(meaning_document(meaning))
        return
    screen.print(f"Read as {meaning.kind}: there is no request in it.")
    screen.print("")
    screen.print(meaning.what)
    if meaning.fix:
        screen.print(meaning.fix, indent=8, lead="  fix")
    screen.print(meaning.next, indent=8, lead="  next")
