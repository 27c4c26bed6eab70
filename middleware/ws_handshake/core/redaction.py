"""What may be shown of a value: an allow-list of measured facts.

Method, Upgrade, Connection and Sec-WebSocket-Version are shown if they have the form of
such a value, and path, User-Agent, Host, Origin and addresses in the log alone, all as
short printable ASCII. Of every other value only its length or how often it came has a
way out: where a form is broken, another line or a body may stand in its place.
"""

from __future__ import annotations

import re

from ws_handshake.core.grammar import elements, is_protocol_list
from ws_handshake.core.request import METHODS

_UNPRINTABLE = re.compile(r"[^\x20-\x7e]")
_SCHEME = "+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_METHODS = tuple(METHODS)

_method = re.compile(r"[A-Za-z]{1,20}")
_number = re.compile(rb"[0-9]{1,3}")
_version = re.compile(r"[0-9]{1,2}(?:\.[0-9]{1,2})?")
_host = re.compile(rb"[A-Za-z0-9._-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\]")
# A bare word is what test clients and proxies write that know no address.
_address = re.compile(
    r"(?=[^.:]*+[.:])\[?[0-9A-Fa-f.:]{2,45}(?:%[0-9A-Za-z]{1,15})?\]?(?::[0-9]{1,5})?"
    r"|[a-z]{1,10}"
)

# Comments hold colons; outside of them a word before a colon names a header field,
# whose line was folded into this one. "http://" is none.
_NAME = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]++[ \t]*+:(?!//)"
_folded = re.compile(rf"\([^()\r\n]*+\)|[ \t]*+(?:[\r\n]|(?<![^ \t]){_NAME})")

# What a client has encoded, once or more often, is what it is all the same. Some join
# a query to a path with "&", and ";" begins a parameter such as jsessionid.
_END_OF_PATH = re.compile(r"[?#;&]|%(?:25)*+(?:3[FfBb]|2[36])")
_UP_TO_AT = re.compile(r"(?s:.*)(?:@|%(?:25)*+40)")
_SLASH = r"(?:[/\\]|%(?:25)*+(?:2[Ff]|5[Cc]))"
_AUTHORITY = re.compile(rf"{_SLASH}{_SLASH}|\A(?!/)")
_PASSWORD = re.compile(r":|%(?:25)*+3[Aa]")

_LONGEST = 8192

SHORT = 64
LONG = 256

# No protocol and no connection option in use is longer, and every key of 128 bits is,
# in whatever letters it is written: 22 in base64, 32 in hexadecimal.
_LONGEST_TOKEN = 16


def printable(text: str, limit: int = LONG) -> str:
    r"""Return `text` as printable ASCII, the rest as `\xNN`, cut after `limit`."""
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text  # as nearly all are
    clean = _UNPRINTABLE.sub(_escaped, text[: limit + 1])
    return clean if len(clean) <= limit else clean[: limit - 3] + "..."


def _escaped(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode("ascii")


def shown(value: bytes) -> str:
    """Return a value that is no secret, as printable ASCII of at most 64 characters."""
    return printable(value.decode("latin-1"), SHORT)


def measured(values: list[bytes]) -> str:
    """Return of secret values only how many there are, or the length of the one."""
    if len(values) > 1:
        return f"{len(values)} lines"
    return counted(len(values[0]), "character")


def counted(number: int, noun: str) -> str:
    """Return the number with its noun, in the plural where it must be."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def method_only(method: str) -> str | None:
    """Return a method if it is one: at most 20 letters.

    What ends in a method without being one has the rest of a body in front of it.

    Args:
        method: what the server logs.

    Returns:
        The method, or None if it is none.

    """
    if method not in METHODS and method.endswith(_METHODS):
        return None
    return method if _method.fullmatch(method) else None


def tokens_only(values: list[bytes]) -> str | None:
    """Return the lines of Upgrade or Connection if they are a list of short tokens."""
    value = b", ".join(values)
    if len(value) > SHORT or not is_protocol_list(value):
        return None
    short = max(map(len, elements(value))) <= _LONGEST_TOKEN
    return printable(value.decode("ascii"), SHORT) if short else None


def numbers_only(values: list[bytes]) -> str | None:
    """Return the lines of Sec-WebSocket-Version if they are a list of numbers."""
    value = b", ".join(values)
    numbers = elements(value) if len(value) <= SHORT else []
    if not numbers or not all(map(_number.fullmatch, numbers)):
        return None
    return printable(value.decode("ascii"), SHORT)


def version_only(version: str) -> str | None:
    """Return a version of HTTP if it is one."""
    return version if _version.fullmatch(version) else None


def host_only(host: bytes) -> str | None:
    """Return a host if it is a plain name or an address: others can hold anything."""
    return host.decode("ascii") if _host.fullmatch(host) else None


def address_only(address: str) -> str | None:
    """Return a client's address if it is one: a trusted proxy may pass on anything.

    Args:
        address: what the server logs.

    Returns:
        The address, or None if it is none.

    """
    return address if _address.fullmatch(address) else None


def agent_only(agent: str) -> str | None:
    """Return a User-Agent without the lines that were folded into it."""
    start = agent[: LONG + 1]
    if ":" not in start and start.isprintable():
        return printable(start) or None  # as most are: nothing was folded into it
    for match in _folded.finditer(start):
        if match[0][0] != "(":
            return printable(start[: match.start()]) or None
    return printable(start) or None


def path_only(path: str) -> str:
    """Return a path for the log: without query, fragment, user and host.

    Of a target that neither begins with a slash nor is a URI nothing is returned, and
    nothing of one that is longer than a line may be: to look through it takes too long.

    Args:
        path: what the server logs.

    Returns:
        The path; empty where none can be recognised.

    """
    if len(path) > _LONGEST:
        return ""
    end = _END_OF_PATH.search(path)
    bare = path[: end.start()] if end else path
    user = _UP_TO_AT.match(bare)
    if user and (_AUTHORITY.search(user[0]) or _PASSWORD.search(user[0])):
        bare = "://" + bare[user.end() :]
    before, absolute, after = bare.partition("://")
    if absolute:
        _, slash, rest = after.lstrip("/").partition("/")
        bare = before.rstrip(_SCHEME) + slash + rest
    if _AUTHORITY.search(bare) and _PASSWORD.search(bare):
        return ""  # the "@" stands behind a "?"
    return printable(bare) if bare[:1] == "/" or bare == "*" else ""
