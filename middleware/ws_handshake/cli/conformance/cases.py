"""The catalogue: valid and broken handshakes over HTTP/1.1, as a client sends them.

A case is `reject` or `accept` only where an RFC leaves the server no choice.
"""

from __future__ import annotations

from ws_handshake.cli.conformance import (
    cases_key,
    cases_message,
    cases_offers,
    cases_request,
    cases_upgrade,
)
from ws_handshake.cli.conformance.case import VALID, accepted

#: The first of all: a server that does not accept it cannot be measured.
(FIRST,) = accepted(
    "RFC 6455 section 4.2.1",
    {"valid": ("A valid handshake with nothing special.", VALID)},
)

CASES = (
    FIRST,
    *cases_request.CASES,
    *cases_upgrade.CASES,
    *cases_key.CASES,
    *cases_offers.CASES,
    *cases_message.CASES,
)
