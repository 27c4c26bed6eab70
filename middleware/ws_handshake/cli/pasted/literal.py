"""Reads values that a program printed: JSON, or literals of Python or JavaScript.

It is forgiving: what it does not understand is passed over, and what is not closed ends
with the text. Mappings become dicts, lists and tuples lists, and all else text:

    {'type': 'http', 'headers': [(b'host', b'a'), (b'upgrade', b'websocket')]}
    { host: 'a', 'sec-websocket-version': '13' }
    Headers({'host': 'a', 'upgrade': 'websocket'})
"""

from __future__ import annotations

import json
import re
from typing import Any

_TOKEN = re.compile(
    r"""(?sx)
    (?:(?<!\w)[bBuUrR]{1,2}|(?<!\w))
    (?: "(?P<double>(?:[^"\\\n]|\\.)*+)(?:"|\n|\\?\Z)
      | '(?P<single>(?:[^'\\\n]|\\.)*+)(?:'|\n|\\?\Z) )
    | (?P<open>[\[({])
    | (?P<close>[\])}])
    | (?P<names>=>|[:=])
    | (?P<comma>,)
    | (?P<word>[^\s"'`,:={}()\[\]]++)
    | .
    """
)
_escape = re.compile(r"(?s)\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(.))")
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}
_PAIRS = {"[": "]", "(": ")", "{": "}"}
#: Nothing that holds headers is nested so deep.
_DEEPEST = 100
#: No value with marks in it that is not in quotes is longer.
_LONGEST = 4096


class _Container:
    """A list or a mapping that has not been closed yet."""

    def __init__(self, closer: str) -> None:
        self.closer = closer
        self.items: list[Any] = []
        self.named: dict[str, Any] = {}
        self.name: str | None = None
        self.last: Any = None
        self.goes_on = False

    def put(self, value: object) -> None:
        """Take a value; of several with no comma between, a container counts."""
        if self.goes_on and isinstance(value, str):
            value = self.last + value
        self.goes_on = False
        if not (self.last and isinstance(self.last, list | dict)):
            self.last = value

    def called(self, mark: str) -> None:
        """Make the last value the name of the next; a second mark is a part of it."""
        if isinstance(self.last, str) and self.name is None:
            self.name, self.last = self.last, None
        elif isinstance(self.last, str) and len(self.last) < _LONGEST:
            self.last, self.goes_on = self.last + mark, True

    def next(self) -> None:
        """End the item."""
        if self.name is not None:
            self.named[self.name] = "" if self.last is None else self.last
        elif self.last is not None:
            self.items.append(self.last)
        self.name = self.last = None
        self.goes_on = False

    def value(self) -> Any:  # noqa: ANN401  (as in JSON)
        """Return the list or the mapping; the list has the mapping at its end.

        A call may have values before its named arguments.
        """
        self.next()
        if self.closer == ")" and self.named and self.items:
            return [*self.items, self.named]
        return self.named or self.items


def read_values(text: str) -> list[Any]:
    """Return the containers in `text`, outermost only, in their order. Never raises."""
    try:
        return [json.loads(text)]
    except (ValueError, RecursionError):
        pass
    found: list[Any] = []
    open_now: list[_Container] = []
    for token in _TOKEN.finditer(text):
        _take(token, open_now, found)
    while open_now:
        _close(open_now, found)
    return found


def _take(token: re.Match[str], open_now: list[_Container], found: list[Any]) -> None:
    kind, piece = token.lastgroup, token[token.lastgroup or 0]
    if kind == "open":
        if len(open_now) < _DEEPEST:
            open_now.append(_Container(_PAIRS[piece]))
    elif not open_now:
        return
    elif kind in {"double", "single"}:
        open_now[-1].put(_escape.sub(_unescaped, piece))
    elif kind == "word":
        open_now[-1].put(piece)
    elif kind == "names":
        open_now[-1].called(piece)
    elif kind == "comma":
        open_now[-1].next()
    elif kind == "close" and piece == open_now[-1].closer:
        _close(open_now, found)


def _close(open_now: list[_Container], found: list[Any]) -> None:
    value = open_now.pop().value()
    if open_now:
        open_now[-1].put(value)
    else:
        found.append(value)


def _unescaped(match: re.Match[str]) -> str:
    number = match[1] or match[2]
    return chr(int(number, 16)) if number else _CONTROLS.get(match[3], match[3])
