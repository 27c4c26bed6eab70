"""Both READMEs: what they show is real, and they show the same."""

from __future__ import annotations

import json
import re
import tomllib
from typing import TYPE_CHECKING

import pytest

from tests.support import proxies
from tests.support.docs_examples import DOCS, blocks, renewed, table
from tests.support.first_steps import README, CameBack, Typed, follow, serving_here
from tests.support.handshakes import VALID
from tests.support.other_servers import exchange, is_complete
from tests.support.proxies import proxy
from tests.support.waiting import wait_until
from tests.support.wires import ROOT

if TYPE_CHECKING:
    from pathlib import Path

CHINESE = ROOT / "README.zh-CN.md"
BOTH = pytest.mark.parametrize("page", [README, CHINESE], ids=lambda page: page.name)

_tables = re.compile(r"(?m)(?:^\|.*\|\n)+")
_same_in_every_language = re.compile(r"`[^`]+`|\*\*[^*]+\*\*|[0-9]+")
_text = re.compile(r"<text[^>]*>([^<]*)</text>")
_link = re.compile(r"\]\(([^)\s]+)\)")


def _read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def test_the_readme_shows_what_curl_and_the_log_really_show(tmp_path: Path) -> None:
    came_back = follow(Typed.on(README), serving_here, tmp_path)
    shown = {b.title: b.text for b in blocks(_read(README))}
    assert f"It gets `{came_back.status}`" in _read(README)
    for title, wanted in came_back.shown.items():
        assert renewed(README, shown[title], wanted) == wanted, "RENEW=1 writes it anew"


def test_a_real_nginx_brings_the_same_back(tmp_path: Path) -> None:
    proxies.require("nginx")
    typed = Typed.on(README)
    (tmp_path / "main.py").write_text(typed.program, encoding="utf-8")
    with (
        serving_here(typed.start, tmp_path) as server,
        proxy("nginx", "default", server.port, tmp_path / "nginx") as port,
    ):
        asked = VALID.asked(target=b"/ws").wire()
        response = exchange(port, asked, is_complete)
        wait_until(lambda: '"GET /ws HTTP/1.0" 400' in server.logged(), server.logged)
        came_back = CameBack(response.raw, server.logged())
    shown = {b.title: b.text for b in blocks(_read(README))}
    assert came_back.status == "400 Bad Request"
    assert came_back.shown == {title: shown[title] for title in came_back.shown}


def test_the_readme_shows_what_came_back_before(tmp_path: Path) -> None:
    (client, before, after), (log, logged, _) = table(README, "nginx took two lines")
    came_back = follow(Typed.on(README).without_us(), serving_here, tmp_path)
    assert (client, f"`{came_back.status}`") == ("the client gets", before)
    assert after.startswith("`400 Bad Request`")
    assert log == "the log has"
    assert logged.strip("`") in came_back.log


def test_the_picture_in_the_readme_is_what_nginx_sends_and_what_is_sent_to_see_it() -> (
    None
):
    (picture,) = [b.text for b in blocks(_read(README)) if b.language == "diff"]
    sent = {line[1:] for line in picture.splitlines() if line[0] != "-"}
    page = _read(DOCS / "causes" / "proxy_stripped_upgrade.md")
    measured = next(block for block in blocks(page) if block.language == "http")
    assert sent <= set(measured.text.splitlines())
    asked = Typed.on(README).ask
    assert "--http1.0" in asked
    headers = {asked[i + 1] for i, part in enumerate(asked) if part == "-H"}
    assert sent == {"GET /ws HTTP/1.0", *headers}


def test_the_picture_on_the_site_has_the_same_lines() -> None:
    (picture,) = [b.text for b in blocks(_read(README)) if b.language == "diff"]
    drawn = {t for t in _text.findall(_read(DOCS / "pictures" / "handshake.svg")) if t}
    lines = {line[1:] for line in picture.splitlines()}
    assert lines - drawn == {"Sec-WebSocket-Version: 13"}
    (_, alone, ours), _ = table(README, "nginx took two lines")
    assert {alone.strip("`"), ours.split("`")[1]} <= drawn
    shown = json.loads(next(b.text for b in blocks(_read(README)) if b.title))
    assert shown["cause"]["detail"].split(". ")[0] + "." in drawn
    assert shown["cause"]["fix"].split(":")[0] + ": ..." in drawn


@BOTH
def test_a_readme_is_at_most_150_lines(page: Path) -> None:
    assert len(_read(page).splitlines()) <= 150


@BOTH
def test_the_first_lines_link_to_the_other_language(page: Path) -> None:
    (other,) = {README, CHINESE} - {page}
    assert f"]({other.name})" in "".join(_read(page).splitlines()[:4])


def test_both_readmes_have_the_same_code_and_the_same_sections() -> None:
    for old, new in zip(blocks(_read(CHINESE)), blocks(_read(README)), strict=True):
        assert old.language == new.language
        assert renewed(CHINESE, old.text, new.text) == new.text, "RENEW=1 copies it"
    assert len(re.findall(r"(?m)^## ", _read(CHINESE))) == len(
        re.findall(r"(?m)^## ", _read(README))
    )


def test_both_readmes_have_the_same_tables() -> None:
    old, new = (_tables.findall(_read(page))[-1] for page in (CHINESE, README))
    assert renewed(CHINESE, _rows(old), _rows(new)) == _rows(new), "RENEW=1 copies it"
    assert _measured(CHINESE) == _measured(README)


def test_both_readmes_lead_to_the_same_pages() -> None:
    english, chinese = (
        {link for link in _link.findall(_read(page)) if not link.startswith("README")}
        for page in (README, CHINESE)
    )
    assert chinese == english


@pytest.mark.parametrize(
    ("urls", "link", "is_right"),
    [
        ({}, "docs/deploy.md", True),
        ({}, "docs/no_such_page.md", False),
        ({}, "https://code.example/ws-handshake/blob/main/docs/deploy.md", False),
        ({"Source": "https://code.example/w"}, "docs/deploy.md", False),
        (
            {"Source": "https://code.example/w"},
            "https://code.example/w/docs/deploy.md",
            True,
        ),
    ],
)
def test_a_link_is_relative_until_the_project_has_an_address(
    urls: dict[str, str], link: str, *, is_right: bool
) -> None:
    assert _is_right(link, urls) == is_right


@BOTH
def test_every_link_of_a_readme_is_right(page: Path) -> None:
    project = tomllib.loads(_read(ROOT / "pyproject.toml"))["project"]
    urls = project.get("urls", {})
    links = _link.findall(_read(page))
    assert [link for link in links if not _is_right(link, urls)] == []


def _is_right(link: str, urls: dict[str, str]) -> bool:
    """Return whether a link works where the README is read, also on a package index."""
    if urls:
        return link.startswith(tuple(urls.values()))
    return (ROOT / link.partition("#")[0]).exists()


def _measured(page: Path) -> list[list[str]]:
    """Return what stands in each table and is the same in every language."""
    found = _tables.findall(_read(page))
    return [_same_in_every_language.findall(_rows(rows)) for rows in found]


def _rows(table_text: str) -> str:
    return "".join(table_text.splitlines(keepends=True)[2:])
