"""The threat model claims nothing that no test proves."""

from __future__ import annotations

import ast
import re

import pytest

from tests.support.docs_examples import DOCS, sections
from tests.support.wires import ROOT

MODEL = (DOCS / "security.md").read_text(encoding="utf-8")
FAULTS = (DOCS / "reliability_faults.md").read_text(encoding="utf-8")
REPORTING = (ROOT / "SECURITY.md").read_text(encoding="utf-8")

_test = re.compile(r"`((?:\w+/)*test_\w+\.py)::(test_\w+)`")
_claim = re.compile(r"(?m)^- .+\n(?:  .+\n)*")
#: What stands first is no claim.
THREATS = {name: text for name, text in sections(MODEL).items() if name}
LIMITATIONS = THREATS.pop("Known limitations")


def _named(text: str) -> list[tuple[str, str]]:
    return sorted(set(_test.findall(text)))


@pytest.mark.parametrize(("file", "name"), _named(MODEL + FAULTS + REPORTING))
def test_every_test_that_is_named_exists(file: str, name: str) -> None:
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    tests = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert name in tests


@pytest.mark.parametrize("threat", THREATS)
def test_every_claim_names_the_test_that_proves_it(threat: str) -> None:
    claims = _claim.findall(THREATS[threat] + "\n")
    assert len(claims) >= 3
    assert [claim for claim in claims if not _test.search(claim)] == []


def test_every_threat_is_there_with_what_is_not_ours() -> None:
    assert list(THREATS) == [
        "Cross-site WebSocket hijacking",
        "Smuggling through a failed upgrade",
        "h2c",
        "Header and log injection",
        "Floods",
        "Information in errors",
        "Secrets in logs",
        "Slow and broken clients",
        "Observers",
        "The inspector",
    ]
    silent = [name for name, text in THREATS.items() if "\nNot ours: " not in text]
    assert silent == ["Observers"]


def test_the_known_limitations_come_first() -> None:
    assert list(sections(MODEL))[1] == "Known limitations"
    assert len(_claim.findall(LIMITATIONS + "\n")) == 5


def test_each_promise_in_security_md_names_its_test() -> None:
    promises = _claim.findall(sections(REPORTING)["What is promised"] + "\n")
    assert len(promises) == 6
    assert [promise for promise in promises if not _test.search(promise)] == []
