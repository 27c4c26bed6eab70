"""Short campaigns: nothing is unexplained, and what would be is printed."""

from __future__ import annotations

import runpy
import shutil
import socket
import struct
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager
from random import Random
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from tests.fuzz import campaigns as fuzz
from tests.fuzz import handshakes as fuzz_handshakes
from tests.fuzz import pastes as fuzz_pastes
from tests.fuzz import secrets as fuzz_secrets
from tests.fuzz.differential import compare, compare_form
from tests.fuzz.differential_rows import judged
from tests.fuzz.tally import Tally, together
from tests.support.asgi import Spy
from tests.support.cli_runs import Output
from tests.support.handshakes import ACCEPT, VALID
from tests.support.outputs import Outputs
from tests.support.peers import h11
from tests.support.peers_sockets import token_from
from tests.support.plain_traffic import WAYS, bare
from tests.support.wires import free_port
from ws_handshake.cli.pasted.recognition import recognise

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator

    from tests.fuzz.differential import Case
    from tests.support.handshakes import Handshake
    from tests.support.protocols import Line
    from ws_handshake.asgi.scope import ASGIApp

#: Enough to meet most rows, and few enough for every run of the tests.
SHORT = {
    "differential": 2000,
    "sockets": 400,
    "plain": 100,
    "pastes": 300,
    "secrets": 100,
    "secrets-sockets": 300,
}


@pytest.mark.parametrize("name", SHORT)
def test_a_short_campaign_leaves_nothing_unexplained(name: str) -> None:
    tally = fuzz.campaign(name, seed=1, count=SHORT[name], seconds=60)

    assert (tally.unexplained, tally.counts["unexplained"]) == ([], 0)
    assert tally.cases > 0


