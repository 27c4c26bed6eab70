"""An assertion that fails says what came instead."""

from __future__ import annotations

import re

import pytest

from tests.support.asgi import Spy
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.testing import (
    VALID,
    Response,
    assert_accepted,
    assert_rejected,
    attempt,
)

REJECTED = attempt(
    WebSocketHandshakeMiddleware(Spy(), observers=()),
    VALID.without(b"upgrade").but(b"sec-websocket-version", b"8"),
)
ACCEPTED = Response(101, accepted=True)
DESCRIBED = """it was rejected with 400, for
  upgrade_missing: The Upgrade header is missing.
    Send Upgrade: websocket, and let proxies forward it.
  version_unsupported: The Sec-WebSocket-Version header is not 13.
    Send Sec-WebSocket-Version: 13."""


def failing(sentence: str) -> re.Pattern[str]:
    return re.compile(f"^{re.escape(sentence)}$")


def test_what_is_expected_passes_in_any_order() -> None:
    assert_rejected(REJECTED, "upgrade_missing", "version_unsupported")
    assert_rejected(REJECTED, "version_unsupported", "upgrade_missing")
    assert_accepted(ACCEPTED)


def test_the_failure_names_the_other_reasons_with_what_they_mean() -> None:
    with pytest.raises(
        AssertionError,
        match=failing(f"expected a rejection for key_missing; {DESCRIBED}"),
    ):
        assert_rejected(REJECTED, "key_missing")


def test_one_reason_of_two_is_not_enough() -> None:
    with pytest.raises(
        AssertionError,
        match=r"^expected a rejection for upgrade_missing; it was rejected with 400",
    ):
        assert_rejected(REJECTED, "upgrade_missing")


def test_the_failure_names_the_status_of_an_acceptance() -> None:
    with pytest.raises(
        AssertionError,
        match=failing(
            "expected a rejection for key_missing, host_missing; it was accepted, "
            "with 101."
        ),
    ):
        assert_rejected(ACCEPTED, "key_missing", "host_missing")


def test_a_rejection_is_no_acceptance() -> None:
    with pytest.raises(
        AssertionError, match=failing(f"expected an acceptance; {DESCRIBED}")
    ):
        assert_accepted(REJECTED)


def test_the_failure_names_the_status_of_a_response_that_is_not_ours() -> None:
    with pytest.raises(
        AssertionError,
        match=failing(
            "expected an acceptance; the response is 404, and names no reason."
        ),
    ):
        assert_accepted(Response(404))


def test_the_failure_names_a_code_that_the_application_made_up() -> None:
    made_up = Response(400, ((b"websocket-handshake-error", b"tired"),))
    with pytest.raises(
        AssertionError,
        match=r"^expected an acceptance; it was rejected with 400, for\n  tired$",
    ):
        assert_accepted(made_up)


def test_a_code_that_no_reason_has_is_a_mistake_of_the_test() -> None:
    with pytest.raises(
        ValueError,
        match=r"^no reason has the code 'key_mising'; did you mean 'key_missing'\?$",
    ):
        assert_rejected(REJECTED, "key_mising")
    with pytest.raises(
        ValueError, match=r"^no reason has the code 'x'; give one of \['method_not_get'"
    ):
        assert_rejected(REJECTED, "upgrade_missing", "x")
