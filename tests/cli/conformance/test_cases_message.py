"""Form, body and size in the conformance catalogue."""

from __future__ import annotations

from tests.support.conformance_proof import unproved
from ws_handshake.cli.conformance.cases_message import CASES


def test_the_rules_say_the_same_of_every_handshake() -> None:
    assert unproved(CASES) == {}


def test_each_of_these_reasons_has_its_handshakes() -> None:
    first = {case.codes[0] for case in CASES if case.codes}
    assert first == {
        *("head_malformed", "body_unexpected", "key_missing", "host_duplicated"),
    }
