"""DNS rebinding: what `same-origin` cannot see, and what does."""

from __future__ import annotations

import pytest

from tests.support.handshakes import VALID
from ws_handshake import Policy, judge

# The page of evil.example, whose name points to this server now.
REBOUND = VALID.but(b"host", b"evil.example:8000").plus(
    b"origin", b"http://evil.example:8000"
)


def test_a_rebound_name_passes_same_origin() -> None:
    policy = Policy(allowed_origins=["same-origin"])

    assert judge(REBOUND.head(), policy).accepted


@pytest.mark.parametrize("listed", ["http://localhost:8000", "https://*.example.com"])
def test_a_rebound_name_does_not_pass_a_list_of_origins(listed: str) -> None:
    policy = Policy(allowed_origins=[listed])

    assert judge(REBOUND.head(), policy).codes == ("origin_not_allowed",)
