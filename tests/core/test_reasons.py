from __future__ import annotations

import dataclasses
import re

import pytest

from ws_handshake.core import reasons
from ws_handshake.core.reasons import CATALOGUE, Reason

# Code and status, in the order in which violations are reported.
ROWS = [
    ("method_not_get", 405),
    ("http_version_too_old", 400),
    ("host_missing", 400),
    ("host_malformed", 400),
    ("host_duplicated", 400),
    ("upgrade_missing", 400),
    ("upgrade_not_websocket", 400),
    ("connection_missing", 400),
    ("connection_not_upgrade", 400),
    ("key_missing", 400),
    ("key_malformed", 400),
    ("key_duplicated", 400),
    ("version_missing", 400),
    ("version_unsupported", 400),
    ("version_duplicated", 400),
    ("subprotocol_malformed", 400),
    ("extensions_malformed", 400),
    ("origin_missing", 403),
    ("origin_not_allowed", 403),
    ("origin_duplicated", 400),
    ("body_unexpected", 400),
    ("head_malformed", 400),
    ("headers_too_large", 431),
    ("http1_handshake_over_http2", 400),
    ("not_a_handshake", 426),
    ("server_did_not_upgrade", 501),
    ("denied_by_app", 403),
    ("app_did_not_respond", 500),
    ("internal_error", 500),
]
RESPONSIBLE = {"client", "client or proxy", "policy", "server", "application"}

# Words of advice: they belong into `fix`.
ADVICE = re.compile(
    r"\b(should|must|please|try|use|send|set|instead|need|have to|ought|remove"
    r"|add|install|let|make sure|consider)\b",
    re.IGNORECASE,
)

every_reason = pytest.mark.parametrize("reason", CATALOGUE, ids=lambda row: row.code)


def test_the_catalogue_is_complete_and_in_its_order() -> None:
    assert [(reason.code, reason.status) for reason in CATALOGUE] == ROWS


def test_no_code_is_there_twice() -> None:
    assert len({reason.code for reason in CATALOGUE}) == len(CATALOGUE)


def test_no_two_reasons_say_the_same() -> None:
    assert len({reason.what for reason in CATALOGUE}) == len(CATALOGUE)


@every_reason
def test_a_reason_is_named_after_its_code(reason: Reason) -> None:
    assert getattr(reasons, reason.code.upper()) is reason
    assert re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", reason.code)


@every_reason
def test_a_reason_cannot_be_changed(reason: Reason) -> None:
    for field in dataclasses.fields(reason):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(reason, field.name, None)


@every_reason
def test_what_is_one_sentence_that_gives_no_advice(reason: Reason) -> None:
    assert re.fullmatch(r"(The|This|An) [^.]*(?:1\.1|1\.0)?[^.]*\.", reason.what)
    assert not ADVICE.search(reason.what)


@every_reason
def test_no_sentence_is_longer_than_a_line(reason: Reason) -> None:
    for text in (reason.what, reason.fix, reason.expected):
        assert 0 < len(text) <= 90
        assert text.isascii()
        assert text == text.strip()
        assert "illegal" not in text.lower()


@every_reason
def test_a_fix_names_a_change_and_what_is_expected_is_no_sentence(
    reason: Reason,
) -> None:
    assert reason.fix[0].isupper()
    assert reason.fix.endswith((".", ";"))
    assert not reason.expected.endswith(".")


@every_reason
def test_a_reason_says_who_is_responsible_and_which_rfc_says_so(reason: Reason) -> None:
    assert reason.responsible in RESPONSIBLE
    assert re.fullmatch(r"RFC \d{4} section \d+(\.\d+)*(\(\d+\))?", reason.rfc)


@every_reason
def test_a_reason_that_starts_with_a_header_names_it(reason: Reason) -> None:
    named = re.match(r"The ([A-Z][\w-]+) header ", reason.what)

    if named:
        assert reason.header == named[1]


@pytest.mark.parametrize(
    ("code", "headers"),
    [
        ("method_not_get", ((b"allow", b"GET"),)),
        ("version_missing", ((b"sec-websocket-version", b"13"),)),
        ("version_unsupported", ((b"sec-websocket-version", b"13"),)),
        ("version_duplicated", ((b"sec-websocket-version", b"13"),)),
        ("not_a_handshake", ((b"upgrade", b"websocket"),)),
    ],
)
def test_a_response_has_the_fields_that_its_rfc_demands(
    code: str, headers: tuple[tuple[bytes, bytes], ...]
) -> None:
    assert {row.code: row for row in CATALOGUE}[code].response_headers == headers


def test_no_other_response_has_fields_of_its_own() -> None:
    assert [row.code for row in CATALOGUE if row.response_headers] == [
        "method_not_get",
        "version_missing",
        "version_unsupported",
        "version_duplicated",
        "not_a_handshake",
    ]


def test_the_policy_is_responsible_where_the_operator_decides() -> None:
    policy = [reason.code for reason in CATALOGUE if reason.responsible == "policy"]

    assert policy == ["origin_missing", "origin_not_allowed"]
