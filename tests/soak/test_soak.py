"""The soak, short: what `make soak` promises for ten minutes holds for ten seconds."""

from __future__ import annotations

import runpy
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.soak import __main__ as soak
from tests.soak.__main__ import Sample, Soak, complaints, main, report

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# Caches fill in the first minute; a scope that leaks with each rejection is larger.
_SHORT = 256 * 1024
_SECONDS = 10.0


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Soak:
    directory = tmp_path_factory.mktemp("soak")
    return soak.soak(_SECONDS, "httptools", "wsproto", directory)


def test_a_server_that_was_soaked_for_a_while_has_kept_every_promise(
    done: Soak,
) -> None:
    assert complaints(done, most_growth=_SHORT) == []
    assert done.complaints == []
    assert done.rejections > 500
    assert len(done.rejected) == 25


def test_all_lanes_were_busy_and_stayed_below_the_limit(done: Soak) -> None:
    held = [sample.descriptors for sample in done.samples]
    assert 4 <= max(held) - min(held) < soak.MOST_CONNECTIONS


def _grown(done: Soak) -> dict[str, Any]:
    samples = [replace(s, memory=s.rejections * 1024) for s in done.samples]
    return {"samples": samples}


def _leaking(done: Soak) -> dict[str, Any]:
    last = done.samples[-1]
    return {"samples": [*done.samples, replace(last, descriptors=last.descriptors + 1)]}


def _reported(done: Soak, **more: int) -> dict[str, Any]:
    return {"held": {**done.held, "reported": {**done.held["reported"], **more}}}


def _flooded(done: Soak) -> dict[str, Any]:
    (line, *_) = [each for each in done.log.splitlines() if "key_missing" in each]
    return {"log": done.log + f"{line}\n" * 1000}


BROKEN: dict[str, Callable[[Soak], dict[str, Any]]] = {
    "every response is the one that it should be": lambda _: {"complaints": ["wrong"]},
    "memory does not grow": _grown,
    "every descriptor is given back": _leaking,
    "valid handshakes and pages are served": lambda done: {
        "valid": done.valid + Counter([503])
    },
    "every rejection is reported once": lambda done: _reported(done, key_missing=0),
    "the log accounts for every rejection": _flooded,
    "the log is bounded": _flooded,
    "the server ends in time": lambda _: {"seconds_to_end": 10.0},
    "nothing but our lines is logged": lambda done: {"log": done.log + "Traceback\n"},
    "every acceptance is reported": lambda done: _reported(done, accepted=0),
}


@pytest.mark.parametrize("promise", BROKEN)
def test_a_promise_that_is_broken_is_named(done: Soak, promise: str) -> None:
    broken = replace(done, **BROKEN[promise](done))
    assert promise in complaints(broken, most_growth=_SHORT)


def test_the_growth_is_that_of_1000_rejections_once_the_caches_are_full() -> None:
    settled = [Sample(n * 500, 10_000 + n * 100, 9) for n in range(2, 10)]
    filling = [Sample(0, 0, 9), Sample(500, 5_000, 9)]
    assert Soak(samples=[*filling, *settled]).growth() == pytest.approx(200)


MIXED = Soak(
    seconds=2,
    rejected=Counter(key_missing=1500, host_missing=500),
    slow=3,
    valid=Counter({101: 4, 418: 4}),
    samples=[Sample(n * 100, 2**20 * 40, 12) for n in range(5)],
    held={"connections": 1, "tasks": 1, "reported": {}},
    seconds_to_end=0.25,
    log='{"event": "websocket.handshake.rejected", "error.type": "key_missing"}\n',
)


def test_the_report_is_text_for_people() -> None:
    assert (
        report(MIXED)
        == """\
2,000 rejections in 2 s (1,000 a second), 2 reasons
wrong responses     0
memory              40.0 MiB before, 40.0 after; +0 bytes for 1,000 rejections
in KiB, on the way  40,960 40,960 40,960 40,960 40,960
connections         1 left (the one that asks), 1 task
descriptors         12 before, 12 after
valid ones          4 handshakes and 4 pages, all served
one byte a second   3 got a response
log                 1 lines, 71 bytes; 1 of one reason at most
end after SIGTERM   0.2 s
"""
    )


def test_the_command_fails_if_a_promise_is_broken(
    done: Soak, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[object] = []

    def short(seconds: float, http: str, websocket: str, _: Path) -> Soak:
        asked.append((seconds, http, websocket))
        return done

    monkeypatch.setattr(soak, "soak", short)
    monkeypatch.setattr(soak, "MOST_GROWTH", _SHORT)
    assert main([]) == 0
    assert capsys.readouterr().out == report(done)
    done = replace(done, complaints=["key: empty"])
    assert main(["60", "h11"]) == 1
    printed = capsys.readouterr().out
    assert printed.endswith(
        "Not kept: every response is the one that it should be.\nkey: empty\n"
    )
    assert asked == [(600.0, "httptools", "wsproto"), (60.0, "h11", "wsproto")]


def test_a_wrong_argument_is_an_error_that_names_the_right_ones(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["soak", "600", "zttp"])
    with pytest.raises(SystemExit, match="2"):
        runpy.run_path(soak.__file__, run_name="__main__")
    printed = capsys.readouterr().err
    assert "argument http: invalid choice: 'zttp' (choose from " in printed
