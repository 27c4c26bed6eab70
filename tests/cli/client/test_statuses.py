"""What a status alone means."""

from __future__ import annotations

import pytest

from ws_handshake.cli.client.failures import RESPONSE_NOT_101
from ws_handshake.cli.client.statuses import meaning_of

MEANINGS = [
    (429, ("too many requests", "Wait, and connect less often.")),
    (302, ("a redirect without an address", "Let the server name the address.")),
    (599, ("the server, or a proxy, failed", "Read its log.")),
    (418, ("", RESPONSE_NOT_101.fix)),
    (999, ("", RESPONSE_NOT_101.fix)),
]


@pytest.mark.parametrize(("status", "meaning"), MEANINGS)
def test_a_status_alone_has_a_meaning_and_a_fix(
    status: int, meaning: tuple[str, str]
) -> None:
    assert meaning_of(status) == meaning
