from __future__ import annotations

import pytest

from ws_handshake.core.redaction import path_only, printable


def test_what_is_as_long_as_the_limit_once_it_is_escaped_is_not_cut() -> None:
    assert printable("\n" + "a" * 6, 8) == r"\naaaaaa"
    assert printable("\n" + "a" * 7, 8) == r"\naaa..."


@pytest.mark.parametrize("end", ["?", "#", "%3F", "%3f", "%23", "%3F?", "#%3F"])
def test_a_path_ends_where_a_query_begins_even_an_encoded_one(end: str) -> None:
    assert path_only(f"/ws{end}token=a") == "/ws"
    assert path_only(f"http://h/ws{end}token=a") == "/ws"


def test_other_encoded_characters_are_part_of_a_path() -> None:
    assert path_only("/a%20b%3Dc%24") == "/a%20b%3Dc%24"
