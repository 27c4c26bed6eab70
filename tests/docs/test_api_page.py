"""The interface on the page says what goes in, what comes out, and what is raised."""

from __future__ import annotations

import importlib
import inspect
import re
from typing import Any

import pytest

from tests.support.docs_examples import DOCS
from ws_handshake import hypercorn
from ws_handshake.gunicorn import ASGIWorker
from ws_handshake.testing import Records

PAGE = (DOCS / "api.md").read_text(encoding="utf-8")
NAMES = re.findall(r"(?m)^::: (\S+)$", PAGE)
# What a server makes, and a list.
_NOT_GIVEN_ANYTHING = {hypercorn.Logger, hypercorn.Handshake, ASGIWorker, Records}
#: What is about the bytes of a handshake.
_OF_THE_RFC = (
    "WebSocketHandshakeMiddleware",
    *("judge", "accept_token", "RequestHead", "Verdict", "Reason", "Policy"),
)

_item = re.compile(r"(?m)^    (\w+): \S")


def _public(name: str) -> Any:
    module, _, attribute = name.rpartition(".")
    return getattr(importlib.import_module(module), attribute)


def _explained(documented: Any) -> set[str]:
    """Return the names that a docstring explains in a section."""
    return set(_item.findall(inspect.getdoc(documented) or ""))


def _given(documented: Any) -> set[str]:
    """Return what a caller gives by name, or reads."""
    if documented in _NOT_GIVEN_ANYTHING:
        return set()
    parameters = inspect.signature(documented).parameters
    return {name for name in parameters if not name.startswith("_")}


@pytest.mark.parametrize("name", NAMES)
def test_everything_that_goes_in_is_explained(name: str) -> None:
    documented = _public(name)
    assert _given(documented) - _explained(documented) == set()


@pytest.mark.parametrize("name", [n for n in NAMES if inspect.isfunction(_public(n))])
def test_a_function_says_what_comes_out(name: str) -> None:
    function = _public(name)
    returns = inspect.signature(function).return_annotation != "None"
    assert ("\nReturns:\n" in (inspect.getdoc(function) or "")) == returns


@pytest.mark.parametrize("name", _OF_THE_RFC)
def test_what_is_about_the_bytes_names_the_rfc(name: str) -> None:
    documented = _public(f"ws_handshake.{name}")
    members = [m for n, m in vars(documented).items() if not n.startswith("_")]
    said = [inspect.getdoc(each) or "" for each in (documented, *members)]
    assert any(re.search(r"RFC [0-9]{4} section|rfc:|RFC 6455 wants", t) for t in said)
