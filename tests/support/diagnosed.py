"""The causes of a handshake, for the tests of the diagnosis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.handshakes import VALID
from ws_handshake import Policy, judge
from ws_handshake.diagnosis.signatures import diagnose

if TYPE_CHECKING:
    from tests.support.handshakes import Handshake
    from ws_handshake import Violation
    from ws_handshake.diagnosis.cause import Cause
    from ws_handshake.diagnosis.clients import Client, Kind

CHROME = b"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
CHROME += b"Chrome/156.0.0.0 Safari/537.36"
BROWSER = VALID.plus(b"user-agent", CHROME).plus(b"origin", b"https://example.com")
STRIPPED = BROWSER.without(b"upgrade", b"connection")


# How the clients of a kind write their product into User-Agent.
_AGENTS: dict[Kind, str] = {
    "health check": "a/1 {}2.0",
    "browser": "Mozilla/5.0 (X11) {}/153.0",
    "websocket": "{}/17.4",
    "tool": "{}/8.5.0",
    "library": "{}/0.12",
}


def agent_of(client: Client) -> bytes:
    """Return a User-Agent as this client writes it."""
    before = "Python/3.11 " if client.after else ""
    return _AGENTS[client.kind].format(before + client.product).encode()


def in_words(certainty: str) -> str:
    """Return the token of a certainty as a page says it."""
    return certainty.replace("_", " ")


def named(handshake: Handshake, policy: Policy | None = None) -> list[tuple[str, str]]:
    """Return code and certainty of every cause that is named."""
    verdict = judge(handshake.head(), policy or Policy())
    found = frozenset(violation.reason for violation in verdict.violations)
    causes = diagnose(handshake.head(), found, policy or Policy())
    return [(cause.code, str(cause.certainty)) for cause in causes]


def explained(
    handshake: Handshake, *violations: Violation
) -> list[tuple[str, str, str, str]]:
    """Return code, certainty, detail and fix of every cause that is named."""
    causes = causes_of(handshake, *violations)
    return [(c.code, str(c.certainty), c.detail, c.fix) for c in causes]


def causes_of(handshake: Handshake, *violations: Violation) -> tuple[Cause, ...]:
    """Return every cause that is named."""
    found = violations or judge(handshake.head()).violations
    reasons = frozenset(violation.reason for violation in found)
    return diagnose(handshake.head(), reasons, Policy())
