"""A short cut past the rules that have nothing to say, as most have most of the time.

It decides nothing that the rules would not: whatever it is not sure of goes to them,
and `tests/test_shortcut.py` proves that a rule which is not asked finds nothing.
Clients send the same names in the same order every time, and most values too, so what
the rules say of these is remembered, for a bounded number of short ones. What may be a
secret (the key, subprotocols, cookies, and all that no rule looks at) is not kept.
"""

from __future__ import annotations

import re
from functools import lru_cache, partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from ws_handshake import head as at
from ws_handshake import rules
from ws_handshake.grammar import OWS, is_extension_list, is_token_list
from ws_handshake.head import RequestHead, build
from ws_handshake.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ws_handshake.head import Fields
    from ws_handshake.rules import Finding, Rule

    # None stands for a field that is not there, which no type can tell apart.
    Values = tuple[Any, ...]
    Take = Callable[[Values], Values]
    _Layout = tuple[Take, Take, Mapping[bytes, int], int, int]
    Fine = tuple[bool, bool | None, bool, bool, bool]
    Look = tuple[tuple[Rule, ...], tuple[Finding, ...], bool]

_BODY = frozenset([at.CONTENT_LENGTH, at.TRANSFER_ENCODING])
# What a client writes in the same way every time, and what it does not.
_REPEATED = (at.HOST, at.UPGRADE, at.CONNECTION, at.VERSION)
_CHANGING = (at.KEY, at.ORIGIN, at.PROTOCOL, at.EXTENSIONS)

_UPGRADES = (b"websocket", b"WebSocket")
_CONNECTIONS = (b"Upgrade", b"upgrade", b"keep-alive, Upgrade")
_OFFERS = (None, b"permessage-deflate; client_max_window_bits", b"permessage-deflate")

# without "--", which is how a name that was encoded by IDNA begins
_usual_host = re.compile(
    rb"[A-Za-z0-9.]{1,200}(?:-[A-Za-z0-9.]{1,60}){0,9}(?::[0-9]{1,4})?"
).fullmatch
_usual_key = re.compile(rb"[A-Za-z0-9+/]{22}==").fullmatch

# to look for a number among bytes takes a quarter of the time
_COMMA, _HASH = b",#"

_BEHIND = (None,)

# A head with more lines is no usual one, and to look at it twice would cost too much.
_MOST = 128
# One of so few bytes has no line, frame and all, that is over the limit.
_SHORT = 8000
_LINE = 8192
_FRAME = 16

_NO_POLICY = Policy()

# What is said of these follows from what clients write in the same way every time; of
# the key, if there is none.
_OF_REPEATED = frozenset([rules.host, rules.upgrade, rules.connection, rules.version])
_WITHOUT_KEY = _OF_REPEATED | {rules.key}
# These rules look at no more of a head than whether it is upgraded.
_ANY_HEAD = RequestHead("GET", "1.1", ())


class Sight(NamedTuple):
    """What is known of a head at first sight.

    `asked` are the rules that are to be asked; a rule that is not has nothing to say
    but what is in `found`, and without any `key` is sound. The target of a `plain`
    request is a path, and what is accepted in it nobody can read otherwise. `values`
    stand one behind the other; they and `fields` are None where nothing was seen.
    """

    key: bytes | None
    asked: tuple[Rule, ...]
    found: tuple[Finding, ...]
    plain: bool
    values: bytes | None
    fields: Fields | None


_UNSEEN = Sight(None, rules.RULES, (), plain=False, values=None, fields=None)


class _Seen:
    """The fields of a head without a name that stands there twice."""

    __slots__ = ("_places", "_values")

    def __init__(self, places: Mapping[bytes, int], values: Values) -> None:
        self._places = places
        self._values = values

    def get(self, name: bytes, /) -> list[bytes] | None:
        """Return the value of a field as `RequestHead.fields()` has it."""
        place = self._places.get(name)
        return None if place is None else [self._values[place].strip(OWS)]


