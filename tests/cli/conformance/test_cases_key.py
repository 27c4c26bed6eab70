"""Key and version in the conformance catalogue."""

from __future__ import annotations

from tests.support.conformance_proof import unproved
from ws_handshake.cli.conformance.cases_key import CASES


def test_the_rules_say_the_same_of_every_handshake() -> None:
    assert unproved(CASES) == {}


def test_each_of_these_reasons_has_its_handshakes() -> None:
    first = {case.codes[0] for case in CASES if case.codes}
    assert first == {
        *("key_missing", "key_malformed", "key_duplicated"),
        *("version_missing", "version_unsupported", "version_duplicated"),
    }
