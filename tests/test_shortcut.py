from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import bending
from tests.handshakes import KEY, SOUND, Handshake
from ws_handshake import Policy, judge
from ws_handshake.handover import handed_over
from ws_handshake.head import JUDGED
from ws_handshake.policy import Limits
from ws_handshake.rules import RULES
from ws_handshake.shortcut import _layout, first_sight

if TYPE_CHECKING:
    from ws_handshake import RequestHead

pytestmark = pytest.mark.busy

CHROME = Handshake(
    target=b"/ws",
    headers=(
        (b"host", b"127.0.0.1:8000"),
        (b"connection", b"Upgrade"),
        (b"pragma", b"no-cache"),
        (b"cache-control", b"no-cache"),
        (b"user-agent", b"Mozilla/5.0 (X11; Linux x86_64) Chrome/131.0.0.0"),
        (b"upgrade", b"websocket"),
        (b"origin", b"http://127.0.0.1:8000"),
        (b"sec-websocket-version", b"13"),
        (b"accept-encoding", b"gzip, deflate, br, zstd"),
        (b"accept-language", b"en-US,en;q=0.9"),
        (b"cookie", b"session=1; theme=dark"),
        (b"sec-websocket-key", KEY),
        (b"sec-websocket-extensions", b"permessage-deflate; client_max_window_bits"),
    ),
)
FIREFOX = Handshake(
    target=b"/ws?room=1",
    headers=(
        (b"host", b"chat.example.com"),
        (b"user-agent", b"Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Firefox/133.0"),
        (b"accept", b"*/*"),
        (b"accept-language", b"en-US,en;q=0.5"),
        (b"accept-encoding", b"gzip, deflate, br, zstd"),
        (b"sec-websocket-version", b"13"),
        (b"origin", b"https://chat.example.com"),
        (b"sec-websocket-protocol", b"v2.chat, v1.chat"),
        (b"sec-websocket-extensions", b"permessage-deflate"),
        (b"sec-websocket-key", KEY),
        (b"connection", b"keep-alive, Upgrade"),
        (b"sec-fetch-dest", b"empty"),
        (b"sec-fetch-mode", b"websocket"),
        (b"sec-fetch-site", b"same-origin"),
        (b"pragma", b"no-cache"),
        (b"cache-control", b"no-cache"),
        (b"upgrade", b"websocket"),
    ),
)
WEBSOCKETS = Handshake(
    target=b"/",
    headers=(
        (b"host", b"localhost:8765"),
        (b"upgrade", b"websocket"),
        (b"connection", b"Upgrade"),
        (b"sec-websocket-key", KEY),
        (b"sec-websocket-version", b"13"),
        (
            b"sec-websocket-extensions",
            b"permessage-deflate; client_max_window_bits; server_max_window_bits=12",
        ),
        (b"user-agent", b"Python/3.13 websockets/17.4"),
    ),
)
CLIENTS = {"chrome": CHROME, "firefox": FIREFOX, "websockets": WEBSOCKETS}


def taken(handshake: Handshake, policy: Policy | None = None) -> bool:
    return asked(handshake, policy) == ()


def asked(handshake: Handshake, policy: Policy | None = None) -> tuple[str, ...]:
    """Return the names of the rules that are to be asked."""
    doubtful = first_sight(handshake.head(), policy or Policy()).asked
    return tuple(rule.__name__ for rule in doubtful)


@pytest.mark.parametrize("client", CLIENTS)
def test_what_the_usual_clients_send_is_sound_at_first_sight(client: str) -> None:
    head = CLIENTS[client].head()

    for each in (head, head._replace(upgraded=True)):
        key, rules, *_ = first_sight(each, Policy())
        assert (key, rules) == (KEY, ())


@pytest.mark.parametrize("value", [b"websocket", b"WebSocket"])
def test_the_usual_spellings_of_upgrade_are_known(value: bytes) -> None:
    assert taken(SOUND.but(b"upgrade", value))


