"""The inspector's options: a wrong one is reported at once, with a hint."""

from __future__ import annotations

from typing import Any

import pytest

from ws_handshake.inspector import Inspector
from ws_handshake.inspector.options import Options, path_of


def of(**changed: Any) -> Options:
    options: dict[str, Any] = {
        "records": 200,
        "allowed_hosts": (),
        "expose_to_network": False,
    }
    return Options.of(**{**options, **changed})


@pytest.mark.parametrize("records", [0, -1, 10_001, 1.5, "200", True])
def test_records_is_a_number_of_handshakes(records: Any) -> None:
    with pytest.raises(ValueError, match=r"^records is ") as raised:
        Inspector(records=records)
    assert str(raised.value) == (
        f"records is {records!r}; give a number from 1 to 10,000: so many handshakes "
        "are kept in memory."
    )


@pytest.mark.parametrize("exposed", [None, 1, "no"])
def test_expose_to_network_is_true_or_false(exposed: Any) -> None:
    with pytest.raises(ValueError, match=r"^expose_to_network is ") as raised:
        Inspector(expose_to_network=exposed)
    assert str(raised.value) == (
        f"expose_to_network is {exposed!r}; give True if everyone who can reach this "
        "server may see its handshakes, else leave it out."
    )


@pytest.mark.parametrize(
    "hosts",
    [
        "dev.example.com",
        ["http://dev.example.com"],
        ["dev.example.com:8000"],
        ["dev.example.com", ""],
        ["dév.example.com"],
        [b"dev.example.com"],
    ],
)
def test_allowed_hosts_is_a_list_of_names(hosts: Any) -> None:
    with pytest.raises(ValueError, match=r"^allowed_hosts is ") as raised:
        Inspector(allowed_hosts=hosts)
    assert str(raised.value) == (
        f"allowed_hosts is {hosts!r}; give a list of names without scheme and port, "
        'such as ["dev.example.com"].'
    )


def test_names_are_compared_in_lower_case() -> None:
    assert of(allowed_hosts=["Dev.Example.com", "other"]).allowed_hosts == {
        b"dev.example.com",
        b"other",
    }
    assert of(records=10_000, expose_to_network=True) == Options(
        10_000, frozenset(), expose_to_network=True
    )


@pytest.mark.parametrize("path", ["", "/", "x", "/x/", "//x", None, 1])
def test_a_path_begins_with_a_slash_and_ends_without(path: Any) -> None:
    with pytest.raises(ValueError, match=r"^path is ") as raised:
        path_of(path)
    assert str(raised.value) == (
        f"path is {path!r}; give one that begins with a slash and ends without, such "
        'as "/_handshakes".'
    )


def test_a_path_may_have_several_parts() -> None:
    assert path_of("/debug/handshakes") == "/debug/handshakes"
