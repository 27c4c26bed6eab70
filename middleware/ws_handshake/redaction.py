"""What may be shown of a value: an allow-list of measured facts.

Method, Upgrade, Connection and Sec-WebSocket-Version are shown as they came, and
path, User-Agent and host in the log alone, all as short printable ASCII. Of every
other value only its length or how often it came has a way out.
"""

from __future__ import annotations

import re

_UNPRINTABLE = re.compile(r"[^\x20-\x7e]")
_SCHEME = "+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_USERINFO = re.compile(r"//[^/]*@")
# Some clients encode the "?" too, and what stands behind it is a query all the same.
_END_OF_PATH = re.compile(r"[?#]|%3[Ff]|%23")

SHORT = 64
LONG = 256


def printable(text: str, limit: int = LONG) -> str:
    r"""Return `text` as printable ASCII, the rest as `\xNN`, cut after `limit`."""
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text  # as nearly all are
    clean = _UNPRINTABLE.sub(_escaped, text[: limit + 1])
    return clean if len(clean) <= limit else clean[: limit - 3] + "..."


def _escaped(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode("ascii")


def shown(value: bytes) -> str:
    """Return a value that may be shown, as printable ASCII of at most 64 characters."""
    return printable(value.decode("latin-1"), SHORT)


def measured(values: list[bytes]) -> str:
    """Return of secret values only how many there are, or the length of the one."""
    if len(values) > 1:
        return f"{len(values)} lines"
    return counted(len(values[0]), "character")


def counted(number: int, noun: str) -> str:
    """Return the number with its noun, in the plural where it must be."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def path_only(path: str) -> str:
    """Return a path for the log: without query, fragment, user and host."""
    bare = _END_OF_PATH.split(path, maxsplit=1)[0]
    before, absolute, after = bare.partition("://")
    if absolute:
        _, slash, rest = after.partition("/")
        bare = before.rstrip(_SCHEME) + slash + rest
    return printable(_USERINFO.sub("//", bare))