@pytest.mark.parametrize("value", [b"Upgrade", b"upgrade", b"keep-alive, Upgrade"])
def test_the_usual_spellings_of_connection_are_known(value: bytes) -> None:
    assert taken(SOUND.but(b"connection", value))


ALL = tuple(rule.__name__ for rule in RULES)

# Sound or not: these rules are asked.
UNUSUAL: dict[str, tuple[Handshake, tuple[str, ...]]] = {
    "another method": (SOUND.asked(method="POST"), ("method",)),
    "an old version": (SOUND.asked(version="1.0"), ALL),
    "http2": (SOUND.asked(version="2"), ALL),
    "nothing": (Handshake(headers=()), ALL),
    "a short key": (SOUND.but(b"sec-websocket-key", b"short"), ("key",)),
    "space around the key": (SOUND.but(b"sec-websocket-key", KEY + b" "), ("key",)),
    "broken extensions": (
        SOUND.plus(b"sec-websocket-extensions", b"x;"),
        ("extensions",),
    ),
    "broken subprotocols": (
        SOUND.plus(b"sec-websocket-protocol", b"a b"),
        ("subprotocol",),
    ),
    "an origin with a comma": (SOUND.plus(b"origin", b"a, b"), ("origin",)),
    "several at once": (
        SOUND.without(b"upgrade").but(b"sec-websocket-key", b"short"),
        ("upgrade", "key"),
    ),
    "no key beside it": (
        SOUND.without(b"sec-websocket-key").plus(b"origin", b"a, b"),
        ("key", "origin"),
    ),
    "a name in capitals": (SOUND.plus(b"Cookie", b"a=b"), ALL),
    "a name that is there twice": (
        SOUND.plus(b"cookie", b"a").plus(b"cookie", b"b"),
        ALL,
    ),
    "a body": (SOUND.plus(b"content-length", b"0"), ALL),
    "a transfer coding": (SOUND.plus(b"transfer-encoding", b"chunked"), ALL),
    "a large head": (SOUND.plus(b"cookie", b"a" * 8192), ALL),
    "a long target": (SOUND.asked(target=b"/" * 8192), ALL),
}


@pytest.mark.parametrize("name", UNUSUAL)
def test_of_what_is_unusual_the_rules_are_asked(name: str) -> None:
    handshake, rules = UNUSUAL[name]

    assert asked(handshake) == rules


LIBERTIES = {
    "an absolute target": SOUND.asked(target=b"http://127.0.0.1/ws"),
    "a host with an A-label": SOUND.but(b"host", b"xn--nxasmq6b.example"),
    "subprotocols": SOUND.plus(b"sec-websocket-protocol", b"chat"),
    "an unusual offer": SOUND.plus(b"sec-websocket-extensions", b"x"),
    "a list in Upgrade": SOUND.but(b"upgrade", b"h2c, websocket"),
}


@pytest.mark.parametrize("name", LIBERTIES)
def test_what_implementations_could_read_differently_is_not_plain(name: str) -> None:
    handshake = LIBERTIES[name]

    assert judge(handshake.head()).accepted
    assert not first_sight(handshake.head(), Policy()).plain
    plain = first_sight(SOUND.head(), Policy())
    assert plain.plain
    assert plain.values == b"".join(value for _, value in SOUND.headers)


def test_more_lines_than_usual_are_left_to_the_rules() -> None:
    many = SOUND
    for number in range(123):
        many = many.plus(b"x-%d" % number, b"")

    assert len(many.headers) == 128
    assert taken(many)
    assert not taken(many.plus(b"x", b""))


def test_a_long_head_is_sound_at_first_sight_if_none_of_its_lines_is_too_long() -> None:
    long = SOUND
    for number in range(60):
        long = long.plus(b"x-token-%d" % number, b"a" * 1000)

    assert taken(long)
    assert asked(long, Policy(limits=Limits(line_bytes=1020))) == ALL
    assert asked(long.plus(b"x" * 8000, b"a" * 180)) == ALL
    assert asked(long.asked(target=b"/" + b"a" * 8180)) == ALL
    assert first_sight(long.head(), Policy()).plain


