from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from tests.support.stopwatch import is_linear
from ws_handshake.cli.pasted.literal import read_values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": [1, {"b": "c"}]}', {"a": [1, {"b": "c"}]}),
        ("{'a': (b'x', b\"y\"), 'n': None}", {"a": ["x", "y"], "n": "None"}),
        ("{ a: 'x', 'b-c': \"y\",\n  d: 3 }", {"a": "x", "b-c": "y", "d": "3"}),
        ("Headers({'a': 'x'})", [{"a": "x"}]),
        ("[(b'a', b'x'), (b'b', b'y')]", [["a", "x"], ["b", "y"]]),
        ('http.Header{"A":[]string{"x", "y"}}', {"A": ["x", "y"]}),
        ('[A:"x", B:"y"]', {"A": "x", "B": "y"}),
        ("array('A' => 'x', 'B' => 'y',)", {"A": "x", "B": "y"}),
        ("Request { method: GET, uri: /ws }", {"method": "GET", "uri": "/ws"}),
        (r"{'a': 'it\'s', 'b': '\x41é\n\\'}", {"a": "it's", "b": "Aé\n\\"}),
        ("the client's {a: 'x'}", {"a": "x"}),
        ("{'a': 'x', 'b': ['y'", {"a": "x", "b": ["y"]}),
        ("{'a': 'x\n, 'b': 'y'}", {"a": "x", "b": "y"}),
        ("{'a': x ) }", {"a": "x"}),
        ("{'a':, 'b': = 'c'}", {"a": "", "b": "c"}),
        ("{['a']: 'b', c::d}", {"c": "d"}),
        ("E(R(x=1), (), a=2)", [{"x": "1"}, [], {"a": "2"}]),
        ("( )", []),
        ("{a=b==, c=d:80, e=f}", {"a": "b==", "c": "d:80", "e": "f"}),
    ],
)
def test_a_printed_value_is_read(text: str, value: object) -> None:
    assert read_values(text) == [value]


def test_values_between_other_words_are_found_in_their_order() -> None:
    assert read_values("got {'a': 'x'}, then [b]") == [{"a": "x"}, ["b"]]
    assert read_values('no value, and a "string" = here') == []


def test_what_is_nested_too_deep_is_passed_over() -> None:
    (value,) = read_values("[" * 150 + "a")
    depth = 0
    while isinstance(value, list):
        deeper: list[Any] = value
        value, depth = deeper[0], depth + 1
    assert (value, depth) == ("a", 100)


@pytest.mark.parametrize(
    "piece", ["'", '"', "\\'", "{", "}", "{'a':", "[]", "a=", "b'", "(x,"]
)
def test_it_takes_linear_time(piece: str) -> None:
    small, large = piece * 200, piece * 3200
    assert is_linear(partial(read_values, small), partial(read_values, large))
