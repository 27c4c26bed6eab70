"""The path of a target in any form is shown without user, host and query."""

from __future__ import annotations

from functools import partial
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.stopwatch import is_linear
from ws_handshake.core.redaction import path_only

SECRET = "S3CR3T"
SCHEMES = ["", "http:", "http:/", "http://", "//", "wss://", "http:\\\\", "http:///"]
USERS = ["{}@h", "{}:pw@h", "u:{}@h", "u:{}@h:9443", "u:a/{}@h", "u:a@{}@h", "u:{}?@h"]


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_user_is_shown_in_no_form_of_a_target(scheme: str, user: str) -> None:
    target = scheme + user.format(SECRET) + "/ws"
    for written in (target, quote(target, safe=""), quote(quote(target, safe=""))):
        assert path_only(written) in {"", "/ws"}


@pytest.mark.parametrize("prefix", ["/base", "/base/"])
@pytest.mark.parametrize("user", USERS[:-1])
@pytest.mark.parametrize("scheme", SCHEMES[1:])
def test_a_user_after_a_root_path_is_not_shown(
    scheme: str, user: str, prefix: str
) -> None:
    target = prefix + scheme + user.format(SECRET) + "/ws"

    assert path_only(target) in {"", "/ws"}


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("user:pw@h:9443/ws", "/ws"),
        ("http:/user:pw@h", ""),
        ("http:%2F%2Fuser:pw@h", ""),
        ("http%3A%2F%2Fuser%3Apw%40h/ws", "/ws"),
        ("//u:a?b@h/ws", ""),
        ("//h.example:80/ws", ""),
        ("http://u:a@h//u:b?a@h/ws", ""),
        ("/users/anna@example.com/ws", "/users/anna@example.com/ws"),
        ("/@scope/ws", "/@scope/ws"),
        ("/rooms/a:b/ws", "/rooms/a:b/ws"),
        ("/ws?email=a@b.example", "/ws"),
        ("/rooms/a:b/ws?email=a@b.example", "/rooms/a:b/ws"),
        ("u:pw@/ws", ""),
        ("http://X/ws", "/ws"),
        ("http://h://ws", "//ws"),
        ("*", "*"),
    ],
)
def test_what_is_left_of_a_target_is_its_path(target: str, expected: str) -> None:
    assert path_only(target) == expected


@pytest.mark.parametrize(
    "target",
    ["ws", "session=secret", "HTTP/1.1", "h.example:443", "secret", "Bearer", "**"],
)
def test_nothing_is_shown_of_what_is_neither_a_path_nor_a_uri(target: str) -> None:
    assert path_only(target) == ""


@pytest.mark.parametrize(
    "end",
    [
        *("%253F", "%253f", "%25253F", "%2523", "&", ";", "%26", "%3B", "%253b"),
        *("%252526", "?", "#"),
    ],
)
def test_a_query_begins_where_its_mark_stands_however_often_encoded(end: str) -> None:
    assert path_only(f"/ws{end}token=secret") == "/ws"


def test_what_is_encoded_and_no_mark_is_part_of_a_path() -> None:
    assert path_only("/a%2520b%25") == "/a%2520b%25"


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(["/", "//", ":", "%", "25", "%2F", "%3A", "h", "\\", "?"])
    ),
    st.sampled_from(
        ["//u:", "http://u:", "http:/u:", "http:%2F%2F", "u:", "%2f%2Fu%3a"]
    ),
    st.sampled_from(["@", "%40", "%2540", "%252540"]),
)
def test_a_user_is_not_shown_whatever_stands_around_it(
    parts: list[str], before: str, at: str
) -> None:
    noise = "".join(parts)
    for target in (
        f"{before}{SECRET}{noise}{at}h/ws",
        f"{before}{noise}{SECRET}{at}h/ws",
        f"{before}{SECRET}{at}{noise}/ws",
    ):
        assert SECRET not in path_only(target)


@pytest.mark.parametrize(
    "unit", ["%25", "%2525", "25", "%", "%40", "%3A", "@:", "//", "%2F", "&", ";", "\\"]
)
def test_the_cost_of_an_encoded_path_is_linear_in_its_length(unit: str) -> None:
    small, large = (
        partial(path_only, "/%" + (unit * size)[:size]) for size in (8192, 131072)
    )

    assert is_linear(small, large, times=30)


def test_of_a_path_longer_than_a_line_nothing_is_shown() -> None:
    assert path_only("/" + "a" * 8191) == "/" + "a" * 252 + "..."
    assert path_only("/" + "a" * 8192) == ""


@pytest.mark.parametrize("end", ["?", "#", "%3F", "%3f", "%23", "%3F?", "#%3F"])
def test_a_path_ends_where_a_query_begins_even_an_encoded_one(end: str) -> None:
    assert path_only(f"/ws{end}token=a") == "/ws"
    assert path_only(f"http://h/ws{end}token=a") == "/ws"


def test_other_encoded_characters_are_part_of_a_path() -> None:
    assert path_only("/a%20b%3Dc%24") == "/a%20b%3Dc%24"
