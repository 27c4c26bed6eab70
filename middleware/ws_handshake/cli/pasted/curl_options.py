"""Sorts the arguments of curl by option, as far as they make the request."""

from __future__ import annotations

#: The values of each option, by its letter, or its name where it has no letter.
Options = dict[str, list[str]]

_WITH_VALUE = frozenset("AbcCdDeEFHKmoPQrtTuUwxXyYz")
_LETTERS = {
    "cookie": "b",
    "data": "d",
    "data-ascii": "d",
    "data-binary": "d",
    "data-raw": "d",
    "data-urlencode": "d",
    "form": "F",
    "form-string": "F",
    "get": "G",
    "head": "I",
    "header": "H",
    "http1.0": "0",
    "json": "d",
    "referer": "e",
    "request": "X",
    "upload-file": "T",
    "user": "u",
    "user-agent": "A",
}
# Of the many options without a letter that take a value, those that people use.
_LONG_WITH_VALUE = frozenset(
    [
        *("cacert", "cert", "ciphers", "connect-timeout", "connect-to", "cookie-jar"),
        *("config", "dump-header", "interface", "key", "limit-rate", "max-redirs"),
        *("max-time", "noproxy", "oauth2-bearer", "output", "proxy", "proxy-header"),
        *("proxy-user", "range", "resolve", "retry", "stderr", "tls-max", "trace"),
        *("trace-ascii", "unix-socket", "url", "url-query", "write-out"),
    ]
)


def read_options(arguments: list[str]) -> Options:
    """Return the options, with an empty value for those that take none."""
    options: Options = {"H": [], "url": []}
    rest = iter(arguments)
    for argument in rest:
        for option, value in _taken_apart(argument):
            given = next(rest, "") if value is None else value
            options.setdefault(option, []).append(given)
    return options


def _taken_apart(argument: str) -> list[tuple[str, str | None]]:
    """Return options and values; None for a value that is the next argument."""
    if argument.startswith("--"):
        name = argument.removeprefix("--")
        option = _LETTERS.get(name, name)
        follows = option in _WITH_VALUE or name in _LONG_WITH_VALUE
        return [(option, None if follows else "")]
    if argument.startswith("-") and argument != "-":
        return _letters(argument[1:])
    return [("url", argument)]


def _letters(cluster: str) -> list[tuple[str, str | None]]:
    """Take `sSXPOST` apart into s, S, and X with its value."""
    taken: list[tuple[str, str | None]] = []
    for number, letter in enumerate(cluster, 1):
        if letter in _WITH_VALUE:
            return [*taken, (letter, cluster[number:] or None)]
        taken.append((letter, ""))
    return taken
