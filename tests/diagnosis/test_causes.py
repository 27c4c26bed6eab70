from __future__ import annotations

import re

import pytest

from ws_handshake.diagnosis import causes
from ws_handshake.diagnosis.causes import CAUSES, Cause, Certainty


@pytest.mark.parametrize("cause", CAUSES.values(), ids=lambda cause: cause.code)
def test_a_cause_says_what_happened_and_what_to_do(cause: Cause) -> None:
    assert re.fullmatch(r"[a-z0-9]+(?:_[a-z0-9]+)*", cause.code)
    assert cause.detail.endswith(".")
    assert 20 < len(cause.detail) <= 180
    assert 10 < len(cause.fix) <= 180
    assert cause.fix[0].isupper()
    assert (cause.detail + cause.fix).isascii()


def test_a_certainty_is_written_as_its_token() -> None:
    assert [str(certainty) for certainty in sorted(Certainty)] == [
        *("possible", "likely", "very_likely", "certain")
    ]


def test_the_summary_is_the_first_sentence_and_how_sure_it_is() -> None:
    cause = CAUSES["proxy_stripped_upgrade"]
    removed = "A proxy removed the Upgrade and Connection headers"

    assert cause.summary == f"{removed}."
    very_likely = cause.as_certain_as(Certainty.VERY_LIKELY)
    assert very_likely.summary == f"{removed} (very likely)."
    assert CAUSES["old_draft"].summary == CAUSES["old_draft"].detail


def test_a_cause_with_another_certainty_is_the_same_cause() -> None:
    cause = CAUSES["http2_client"]
    changed = cause.as_certain_as(Certainty.LIKELY, fix="curl: --http1.1")

    assert changed == Cause(
        cause.code, cause.detail, "curl: --http1.1", Certainty.LIKELY
    )
    assert CAUSES["http2_client"] is cause


def test_the_catalogue_lists_every_cause_of_its_module() -> None:
    written = [value for value in vars(causes).values() if isinstance(value, Cause)]

    assert list(CAUSES.values()) == written
