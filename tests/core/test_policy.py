from __future__ import annotations

from typing import Any

import pytest

from ws_handshake import Policy
from ws_handshake.core.policy import Limits

SHAPE = (
    "; write a serialized origin such as 'https://example.com', "
    "'https://*.example.com' or 'same-origin', without path, user or other '*' "
    "(to allow every origin, leave the option None)."
)


def complaint(**options: Any) -> str:
    with pytest.raises(ValueError, match=r"\A") as caught:
        Policy(**options)
    return str(caught.value)


def test_without_options_everything_is_allowed() -> None:
    policy = Policy()

    assert policy.allowed_origins is None
    assert policy.allow_missing_origin
    assert policy.limits == Limits(line_bytes=8192, lines=128)
    assert not policy.declares("/")
    assert not policy.same_origin


def test_the_origin_is_checked_if_the_policy_can_reject_one_or_its_absence() -> None:
    assert not Policy().checks_origin
    assert Policy(allowed_origins="same-origin").checks_origin
    assert Policy(allow_missing_origin=False).checks_origin


def test_options_are_read_once_and_kept_as_tuples() -> None:
    policy = Policy(
        allowed_origins=iter(["https://example.com", "same-origin"]),
        websocket_paths=iter(["/ws"]),
    )

    assert policy.allowed_origins == ("https://example.com", "same-origin")
    assert policy.websocket_paths == ("/ws",)
    assert policy.same_origin


def test_one_origin_or_path_may_be_given_as_a_string() -> None:
    policy = Policy(allowed_origins="https://example.com", websocket_paths="/ws")

    assert policy.allowed_origins == ("https://example.com",)
    assert policy.declares("/ws")
    assert not policy.declares("/")


def test_a_policy_shows_its_options_and_nothing_else() -> None:
    assert repr(Policy(websocket_paths=["/ws"])) == (
        "Policy(allowed_origins=None, allow_missing_origin=True, "
        "websocket_paths=('/ws',), explain_denials=False, report_only=False, "
        "docs_url=None, limits=Limits(line_bytes=8192, lines=128), same_origin=False)"
    )


def test_the_same_options_make_the_same_policy() -> None:
    assert Policy(allowed_origins=["null"]) == Policy(allowed_origins=("null",))
    assert hash(Policy(allowed_origins=["null"])) == hash(
        Policy(allowed_origins="null")
    )


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/ws", True),
        ("/ws/", False),
        ("/ws/7", False),
        ("/WS", False),
        ("/chat/7", True),
        ("/chat/", True),
        ("/chat/7/8", True),
        ("/chat", False),
        ("/chatter", False),
        ("/", False),
        ("", False),
    ],
)
def test_a_path_is_declared_exactly_or_below_a_star(
    path: str, *, expected: bool
) -> None:
    assert Policy(websocket_paths=["/ws", "/chat/*"]).declares(path) is expected


def test_every_path_is_below_the_root() -> None:
    assert Policy(websocket_paths=["/*"]).declares("/anything/at/all")


@pytest.mark.parametrize("path", ["ws", "", "*", "/a*", "/*/b", "/a/*/*", "/ws?a=b"])
def test_a_wrong_path_raises_with_a_hint(path: str) -> None:
    assert complaint(websocket_paths=[path]) == (
        f"websocket_paths has {path!r}; write a path such as '/ws', or '/ws/*' for all "
        "below it."
    )


@pytest.mark.parametrize("option", ["allowed_origins", "websocket_paths"])
@pytest.mark.parametrize("given", [5, [5], b"/ws", [b"/ws"], [None], True])
def test_a_list_of_anything_but_strings_raises(option: str, given: object) -> None:
    assert complaint(**{option: given}) == f"{option} takes strings, not {given!r}."


def test_no_paths_at_all_declare_nothing() -> None:
    options: dict[str, Any] = {"websocket_paths": None}

    assert not Policy(**options).declares("/ws")


