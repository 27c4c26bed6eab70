from __future__ import annotations

import secrets
import socket
from typing import TYPE_CHECKING

from tests.support.wires import free_port

if TYPE_CHECKING:
    import pytest


def test_a_port_that_is_taken_is_not_given_out(monkeypatch: pytest.MonkeyPatch) -> None:
    free = free_port()
    assert 10_000 <= free < 32_768
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        turns = iter([taken.getsockname()[1] - 10_000, free - 10_000])
        monkeypatch.setattr(secrets, "randbelow", lambda _: next(turns))
        assert free_port() == free