def test_a_secret_in_an_output_is_unexplained(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    actual = Outputs.of

    def leaking(outputs: Outputs, handshake: Handshake, script: Any) -> dict[str, str]:
        return {**actual(outputs, handshake, script), "gossip": repr(handshake)}

    monkeypatch.setattr(Outputs, "of", leaking)
    monkeypatch.setattr(fuzz_secrets, "EVERY", 5)
    tally = fuzz.campaign("secrets", seed=1, count=6, seconds=60)

    assert tally.counts["unexplained"] >= 6
    assert all(line.startswith("gossip contains ") for line in tally.unexplained)
    assert tally.counts["written by: metrics"] == 2  # after the fifth, and at the end


def test_a_class_that_writes_something_else_is_unexplained(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def silent(own: type[asyncio.Protocol], _app: ASGIApp) -> Line:
        return await bare(own, Spy())

    monkeypatch.setitem(WAYS, "chosen", silent)
    tally = fuzz.campaign("plain", seed=1, count=5, seconds=60)

    assert tally.counts["H11Protocol, installed: the same"] == 5
    assert tally.counts["unexplained"] >= 5
    assert tally.unexplained[0].startswith("H11Protocol, chosen: (Exchange(")


def test_a_paste_with_another_verdict_or_a_secret_is_unexplained(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = Output(0, fuzz_pastes.CANARY, "")
    monkeypatch.setattr(fuzz_pastes, "asked", lambda *_, **__: shown)
    monkeypatch.setattr(
        fuzz_pastes,
        "recognise",
        lambda text: None if b"Hello" in text else recognise(text),
    )
    tally = fuzz.campaign("pastes", seed=1, count=30, seconds=60)

    assert tally.counts["unexplained"] > 60
    assert any("[] in place of [" in line for line in tally.unexplained)
    assert any("a secret is shown" in line for line in tally.unexplained)


def test_a_server_that_hangs_up_has_rejected() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

        def hang_up() -> None:
            connection, _ = listening.accept()
            reset = struct.pack("ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
            connection.close()

        server = threading.Thread(target=hang_up)
        server.start()
        assert token_from(port, VALID.wire()) is None
        server.join(10)


def test_a_server_that_is_not_there_has_rejected_nothing() -> None:
    with pytest.raises(ConnectionRefusedError):
        token_from(free_port(), VALID.wire())


def test_h11_has_no_request_in_half_a_head() -> None:
    assert h11(b"GET / HTTP/1.1\r\nHost: a\r\n") is None


@pytest.mark.parametrize("module", ["fuzz.__main__", "fuzz.guided", "mutants.__main__"])
def test_each_command_can_be_run_as_a_module(
    module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [module, "no-such"])
    monkeypatch.setitem(sys.modules, "atheris", None)
    monkeypatch.delitem(sys.modules, f"tests.{module}", raising=False)
    monkeypatch.setattr(shutil, "copytree", _unable)
    with pytest.raises((SystemExit, ImportError, OSError)):
        runpy.run_module(f"tests.{module}", run_name="__main__")


def _unable(*_arguments: object, **_options: object) -> NoReturn:
    raise OSError("nothing is copied here")


def test_the_generator_writes_the_same_for_the_same_seed() -> None:
    first, again, other = (
        [fuzz_handshakes.wire(Random(seed)) for _ in range(3)]  # noqa: S311  (not secret)
        for seed in (1, 1, 2)
    )

    assert first == again
    assert first != other


def test_the_generator_writes_handshakes_with_every_violation() -> None:
    random = Random(1)  # noqa: S311  (ditto)
    found = Counter(
        code
        for _ in range(4000)
        for code in judged(fuzz_handshakes.wire(random)).codes or ("valid",)
    )

    assert found["valid"] > 400
    assert found.keys() >= {
        *("valid", "method_not_get", "http_version_too_old", "host_missing"),
        *("host_malformed", "host_duplicated", "upgrade_missing", "key_missing"),
        *("upgrade_not_websocket", "connection_missing", "connection_not_upgrade"),
        *("key_malformed", "key_duplicated", "version_missing", "origin_duplicated"),
        *("version_unsupported", "version_duplicated", "subprotocol_malformed"),
        *("extensions_malformed", "body_unexpected", "http1_handshake_over_http2"),
        *("head_malformed: the request line", "head_malformed: a header name"),
        *("head_malformed: the request target",),
        *("head_malformed: a continued header line",),
        *("head_malformed: a control character in a header value",),
    }


@pytest.mark.parametrize(
    ("data", "theirs", "complaint"),
    [
        (VALID.wire(), None, "wsproto rejects"),
        (VALID.wire(), "x" * 28, "wsproto makes another token"),
        (VALID.asked(method="POST").wire(), ACCEPT, "wsproto accepts"),
    ],
)
def test_a_disagreement_without_a_row_is_unexplained(
    data: bytes, theirs: str | None, complaint: str
) -> None:
    tally = Tally()
    compare("wsproto", judged(data), theirs, tally)

    assert tally.counts == {"unexplained": 1}
    assert [line.split(":")[0] for line in tally.unexplained] == [complaint]


def test_a_parser_that_reads_other_fields_is_unexplained() -> None:
    tally = Tally()
    compare_form("httptools", judged(VALID.wire()), "something else", tally)

    assert [line.split(":")[0] for line in tally.unexplained] == [
        "httptools reads otherwise"
    ]


@contextmanager
def _failing() -> Iterator[Case]:
    def case(_random: Random, tally: Tally) -> None:
        tally.count("tried")
        tally.complain("nothing holds", b"x")

    yield case


def test_what_is_unexplained_fails_the_command_and_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(fuzz.CAMPAIGNS, "differential", _failing)
    status = fuzz.main(["differential", "--count", "30", "--processes", "1"])

    printed = capsys.readouterr().out.splitlines()
    assert status == 1
    assert printed[1] == "30 cases"
    assert "          30  tried" in printed
    assert "30 unexplained" in printed
    assert printed.count("nothing holds: b'x'") == 20  # the first of them


def test_an_exception_in_a_case_is_unexplained_and_the_campaign_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    @contextmanager
    def raising() -> Iterator[Case]:
        def case(_random: Random, _tally: Tally) -> None:
            raise LookupError("somewhere")

        yield case

    monkeypatch.setitem(fuzz.CAMPAIGNS, "differential", raising)
    tally = fuzz.campaign("differential", seed=1, count=3, seconds=60)

    assert (tally.cases, tally.counts["unexplained"]) == (3, 3)
    assert tally.unexplained[2].startswith("case 2: 'Traceback (most recent call last)")
    assert "LookupError: somewhere" in tally.unexplained[2]


def test_the_cases_are_shared_out_to_the_processes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = ["differential", "--count", "101", "--processes", "2", "--seed", "7"]
    status = fuzz.main(arguments)

    printed = capsys.readouterr().out.splitlines()
    assert status == 0
    assert printed[0].startswith("differential: ")
    assert printed[0].endswith(" s, seed 7")
    assert printed[1] == "101 cases"
    assert "0 unexplained" in printed


def test_a_campaign_ends_when_its_time_is_over() -> None:
    started = time.monotonic()
    tally = fuzz.campaign("differential", seed=1, count=10**9, seconds=0.2)

    assert tally.cases < 10**6
    assert time.monotonic() - started < 60


def test_tallies_add_up() -> None:
    whole = together(
        Tally(cases=n, counts=Counter(a=n), unexplained=["x"] * 15) for n in (1, 2)
    )

    assert (whole.cases, whole.counts, len(whole.unexplained)) == (3, {"a": 3}, 20)
