from __future__ import annotations

import re

import pytest

from ws_handshake.diagnosis.causes import (
    CAUSES,
    FORWARDING,
    HTTP1_ONLY,
    Cause,
    Certainty,
    http1_only,
)


@pytest.mark.parametrize("cause", CAUSES.values(), ids=lambda cause: cause.code)
def test_a_cause_says_what_happened_and_what_to_do(cause: Cause) -> None:
    assert re.fullmatch(r"[a-z0-9]+(?:_[a-z0-9]+)*", cause.code)
    assert cause.detail.endswith(".")
    assert 20 < len(cause.detail) <= 180
    assert 10 < len(cause.fix) <= 180
    assert (cause.detail + cause.fix).isascii()


def test_every_fix_is_short_enough_to_type() -> None:
    for fix in (*FORWARDING.values(), *HTTP1_ONLY.values()):
        assert 10 < len(fix) <= 200
        assert fix.isascii()


def test_a_certainty_reads_as_a_person_says_it() -> None:
    assert [str(certainty) for certainty in sorted(Certainty)] == [
        *("possible", "likely", "very_likely", "certain")
    ]


def test_a_cause_with_another_certainty_is_the_same_cause() -> None:
    cause = CAUSES["http2_client"]
    changed = cause.as_certain_as(Certainty.LIKELY, fix="curl: --http1.1")

    assert changed == Cause(
        cause.code, cause.detail, "curl: --http1.1", Certainty.LIKELY
    )
    assert CAUSES["http2_client"] is cause


@pytest.mark.parametrize("product", HTTP1_ONLY)
def test_a_client_that_spoke_http2_is_reported_its_own_fix(product: str) -> None:
    cause = http1_only(product)

    assert (cause.code, cause.certainty) == ("http2_client", Certainty.CERTAIN)
    assert cause.fix == HTTP1_ONLY[product]


def test_an_unknown_client_that_spoke_http2_is_reported_what_all_have_in_common() -> (
    None
):
    assert http1_only("whatever").fix == HTTP1_ONLY[""]
