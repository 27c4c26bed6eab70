"""The kept inputs of coverage-guided fuzzing, replayed without it."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from tests.fuzz import guided as fuzz_guided
from tests.fuzz import targets as fuzz_targets
from tests.fuzz.guided import CORPUS
from tests.fuzz.targets import LONGEST, SECONDS, TARGETS, is_printable
from tests.support.canaries import leaks
from tests.support.stopwatch import takes_less_than

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path


every_target = pytest.mark.parametrize("name", TARGETS)


def kept(name: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted((CORPUS / name).iterdir())]


def repeated(data: bytes) -> bytes:
    """Return it over and over, up to the longest input."""
    return (data * (LONGEST // max(len(data), 1) + 1))[:LONGEST]


def test_every_target_has_a_corpus_and_every_corpus_its_target() -> None:
    assert {path.name for path in CORPUS.iterdir()} == TARGETS.keys()


@every_target
def test_every_kept_input_holds(name: str) -> None:
    inputs = kept(name)

    assert len(inputs) >= 10
    for data in [b"", *inputs]:
        TARGETS[name](data)


@every_target
def test_every_kept_input_holds_when_repeated_up_to_64_kib(name: str) -> None:
    for data in kept(name):
        TARGETS[name](repeated(data))


@every_target
def test_64_kib_of_a_kept_input_take_less_than_2_ms(name: str) -> None:
    target = TARGETS[name]
    for data in kept(name):
        large = target.made_of(repeated(data))
        assert takes_less_than(SECONDS, partial(target.work, large)), data


def test_a_target_raises_what_does_not_hold() -> None:
    def check(data: bytes, _result: object) -> None:
        assert data

    target = fuzz_targets.Target(len, check)
    target(b"x")
    with pytest.raises(AssertionError):
        target(b"")


def test_printable_is_ascii_without_control_characters() -> None:
    assert is_printable("a ~")
    odd: list[str | bytes] = ["\n", "\x7f", "\xa0", b"\x1b", "\ud800"]
    assert not any(is_printable(text) for text in odd)


def test_a_leak_is_found_in_any_encoding() -> None:
    secret = b"HJKLMNPQRS23456789TZ"
    shapes = [secret.decode(), secret.hex(), secret.lower().decode(), secret[4:16]]

    assert all(leaks(f"x{shape!s}y", secret) for shape in shapes)
    assert leaks("SEpLTE1OUFFSUzIzNDU2Nzg5VFo=", secret)
    assert leaks("eEhKS0xNTlBRUlMyMzQ1Njc4OVRa", secret)
    assert leaks("nothing of it", secret) == []


@pytest.mark.parametrize("options", [["-runs=3"], ["-merge=1"]])
def test_the_driver_hands_a_target_and_its_corpus_to_atheris(
    options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def instrument_imports(include: list[str]) -> AbstractContextManager[None]:
        asked.append(include)
        return nullcontext()

    atheris = SimpleNamespace(
        instrument_imports=instrument_imports,
        Setup=lambda *arguments: asked.append(arguments),
        Fuzz=lambda: asked.append("fuzzed"),
    )
    monkeypatch.setitem(sys.modules, "atheris", atheris)
    monkeypatch.chdir(tmp_path)
    fuzz_guided.main(["origin", *options])

    include, (command, target), last = asked
    assert (include, last) == (["ws_handshake"], "fuzzed")
    assert target is TARGETS["origin"]
    again = f"{sys.executable} -m tests.fuzz.guided origin"
    assert command[:2] == [again, "-max_len=65536"]
    assert options[0] in command
    both = [str(CORPUS / "origin"), "build/fuzz/origin"]
    assert command[-2:] == (both if options == ["-merge=1"] else both[::-1])
    assert (tmp_path / "build" / "fuzz" / "origin").is_dir()
