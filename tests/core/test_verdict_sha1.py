from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from tests.support.handshakes import ACCEPT, KEY
from ws_handshake.core import verdict

if TYPE_CHECKING:
    import pytest


def test_sha_1_is_declared_as_not_used_for_security(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    options_given: list[dict[str, Any]] = []

    def sha1(data: bytes, **options: Any) -> Any:
        options_given.append(options)
        return hashlib.sha1(data, **options)  # noqa: S324  (ours is asked the same)

    monkeypatch.setattr(verdict, "_sha1", sha1)
    assert verdict.accept_token(KEY) == ACCEPT
    assert options_given == [{"usedforsecurity": False}]
