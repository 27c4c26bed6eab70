"""Splits a command line into arguments, as bash does, or cmd on Windows.

The standard library's shlex knows neither `$'...'`, which Chrome writes, nor cmd. A
quote that is not closed ends with the text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Reader = Callable[[str], str]

_BASH = re.compile(
    r"""(?sx)
    \\\r?\n
    | \$'(?P<ansi>(?:[^'\\]|\\.)*+)(?:'|\\?\Z)
    | '(?P<single>[^']*+)(?:'|\Z)
    | \$?"(?P<double>(?:[^"\\]|\\.)*+)(?:"|\\?\Z)
    | \\(?P<escaped>.)
    | (?P<gap>[ \t]++)
    | (?P<end>[\r\n;|&<>])
    | (?P<plain>[^\s'"\\;|&<>$]++|.)
    """
)
_CMD = re.compile(
    r"""(?sx)
    "(?P<double>(?:[^"\\]|\\.|"")*+)(?:"|\\?\Z)
    | (?P<gap>[ \t]++)
    | (?P<end>[\r\n|&<>])
    | (?P<plain>[^\s"|&<>]++|.)
    """
)
_ansi_escape = re.compile(
    r"(?s)\\(?:u([0-9A-Fa-f]{1,4})|x([0-9A-Fa-f]{1,2})|([0-7]{1,3})|(.))"
)
_CONTROLS = dict(zip("abefnrtv", "\a\b\x1b\f\n\r\t\v", strict=True))
_bash_escape = re.compile(r'\\(?:\r?\n|(["\\$`]))')
_crt_escape = re.compile(r'\\(["\\])|""')
_caret_escape = re.compile(r"(?s)\^(?:\r?\n|(.))")
_caret_at_end = re.compile(r"\^[ \t]*+\r?\n")


def read_argv(text: str) -> list[str]:
    """Return the arguments of the command at the start of `text`."""
    if '^"' in text:
        # Chrome escapes every quote for cmd, so every caret is an escape
        return _words(_CMD, _IN_CMD, _caret_escape.sub(_escaped, text))
    if _caret_at_end.search(text):
        return _words(_CMD, _IN_CMD, _caret_at_end.sub(" ", text))
    return _words(_BASH, _IN_BASH, text)


def _words(
    pattern: re.Pattern[str], readers: Mapping[str, Reader], text: str
) -> list[str]:
    """Join adjacent pieces to words."""
    words: list[list[str]] = []
    between = True
    for piece in pattern.finditer(text):
        kind = piece.lastgroup
        if kind == "end":
            break
        if kind == "gap":
            between = True
        elif kind is not None:
            if between:
                words.append([])
            words[-1].append(readers[kind](piece[kind]))
            between = False
    return ["".join(word) for word in words]


def _escaped(match: re.Match[str]) -> str:
    return match[1] or ""


def _ansi(piece: str) -> str:
    return _ansi_escape.sub(_ansi_character, piece)


def _ansi_character(match: re.Match[str]) -> str:
    unicode, hexadecimal, octal, other = match.groups()
    if unicode:
        # the bytes that a shell makes of it in UTF-8
        character = chr(int(unicode, 16)).encode("utf-8", "replace")
        return character.decode("latin-1")
    if hexadecimal or octal:
        number = int(hexadecimal, 16) if hexadecimal else int(octal, 8)
        return chr(number & 0xFF)
    return _CONTROLS.get(other, other)


def _double_in_bash(piece: str) -> str:
    return _bash_escape.sub(_escaped, piece)


def _double_in_cmd(piece: str) -> str:
    return _crt_escape.sub(lambda match: match[1] or '"', piece)


_IN_BASH: Mapping[str, Reader] = {
    "ansi": _ansi,
    "single": str,
    "double": _double_in_bash,
    "escaped": str,
    "plain": str,
}
_IN_CMD: Mapping[str, Reader] = {"double": _double_in_cmd, "plain": str}
