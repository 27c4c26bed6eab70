"""How the servers that people run do in the conformance catalogue."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import conformance_table
from tests.support.conformance_servers import NODE_WS, STACKS, Stack, need
from tests.support.conformance_table import (
    PAGE,
    example,
    measure,
    tables_of,
    versions_of,
    versions_on,
)
from tests.support.docs_examples import DOCS, table
from tests.support.other_page import is_up_to_date
from tests.support.peer_servers import NODE_PATH
from ws_handshake.cli.conformance.cases import CASES
from ws_handshake.cli.conformance.judgement import DEFINITION, MEANINGS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.support.conformance_table import Document

BY_TITLE = {stack.title: stack for stack in STACKS}
OURS = [stack.title for stack in STACKS if stack.ours]
WSPROTO = ["uvicorn, h11, wsproto", "uvicorn, httptools, wsproto", "hypercorn"]
WEBSOCKETS = ["uvicorn, h11, websockets", "uvicorn, httptools, websockets"]

#: What fails, by who decides it in the server, as docs/servers.md has it.
FAILING = {
    "hypercorn, with our configuration": {
        "h11": {
            *("host_missing", "host_twice", "host_twice_differing"),
            *("host_and_an_empty_one", "every_line_twice"),
            *("space_before_colon", "tab_before_colon"),
            *("length_of_letters", "length_with_sign", "lengths_differing"),
        },
        "`H11Protocol._create_stream`": {
            *("method_small", "connection_first_line", "upgrade_first_line"),
            *("upgrade_first_of_list", "upgrade_last_of_list"),
            *("upgrade_beside_versions", "upgrade_empty_elements"),
        },
    },
    "gunicorn, with our worker": {
        "gunicorn's parser": {"method_small", "space_before_colon", "tab_before_colon"},
    },
}


@pytest.fixture(scope="module", name="measured")
def _measured(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Document]:
    here = [stack for stack in STACKS if stack.missing() is None]
    return measure(here, tmp_path_factory.mktemp("logs"))


def of(measured: Mapping[str, Document], title: str) -> Document:
    need(BY_TITLE[title])
    return measured[title]


def names(document: Document, kind: str) -> set[str]:
    return {r["name"] for r in document["results"] if r["kind"] == kind}


@pytest.mark.parametrize("title", OURS)
def test_with_our_protocol_class_nothing_fails(
    measured: Mapping[str, Document], title: str
) -> None:
    document = of(measured, title)
    assert set(document["failures"].values()) == {0}, names(document, "no response")
    assert document["badge"] == "websocket handshake: 195/195"


@pytest.mark.parametrize("title", FAILING)
def test_with_our_classes_only_what_the_server_decides_before_us_fails(
    measured: Mapping[str, Document], title: str
) -> None:
    failed = {r["name"] for r in of(measured, title)["results"] if r["kind"]}
    assert failed == set().union(*FAILING[title].values())


def test_the_page_names_every_failure_with_our_classes_and_who_decides_it() -> None:
    rows = table(DOCS / "servers.md", "What still fails with our classes")
    assert {(server, by): set(names.split(", ")) for server, by, names, _ in rows} == {
        (title.replace(", with", " with"), by): {f"`{name}`" for name in names}
        for title, parts in FAILING.items()
        for by, names in parts.items()
    }


@pytest.mark.parametrize("title", BY_TITLE)
def test_every_handshake_was_sent(measured: Mapping[str, Document], title: str) -> None:
    document = of(measured, title)
    assert (document["sent"], document["stopped"]) == (195, None)
    assert document["chosen"] == 195


@pytest.mark.parametrize("title", WSPROTO)
def test_wsproto_takes_any_key_for_a_key(
    measured: Mapping[str, Document], title: str
) -> None:
    accepted = names(of(measured, title), "wrongly accepted")
    assert {"key_15_bytes", "key_word", "key_empty", "key_twice"} <= accepted


@pytest.mark.parametrize("title", WSPROTO)
def test_wsproto_falls_over_an_offer_that_it_should_decline(
    measured: Mapping[str, Document], title: str
) -> None:
    silent = names(of(measured, title), "no response")
    assert {"extension_window_of_letters", "extension_quoted"} <= silent


@pytest.mark.parametrize("title", WEBSOCKETS)
def test_websockets_in_uvicorn_does_not_respond_to_a_body_or_long_lines(
    measured: Mapping[str, Document], title: str
) -> None:
    silent = names(of(measured, title), "no response")
    assert {"body_of_five_bytes", "line_of_9_kb", "lines_of_130"} <= silent


@pytest.mark.parametrize("title", [*WSPROTO, *WEBSOCKETS, "daphne", "aiohttp", NODE_WS])
def test_many_servers_do_not_read_upgrade_as_a_list(
    measured: Mapping[str, Document], title: str
) -> None:
    rejected = names(of(measured, title), "wrongly rejected")
    assert {"upgrade_first_of_list", "upgrade_last_of_list"} <= rejected


def test_granian_rejects_nothing_valid_and_accepts_any_method(
    measured: Mapping[str, Document],
) -> None:
    document = of(measured, "granian")
    assert names(document, "wrongly rejected") == set()
    accepted = names(document, "wrongly accepted")
    assert {"method_post", "method_unknown", "host_twice"} <= accepted


def test_daphne_reads_a_version_as_python_reads_numbers(
    measured: Mapping[str, Document],
) -> None:
    accepted = names(of(measured, "daphne"), "wrongly accepted")
    assert {"version_zero_before", "version_plus", "version_underscore"} <= accepted


def test_node_reads_a_version_as_javascript_reads_numbers(
    measured: Mapping[str, Document],
) -> None:
    accepted = names(of(measured, NODE_WS), "wrongly accepted")
    assert {"version_hexadecimal", "version_exponent", "version_plus"} <= accepted


def test_aiohttp_fails_over_bytes_beyond_ascii_and_takes_a_kelvin_sign(
    measured: Mapping[str, Document],
) -> None:
    document = of(measured, "aiohttp")
    assert {"key_byte_ff", "upgrade_nbsp"} <= names(document, "server error")
    assert "upgrade_kelvin" in names(document, "wrongly accepted")


def test_four_servers_never_say_which_version_they_speak(
    measured: Mapping[str, Document],
) -> None:
    for title in ("websockets", "aiohttp", "granian", "hypercorn"):
        wrong = names(of(measured, title), "wrong response")
        assert {"version_0", "version_12", "version_14", "version_255"} <= wrong


def test_the_page_has_what_was_measured(
    measured: Mapping[str, Document], tmp_path: Path
) -> None:
    for stack in STACKS:
        need(stack)
    renew = "RENEW" in os.environ
    # with newer versions that do the same, the page is still true
    shown = versions_of(STACKS) if renew else versions_on(PAGE.read_text("utf-8"))
    current = example(STACKS, tmp_path) + tables_of(measured, shown)
    assert is_up_to_date(PAGE, current, renew=renew), (
        "docs/cli_conformance.md is out of date; "
        "RENEW=1 .venv/bin/pytest tests/docs/test_conformance_table.py writes it anew."
    )


def test_the_page_defines_every_kind_as_the_command_does() -> None:
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert DEFINITION in page
    assert f"sends a server {len(CASES)} opening handshakes" in page
    for kind, meaning in MEANINGS.items():
        assert f"| {kind} | {meaning} |" in page


def test_the_page_names_the_version_of_each_part() -> None:
    versions = versions_on(PAGE.read_text(encoding="utf-8"))
    parts = {part for stack in STACKS for part in stack.parts}
    assert set(re.findall(r"(\w+)\s\d[\d.]*[,.]", versions)) == parts


def test_the_script_writes_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.md"
    page.write_text("A\n<!-- table: begin -->\n<!-- table: end -->\nB\n", "utf-8")
    ours = BY_TITLE[OURS[0]]
    monkeypatch.setattr(conformance_table, "PAGE", page)
    monkeypatch.setattr(conformance_table, "STACKS", (ours,))
    monkeypatch.setattr(conformance_table, "SHOWN", ours.title)
    conformance_table.main()
    text = page.read_text(encoding="utf-8")
    assert f"\n{versions_of([ours])}\n" in text
    row = f"| {ours.title} | 195 | 0 | 0 | 0 | 0 | 0 | 0 |"
    assert row in text.splitlines()
    assert text.startswith("A\n")
    assert capsys.readouterr().out == f"{page} is written.\n"


def test_a_missing_server_skips_its_tests_but_fails_them_on_ci(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nowhere = Stack("nowhere", (), ("no_such_server",))
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"^no_such_server is not inst"):
        need(nowhere)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=r"^no_such_server is not inst"):
        need(nowhere)


def test_without_node_its_ws_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert BY_TITLE[NODE_WS].missing() == "Node.js with ws (node-ws)"
    assert NODE_PATH.startswith("/")


def test_versions_name_every_part() -> None:
    stack: Any = BY_TITLE["uvicorn, h11, wsproto"]
    parts = [part.split(" ")[0] for part in stack.versions().split(", ")]
    assert parts == ["uvicorn", "h11", "wsproto"]
