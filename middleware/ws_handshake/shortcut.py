"""A short cut past the rules that have nothing to say, as most have most of the time.

It decides nothing that the rules would not: whatever it is not sure of goes to them,
and `tests/test_shortcut.py` proves that a rule which is not asked finds nothing.
Clients send the same names in the same order every time, so what the names alone tell
is remembered, for a bounded number of short heads.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from ws_handshake import head as at
from ws_handshake import rules
from ws_handshake.grammar import OWS, is_extension_list, is_token_list

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ws_handshake.head import Fields, RequestHead
    from ws_handshake.policy import Policy
    from ws_handshake.rules import Rule

    # None stands for a field that is not there, which no type can tell apart.
    Values = tuple[Any, ...]
    Sight = tuple[bytes | None, tuple[Rule, ...], bool, Fields | None]

_BODY = frozenset([at.CONTENT_LENGTH, at.TRANSFER_ENCODING])
_REQUIRED = (at.HOST, at.KEY, at.UPGRADE, at.CONNECTION, at.VERSION)
_LISTS = (at.UPGRADE, at.CONNECTION, at.VERSION, at.EXTENSIONS, at.PROTOCOL)

_UPGRADES = (b"websocket", b"WebSocket")
_CONNECTIONS = (b"Upgrade", b"upgrade", b"keep-alive, Upgrade")
_OFFERS = (None, b"permessage-deflate; client_max_window_bits", b"permessage-deflate")
#: What the usual clients write into these five.
_USUAL = frozenset(product(_UPGRADES, _CONNECTIONS, [b"13"], _OFFERS, [None]))

# without "--", which is how a name that was encoded by IDNA begins
_usual_host = re.compile(
    rb"[A-Za-z0-9.]{1,200}(?:-[A-Za-z0-9.]{1,60}){0,9}(?::[0-9]{1,4})?"
).fullmatch
_usual_key = re.compile(rb"[A-Za-z0-9+/]{22}==").fullmatch

# to look for a number among bytes takes a quarter of the time
_COMMA, _HASH = b",#"

_BEHIND = (None,)

# A head with more lines or bytes is no usual one, and to look at it twice would cost
# too much. One of so few bytes has no line, frame and all, that is over the limit.
_MOST = 128
_SHORT = 8000
_LINE = 8192

_UNSEEN = (None, rules.RULES, False, None)


class _Layout(NamedTuple):
    """Where the fields are among the values; one that is not there is the last."""

    three: Callable[[Values], Values]
    lists: Callable[[Values], Values]
    places: Mapping[bytes, int]
    complete: bool
    size: int


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
    """Return the key, the rules to be asked, whether the request is plain, its fields.

    A rule that is not to be asked has nothing to say; without any the key is sound. In
    a plain request no implementation can read anything otherwise than another. The
    fields are None where the rules must look for them.
    """
    method, http_version, sent, target, _, _ = head
    limits = policy.limits
    if http_version != "1.1" or not 0 < len(sent) <= _MOST <= limits.lines:
        return _UNSEEN
    names, values = zip(*sent)  # noqa: B905  (pairs; strict= costs 200 ns)
    layout = _layout(names)
    if layout is None:
        return _UNSEEN
    three, lists, places, complete, size = layout
    size += len(target) + len(b"".join(values))
    if not size <= _SHORT < _LINE <= limits.line_bytes:
        return _UNSEEN
    values += _BEHIND
    host, key, origin = three(values)
    if (
        complete
        and method == "GET"
        and lists(values) in _USUAL
        and _usual_key(key)
        and _usual_host(host)
        and policy.allowed_origins is None
        and (policy.allow_missing_origin if origin is None else _COMMA not in origin)
    ):
        return key, (), target[:1] == b"/" and _HASH not in target, None
    asked = _to_be_asked(method, three(values), lists(values), policy)
    return key, asked, False, _Seen(places, values)


def _to_be_asked(
    method: str, three: Values, lists: Values, policy: Policy
) -> tuple[Rule, ...]:
    host, key, origin = three
    upgrade, connection, version, extensions, offered = lists
    asked: list[Rule] = []
    if method != "GET":
        asked.append(rules.method)
    if host is None or not _usual_host(host):
        asked.append(rules.host)
    if upgrade not in _UPGRADES:
        asked.append(rules.upgrade)
    if connection not in _CONNECTIONS:
        asked.append(rules.connection)
    if key is None or not _usual_key(key):
        asked.append(rules.key)
    if version != b"13":
        asked.append(rules.version)
    if offered is not None and not is_token_list(offered):
        asked.append(rules.subprotocol)
    if not (extensions in _OFFERS or is_extension_list(extensions)):
        asked.append(rules.extensions)
    if _is_doubtful(origin, policy):
        asked.append(rules.origin)
    return tuple(asked)


def _is_doubtful(origin: bytes | None, policy: Policy) -> bool:
    if origin is None:
        return not policy.allow_missing_origin
    return policy.allowed_origins is not None or _COMMA in origin


@lru_cache(maxsize=256)
def _layout(names: tuple[bytes, ...]) -> _Layout | None:
    """Return where the fields are; None if the names are unusual."""
    places = {name: place for place, name in enumerate(names)}
    joined = b"".join(names)
    if len(places) < len(names) or not joined.islower() or not _BODY.isdisjoint(places):
        return None
    return _Layout(
        three=itemgetter(*(places.get(n, -1) for n in (at.HOST, at.KEY, at.ORIGIN))),
        lists=itemgetter(*(places.get(name, -1) for name in _LISTS)),
        places=places,
        complete=places.keys() >= set(_REQUIRED),
        size=len(joined),
    )
