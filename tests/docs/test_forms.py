"""The page with an example of each form: what it says is what `explain` says."""

from __future__ import annotations

import json
import re
from itertools import chain
from pathlib import Path
from random import Random
from textwrap import fill
from typing import Any

import pytest

from tests.support.cli_runs import Input, asked
from tests.support.docs_examples import DOCS, renewed
from tests.support.forms import FORMS, Form, lines
from ws_handshake.cli.explain import subcommand as explain

PAGE = DOCS / "forms.md"
BEGIN, END = "<!-- forms: begin -->\n", "<!-- forms: end -->\n"
#: Longer than any protocol or option of a connection; see core/redaction.py.
CANARY = "cAnArY7f3d9bsEcReT"
_word = re.compile(r"[0-9A-Za-z+/]{8,}={0,2}")
SHOWN = list(chain.from_iterable(FORMS.values()))


def document(text: str) -> dict[str, Any]:
    stdin = Input(text.encode(), typed=False)
    said: dict[str, Any] = json.loads(asked(explain, "--json", "-", stdin=stdin).out)
    return said


def said(form: Form) -> str:
    """Return what explain says, in a line."""
    found = document(form.example())
    (one,) = found["handshakes"]
    sentences = [f"Read as {found['read_as']}: `{one['request']}`."]
    codes = [f"`{violation['code']}`" for violation in one.get("violations", ())]
    sentences.append(f"Rejected: {', '.join(codes)}." if codes else "Valid.")
    if "cause" in one:
        sentences.append(f"Cause: `{one['cause']['code']}`.")
    if one["server_status"]:
        sentences.append(f"The server responded with {one['server_status']}.")
    return fill(" ".join(sentences), 88, break_on_hyphens=False)


def page() -> str:
    """Return the generated part of the page."""
    parts = []
    for section, forms in FORMS.items():
        parts.append(f"\n## {section}\n")
        for form in forms:
            block = f"```{form.language}\n{form.example()}\n```"
            parts.append(
                f"\n### {form.title}\n\n{form.how}\n\n{block}\n\n{said(form)}\n"
            )
    for section, rows in lines().items():
        parts.append(f"\n## {section}\n\n| who | the line | what it means | next |\n")
        parts.append("| --- | --- | --- | --- |\n")
        for who, line in rows:
            found = document(line)
            parts.append(
                f"| {who} | `{line}` | {found['meaning']} {found['fix']} "
                f"| `{found['next'].replace(', and ', '`, `')}` |\n"
            )
    return "".join([*parts, "\n"])


def test_the_page_shows_every_form_and_what_is_said_of_it() -> None:
    shown = PAGE.read_text("utf-8").partition(BEGIN)[2].partition(END)[0]
    made = page()
    whole = renewed(PAGE, BEGIN + shown + END, BEGIN + made + END)
    assert whole == BEGIN + made + END, "RENEW=1 writes it anew"


@pytest.mark.parametrize("form", SHOWN, ids=lambda form: form.file)
def test_no_example_is_taken_for_anything_else(form: Form) -> None:
    found = document(form.example())
    assert found["handshakes"]
    assert "not-for-you" not in json.dumps(found)
    codes = {
        v["code"] for one in found["handshakes"] for v in one.get("violations", ())
    }
    assert codes.isdisjoint({"key_malformed", "not_a_handshake"})


@pytest.mark.parametrize("form", SHOWN, ids=lambda form: form.file)
def test_whichever_word_is_a_secret_it_is_not_shown(form: Form) -> None:
    text = form.example()
    words = [word for word in _word.finditer(text) if word[0] != "localhost"]
    random = Random(form.file)  # noqa: S311  (no secret)
    for word in random.sample(words, min(12, len(words))):
        pasted = text[: word.start()] + CANARY + text[word.end() :]
        for options in ((), ("--json",)):
            stdin = Input(pasted.encode(), typed=False)
            output = asked(explain, *options, "-", stdin=stdin)
            assert CANARY not in output.out + output.err, word[0]


def test_every_example_is_shown() -> None:
    beside = Path(__file__).parent.parent / "cli" / "pasted" / "forms"
    shown = {"forms/lines.txt", *(form.file for form in SHOWN)}
    assert {f"forms/{path.name}" for path in beside.iterdir()} <= shown
