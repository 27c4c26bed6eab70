"""The pages of docs/ as HTML: as much of Markdown as they use, all text escaped."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo_app.inspector.pages.markdown import html_of
from tests.support.docs_examples import DOCS

PAGES = sorted(page for page in DOCS.rglob("*.md") if page.name != "api.md")

ELEMENTS = {
    *("h1", "h2", "h3", "p", "pre", "code", "ul", "ol", "li", "a", "strong"),
    *("div", "table", "tr", "th", "td"),
}


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("# One\n\n## Two", "<h1>One</h1>\n<h2>Two</h2>"),
        ("one\ntwo\n\nthree", "<p>one\ntwo</p>\n<p>three</p>"),
        (
            "a `<b>` **c** & d",
            "<p>a <code>&lt;b&gt;</code> <strong>c</strong> &amp; d</p>",
        ),
        ("- one\n  more\n- two\n", "<ul><li>one\n  more</li><li>two</li></ul>"),
        ("- one", "<ul><li>one</li></ul>"),
        (
            "so:\n```http\nGET <x>\n\nHost\n```\nafter",
            (
                '<p>so:</p>\n<pre data-language="http"><code>GET &lt;x&gt;\n\nHost\n'
                "</code></pre>\n<p>after</p>"
            ),
        ),
        ('```text title="a"\n```', '<pre data-language="text"><code></code></pre>'),
        ("```\n```", "<pre><code></code></pre>"),
        ("1. one\n   more\n2. two\n", "<ol><li>one\n   more</li><li>two</li></ol>"),
        (
            "one\n\n    $ two\n\nthree",
            "<p>one</p>\n<pre><code>$ two\n</code></pre>\n<p>three</p>",
        ),
        ("<!-- table: begin -->\n\none", "<p>one</p>"),
        ("![a chart](charts/bytes.svg)", "<p>a chart</p>"),
        (
            "| a | b |\n| --- | --- |\n| `c` |  |\n",
            (
                '<div class="wide" tabindex="0" role="group" aria-label="Table">'
                "<table><tr><th>a</th><th>b</th></tr>"
                "<tr><td><code>c</code></td><td></td></tr></table></div>"
            ),
        ),
        (
            '[RFC](https://www.rfc-editor.org/rfc/rfc6455#section-1"x)',
            (
                '<p><a href="https://www.rfc-editor.org/rfc/rfc6455#section-1&quot;x">RFC</a>'
                "</p>"
            ),
        ),
        (
            (
                "[a](../causes/old_draft.md) [b](key_missing.md#x) [c](../uvicorn.md) "
                "[d](javascript:alert) [`e`](index.md)"
            ),
            (
                '<p><a href="/causes/old_draft">a</a> '
                '<a href="/reasons/key_missing">b</a> <a href="/docs/uvicorn">c</a> d '
                '<a href="/reasons"><code>e</code></a></p>'
            ),
        ),
    ],
)
def test_markdown_becomes_html(markdown: str, html: str) -> None:
    assert html_of(markdown, "reasons") == html


MARKUP = (
    r"\A---\n(?s:.*?)\n---\n|"
    r"^```.*$|^<!--.*$|\]\([^)]*\)|^\| ?-.*$|^- |^\d+\. |!(?=\[[^\]\n]+\]\()"
)


WIDE = {"tabindex", "role", "aria-label"}


class Reader(HTMLParser):
    """Reads HTML strictly: all elements known, and each closed in its order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ELEMENTS
        assert {name for name, _ in attrs} <= WIDE | {"href", "class", "data-language"}
        self.links += [value or "" for name, value in attrs if name == "href"]
        self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(DOCS)))
def test_every_page_is_shown_whole(page: Path) -> None:
    markdown = page.read_text("utf-8")
    folder = page.parent.relative_to(DOCS).as_posix()
    reader = Reader(html_of(markdown, folder))
    assert reader.opened == []
    words = re.sub(rf"(?m){MARKUP}|[#*`\[|\s\]-]", "", markdown)
    assert re.sub(r"[#*`\[|\s\]-]", "", reader.text) == words
    for link in reader.links:
        path = link.removeprefix("/docs")
        there = [Path(DOCS, f".{path}.md"), Path(DOCS, f".{path}", "index.md")]
        assert link.startswith("https://") or any(file.is_file() for file in there)
    assert "../" not in "".join(reader.links)


@given(st.text(), st.text("`*[]()#|- \n<&\"'ab"))
def test_any_other_markup_becomes_text(anything: str, odd: str) -> None:
    reader = Reader(html_of(anything + odd, "causes"))
    assert reader.opened == []
    assert all(
        link.startswith(("https://", "/causes", "/reasons", "/docs/"))
        for link in reader.links
    )