def test_a_policy_that_has_something_to_say_is_asked() -> None:
    page = SOUND.plus(b"origin", b"https://example.com")

    assert taken(page, Policy(allow_missing_origin=False))
    assert asked(SOUND, Policy(allow_missing_origin=False)) == ("origin",)
    assert asked(page, Policy(allowed_origins=["https://example.com"])) == ("origin",)
    assert asked(SOUND, Policy(limits=Limits(line_bytes=60))) == ALL
    assert asked(SOUND, Policy(limits=Limits(lines=127))) == ALL


POLICIES = [
    Policy(),
    Policy(allow_missing_origin=False),
    Policy(allowed_origins=["https://example.com"]),
    Policy(allowed_origins=["same-origin", "null"], allow_missing_origin=False),
    Policy(limits=Limits(line_bytes=60, lines=6)),
    Policy(limits=Limits(line_bytes=100_000, lines=1000)),
]
starts = st.sampled_from([SOUND, SOUND, *CLIENTS.values()])


@st.composite
def heads(draw: st.DrawFn) -> RequestHead:
    """Draw a head that is near to what clients send: most of them are taken."""
    handshake = draw(st.one_of(starts, bending.bent(starts=starts), bending.sound()))
    case = draw(st.sampled_from([bytes.lower, bytes.lower, bytes.lower, bytes.title]))
    fields = [(case(name), value) for name, value in handshake.headers]
    padding = draw(st.sampled_from([0, 0, 0, 7600, 8050, 8080, 8085, 8165, 8190]))
    fields += [(b"x-padding", b"a" * padding)] if padding else []
    fields += [
        (b"x-more-%d" % n, b"a" * 900) for n in range(draw(st.sampled_from([0, 0, 9])))
    ]
    return handshake.head(
        headers=draw(st.permutations(fields)), upgraded=draw(st.booleans())
    )


@settings(max_examples=600, deadline=None)
@given(heads(), st.sampled_from(POLICIES))
def test_a_rule_that_is_not_asked_finds_nothing_and_the_token_is_the_keys_own(
    head: RequestHead, policy: Policy
) -> None:
    key, rules, known, plain, values, seen = first_sight(head, policy)
    fields = head.fields()
    assert values in (None, b"".join(value for _, value in head.headers))
    if seen is not None:
        assert {name: seen.get(name) for name in JUDGED} == {
            name: fields.get(name) for name in JUDGED
        }
    findings = tuple(f for rule in RULES if (f := rule(head, fields, policy)))
    verdict = judge(head, policy)

    assert verdict.findings == findings
    if rules:
        assert known == ()
        others = set(RULES) - set(rules)
        assert all(rule(head, fields, policy) is None for rule in others)
    else:
        assert known == findings
        assert fields.get(b"sec-websocket-key") == (None if key is None else [key])
        assert findings or verdict.nonce == key
    assert not plain or (head.target.startswith(b"/") and b"#" not in head.target)


@settings(max_examples=600, deadline=None)
@given(heads())
def test_a_plain_request_would_be_handed_over_as_it_came(head: RequestHead) -> None:
    sight = first_sight(head, Policy())
    if sight.plain and not sight.asked and not sight.found:
        assert handed_over(head) == (list(head.headers), head.target, None)


def test_the_layout_of_names_is_remembered_for_a_bounded_number_of_them() -> None:
    _layout.cache_clear()
    for number in range(300):
        assert taken(SOUND.plus(b"x-%d" % number, b""))

    assert _layout.cache_info().currsize == 256
    assert taken(SOUND.plus(b"x-299", b""))
    assert _layout.cache_info().hits == 1