@pytest.mark.parametrize(
    "option", ["allow_missing_origin", "explain_denials", "report_only"]
)
@pytest.mark.parametrize("given", ["false", "no", "", 0, 1, None])
def test_what_is_neither_true_nor_false_raises(option: str, given: object) -> None:
    assert complaint(**{option: given}) == (
        f"{option} is {given!r}; set it to True or False."
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, None),
        ("https://docs.example.com/reasons", "https://docs.example.com/reasons"),
        ("http://localhost:8000/", "http://localhost:8000"),
        ("HTTPS://docs.example.com//", "HTTPS://docs.example.com"),
    ],
)
def test_the_docs_url_has_no_slash_at_its_end(
    given: str | None, expected: str | None
) -> None:
    assert Policy(docs_url=given).docs_url == expected


@pytest.mark.parametrize(
    "url",
    [
        *("", "docs", "/docs", "docs.example.com", "//docs.example.com", "https://"),
        *("https:///docs", "https://?a", "https://:80", "javascript://docs", "ftp://a"),
        *("https://docs.example.com/\u00e9", "https://a b", "https://a\n"),
        "http://[::1 ]",
        *(5, b"https://docs.example.com", " https://docs.example.com"),
    ],
)
def test_a_wrong_docs_url_raises(url: object) -> None:
    assert (
        complaint(docs_url=url)
        == f"docs_url is {url!r}; write an http or https address."
    )


@pytest.mark.parametrize(
    "origin",
    [
        *("", "*", "example.com", "*.example.com", "//example.com", "https://"),
        "https:",
        *("https://*", "https://*.", "https://*.*.example.com"),
        "https://a.*.example.com",
        *("https://*example.com", "https://*.example.*", "*://example.com"),
        *("https://example.com/", "https://example.com/path", "https://example.com?a"),
        *("https://example.com#a", "https://user@example.com"),
        "https://u:p@example.com",
        *("https://example.com:x", "https://example.com:65536"),
        "https://example.com\\",
        *("https://[::1", "https:// example.com", " https://example.com", "NULL"),
        *("https://a.com, https://b.com", "same_origin", "Same-Origin", "none"),
        "file:",
        *("file:///", "h\u00e9ttp://example.com", "https://example.com\n"),
        *("https://*.*", "https://.", "https://*.."),
    ],
)
def test_a_wrong_origin_raises_with_the_right_forms(origin: str) -> None:
    assert complaint(allowed_origins=["https://ok.example", origin]) == (
        f"allowed_origins has {origin!r}{SHAPE}"
    )


def test_an_empty_list_of_origins_raises() -> None:
    assert complaint(allowed_origins=[]) == (
        "allowed_origins is empty, so every browser would be rejected; list an origin, "
        "or leave it None to check none."
    )


@pytest.mark.parametrize(
    "origin",
    [
        *("https://fa\u00df.de", "https://\u03b2\u03cc\u03bb\u03bf\u03c2.com"),
        *("https://a\u200db.example", "https://\uff45xample.com", "https://a\u3002b"),
        *("https://\u00e9..example", "https://" + "\u00e9" * 64),
        "https://\u00e9:\u0661",
        "https://*.fa\u00df.de",
    ],
)
def test_a_name_with_more_than_one_encoding_raises(origin: str) -> None:
    assert complaint(allowed_origins=origin) == (
        f"allowed_origins has {origin!r}, whose host we cannot encode without doubt; "
        "write it as A-labels (xn--...)."
    )


def test_the_limits_are_those_of_websockets_unless_set() -> None:
    assert Limits.of({}) == Limits()
    assert Limits.of({"WEBSOCKETS_MAX_NUM_HEADERS": "1"}).lines == 1
    assert Limits.of(
        {"WEBSOCKETS_MAX_LINE_LENGTH": "16_384", "WEBSOCKETS_MAX_NUM_HEADERS": " 256 "}
    ) == Limits(line_bytes=16384, lines=256)


@pytest.mark.parametrize(
    "name", ["WEBSOCKETS_MAX_LINE_LENGTH", "WEBSOCKETS_MAX_NUM_HEADERS"]
)
@pytest.mark.parametrize("text", ["", "0", "-1", "8k", "1__0", "_1", "1.5"])
def test_a_limit_that_is_no_positive_number_raises(name: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"\A") as caught:
        Limits.of({name: text})

    assert (
        str(caught.value) == f"{name} is {text!r}; set it to a positive whole number."
    )


def test_of_a_docs_url_nothing_but_the_slashes_at_its_end_is_taken_off() -> None:
    assert Policy(docs_url="https://a.example/XX//").docs_url == "https://a.example/XX"
