"""The catalogue of failures: its codes and its sentences."""

from __future__ import annotations

import re

import pytest

from ws_handshake.cli.client.failures import FAILURES, Failure, FailureKind
from ws_handshake.core.reasons import CATALOGUE
from ws_handshake.diagnosis.causes import CAUSES

CODES = [kind.code for kind in FAILURES]
each_kind = pytest.mark.parametrize("kind", FAILURES, ids=CODES)


def test_the_catalogue_has_every_kind_in_the_order_of_the_page() -> None:
    assert (CODES[0], CODES[-1]) == ("name_unknown", "close_missing")
    assert len(CODES) == 41


def test_a_code_stands_for_one_thing_in_all_catalogues() -> None:
    others = {reason.code for reason in CATALOGUE} | set(CAUSES)

    assert len(set(CODES)) == len(CODES)
    assert not others & set(CODES)


@each_kind
def test_a_code_is_the_name_of_its_row(kind: FailureKind) -> None:
    assert re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", kind.code)


@each_kind
def test_what_and_fix_are_short_plain_sentences(kind: FailureKind) -> None:
    for text in (kind.what, kind.fix):
        assert re.fullmatch(r"[A-Z].*[.]", text)
        assert len(text) <= 80
        assert not re.search(r"\b(illegal|invalid|please)\b|!", text, re.IGNORECASE)


@each_kind
def test_the_rfc_is_named_with_its_section(kind: FailureKind) -> None:
    assert re.fullmatch(r"RFC \d{4} section [\d.]+(\(\d+\))?", kind.rfc)


def test_only_three_mean_that_no_connection_came_about() -> None:
    assert [kind.code for kind in FAILURES if not kind.reached] == [
        *("name_unknown", "connection_refused", "unreachable")
    ]


def test_a_failure_has_the_catalogues_fix_unless_more_is_known() -> None:
    kind = FAILURES[0]

    assert Failure(kind).fix == kind.fix
    assert Failure(kind, "seen", "Do this.").fix == "Do this."
