"""Pastes that no one made, 10,000 of them: each gets a verdict, and no secret out."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support import pastes
from tests.support.cli_runs import Input, asked
from tests.support.effort import examples
from tests.support.handshakes import VALID
from ws_handshake.cli.explain import subcommand as explain

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.handshakes import Handshake

    Bend = Callable[[Handshake], Handshake]


CANARY = "cAnArY7f3d9bsEcReT"
_SECRET = CANARY.encode()

PLACES: list[Bend] = [
    lambda h: h.asked(target=h.target.partition(b"?")[0] + b"?token=" + _SECRET),
    lambda h: h.plus(b"cookie", b"session=" + _SECRET),
    lambda h: h.plus(b"authorization", b"Bearer " + _SECRET),
    lambda h: h.but(b"sec-websocket-key", _SECRET),
    lambda h: h.plus(b"sec-websocket-protocol", b"Bearer, " + _SECRET),
    lambda h: h.plus(b"x-api-key", _SECRET),
]
#: What quoting, line ends and names are made of.
SCRAPS = [
    *(
        b"",
        b"\n",
        b"\r\n",
        b" ",
        b"\t",
        b":",
        b"'",
        b'"',
        b"\\",
        b"^",
        b"`",
        b"$",
        b"{",
    ),
    *(b"\x00", b"\x1b[2J", b"\xff", b"\xe2\x80\xae"),
    *(b"%", b"-H", b"@", b"=", b"?", b"/"),
]

everything = settings(
    max_examples=examples(5_000),
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
run = partial(asked, explain, "-")


_places = st.lists(st.sampled_from(PLACES), min_size=1, max_size=3)
_versions = st.sampled_from(["1.1", "1.0", "2"])
_without = st.sampled_from([b"upgrade", b"connection", b"none", b"none"])
_forms = st.sampled_from(list(pastes.FORMS.values()))
_spoils = st.lists(
    st.tuples(st.integers(0, 600), st.sampled_from(SCRAPS), st.integers(0, 1)),
    max_size=3,
)


def _bent(
    places: list[Bend],
    version: str,
    without: bytes,
    form: Callable[[Handshake], bytes],
    spoils: list[tuple[int, bytes, int]],
) -> bytes:
    """Copy a handshake with secrets in some form, and spoil a few bytes of the copy."""
    handshake = VALID.asked(version=version)
    for place in places:
        handshake = place(handshake)
    text = form(handshake.without(without))
    for at, scrap, taken in spoils:
        text = text[:at] + scrap + text[at + taken :]
    return text


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


bent = st.builds(_bent, _places, _versions, _without, _forms, _spoils)
anything = st.one_of(st.binary(max_size=300), st.text(max_size=200).map(_encoded))


def check(data: bytes) -> None:
    output = run(stdin=Input(data, typed=False))
    shown = (output.out + output.err).replace("\n", "")
    assert output.status in {0, 1, 2}
    assert shown
    assert shown.isascii()
    assert shown.isprintable()
    assert CANARY not in shown


def check_json(data: bytes) -> None:
    output = run("--json", stdin=Input(data, typed=False))
    assert json.loads(output.out)["valid"] is (output.status == 0)
    assert CANARY not in output.out


@everything
@given(anything)
def test_whatever_bytes_are_pasted_there_is_a_verdict(data: bytes) -> None:
    check(data)


@everything
@given(bent)
def test_no_bent_copy_of_a_handshake_shows_a_secret(data: bytes) -> None:
    check(data)


@settings(everything, max_examples=examples(500))
@given(st.one_of(bent, anything))
def test_neither_does_the_json_document(data: bytes) -> None:
    check_json(data)
