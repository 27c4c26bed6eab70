"""The catalogue of what a client can meet: its codes, and its words."""

from __future__ import annotations

import re

import pytest

from ws_handshake.cli.client.faults import FAULTS, Fault, Finding
from ws_handshake.core.reasons import CATALOGUE
from ws_handshake.diagnosis.causes import CAUSES

CODES = [fault.code for fault in FAULTS]
each_fault = pytest.mark.parametrize("fault", FAULTS, ids=CODES)


def test_a_code_stands_for_one_thing_in_all_catalogues() -> None:
    others = {reason.code for reason in CATALOGUE} | set(CAUSES)

    assert len(set(CODES)) == len(CODES)
    assert not others & set(CODES)


@each_fault
def test_a_code_is_the_name_of_its_row(fault: Fault) -> None:
    assert re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", fault.code)


@each_fault
def test_what_and_fix_are_short_plain_sentences(fault: Fault) -> None:
    for text in (fault.what, fault.fix):
        assert re.fullmatch(r"[A-Z].*[.]", text)
        assert len(text) <= 80
        assert not re.search(r"\b(illegal|invalid|please)\b|!", text, re.IGNORECASE)


@each_fault
def test_the_rfc_is_named_with_its_section(fault: Fault) -> None:
    assert re.fullmatch(r"RFC \d{4} section [\d.]+(\(\d+\))?", fault.rfc)


def test_only_three_mean_that_no_connection_came_about() -> None:
    assert [fault.code for fault in FAULTS if not fault.reached] == [
        *("name_unknown", "connection_refused", "unreachable")
    ]


def test_a_finding_has_the_catalogues_fix_unless_more_is_known() -> None:
    fault = FAULTS[0]

    assert Finding(fault).fix == fault.fix
    assert Finding(fault, "seen", "Do this.").fix == "Do this."
