"""The catalogue: sound and broken handshakes over HTTP/1.1, as a client sends them.

A case is `refuse` or `accept` only where an RFC leaves a server no choice.
"""

from __future__ import annotations

from ws_handshake.cli import (
    conformance_cases_key,
    conformance_cases_message,
    conformance_cases_offers,
    conformance_cases_request,
    conformance_cases_upgrade,
)
from ws_handshake.cli.conformance_case import SOUND, accepted

#: The first of all: who does not accept it cannot be measured.
(FIRST,) = accepted(
    "RFC 6455 section 4.2.1",
    {"sound": ("A sound handshake with nothing special.", SOUND)},
)

CASES = (
    FIRST,
    *conformance_cases_request.CASES,
    *conformance_cases_upgrade.CASES,
    *conformance_cases_key.CASES,
    *conformance_cases_offers.CASES,
    *conformance_cases_message.CASES,
)