def first_sight(head: RequestHead, policy: Policy) -> Sight:
    """Return what is known of a head, and what the rules must be asked."""
    method, http_version, sent, target, _, upgraded = head
    limits = policy.limits
    if http_version != "1.1" or not 0 < len(sent) <= _MOST <= limits.lines:
        return _UNSEEN
    names, values = zip(*sent)  # noqa: B905  (pairs; strict= costs 200 ns)
    layout = _layout(names)
    if layout is None:
        return _UNSEEN
    repeated, changing, places, size, longest = layout
    joined = b"".join(values)
    size += len(target) + len(joined)
    usual_limits = limits.line_bytes >= _LINE
    short = usual_limits and size <= _SHORT
    if not short:
        longest += max(map(len, values))
        if max(longest, len(method) + len(target)) + _FRAME > limits.line_bytes:
            return _UNSEEN
    values += _BEHIND
    key, origin, offered, extensions = changing(values)
    usual = extensions in _OFFERS
    fine = (
        method == "GET",
        None if key is None else _usual_key(key) is not None,
        # a long list is left to its rule, which would read it again
        offered is None or (short and is_token_list(offered)),
        usual or (short and is_extension_list(extensions)),
        policy.allow_missing_origin
        if origin is None
        else policy.allowed_origins is None and _COMMA not in origin,
    )
    same = repeated(values)
    if short or (usual_limits and len(b"".join(filter(None, same))) <= _SHORT):
        asked, found, regular = _remembered(same, fine, upgraded)
    else:  # nothing long is kept
        asked, found, regular = _look(same, fine, upgraded, policy)
    path = target[:1] == b"/" and _HASH not in target
    if asked:
        seen = _Seen(places, values)
        return build(Sight, (key, asked, found, path, joined, seen))
    # what is refused may be read as anybody likes
    plain = path and (found != () or (regular and usual and offered is None))
    return build(Sight, (key, asked, found, plain, joined, None))


def _look(repeated: Values, fine: Fine, upgraded: bool, policy: Policy) -> Look:  # noqa: FBT001  (part of a head)
    """Return the rules to be asked, or what they found, and if all is as usual.

    `fine` says whether method, key, offered subprotocols, extensions and origin are; of
    a key that is not there it says None.
    """
    host, upgrade, connection, version = repeated
    method, key, offered, extensions, origin = fine
    usual = {
        rules.method: method,
        rules.host: host is not None and _usual_host(host) is not None,
        rules.upgrade: upgrade in _UPGRADES,
        rules.connection: connection in _CONNECTIONS,
        rules.key: key,
        rules.version: version == b"13",
        rules.subprotocol: offered,
        rules.extensions: extensions,
        rules.origin: origin,
    }
    asked = tuple(rule for rule, is_fine in usual.items() if not is_fine)
    if not (_WITHOUT_KEY if key is None else _OF_REPEATED).issuperset(asked):
        return asked, (), False
    head = _ANY_HEAD._replace(upgraded=upgraded)
    fields = {
        name: [repeated[place].strip(OWS)]
        for place, name in enumerate(_REPEATED)
        if repeated[place] is not None
    }
    found = tuple([f for rule in asked if (f := rule(head, fields, policy))])
    return (), found, not asked


_remembered = lru_cache(maxsize=256)(partial(_look, policy=_NO_POLICY))


@lru_cache(maxsize=256)
def _layout(names: tuple[bytes, ...]) -> _Layout | None:
    """Return how to take the fields out of the values, and how long the names are.

    What is not there is the last value; the lengths are of all names, and of the
    longest. None if the names are unusual.
    """
    places = {name: place for place, name in enumerate(names)}
    joined = b"".join(names)
    if len(places) < len(names) or not joined.islower() or not _BODY.isdisjoint(places):
        return None
    return (
        itemgetter(*(places.get(name, -1) for name in _REPEATED)),
        itemgetter(*(places.get(name, -1) for name in _CHANGING)),
        places,
        len(joined),
        max(map(len, names)),
    )
