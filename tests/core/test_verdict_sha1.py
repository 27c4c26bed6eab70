from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from tests.support.handshakes import ACCEPT, KEY
from ws_handshake.core import verdict

if TYPE_CHECKING:
    import pytest


def test_builds_for_fips_are_notified_that_the_sha_1_secures_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reported: list[dict[str, Any]] = []

    def sha1(data: bytes, **options: Any) -> Any:
        reported.append(options)
        return hashlib.sha1(data, **options)  # noqa: S324  (ours is asked the same)

    monkeypatch.setattr(verdict, "_sha1", sha1)
    assert verdict.accept_token(KEY) == ACCEPT
    assert reported == [{"usedforsecurity": False}]
