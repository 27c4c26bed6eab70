from __future__ import annotations

import pytest

from ws_handshake.cli.pasted.curl_options import read_options


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (["http://a"], {"url": ["http://a"]}),
        (["-sS", "http://a"], {"s": [""], "S": [""], "url": ["http://a"]}),
        (["-iXPOST", "-"], {"i": [""], "X": ["POST"], "url": ["-"]}),
        (["-X", "POST"], {"X": ["POST"]}),
        (["-X"], {"X": [""]}),
        (["-H", "a: b", "--header", "c: d"], {"H": ["a: b", "c: d"]}),
        (["--max-time", "3", "--url", "b"], {"max-time": ["3"], "url": ["b"]}),
        (["--compressed", "x"], {"compressed": [""], "url": ["x"]}),
        (["-o", "f", "--json", "{}"], {"o": ["f"], "d": ["{}"]}),
        (["-k", "--no-such-option"], {"k": [""], "no-such-option": [""]}),
    ],
)
def test_arguments_are_sorted_by_option(
    arguments: list[str], wanted: dict[str, list[str]]
) -> None:
    assert read_options(arguments) == {"H": [], "url": [], **wanted}
