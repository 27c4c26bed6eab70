"""Policy, what the server's operator allows: options parsed once, at start-up."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ws_handshake.core.authority import DEFAULT_PORTS, Origin, parse_origin, split_host

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SAME_ORIGIN: Final = "same-origin"
_PAGE_SCHEMES = {"ws": b"http", "wss": b"https", "http": b"http", "https": b"https"}
_FLAGS = ("allow_missing_origin", "explain_denials", "report_only")
# What an application sends whose pages come from no web server (Electron: `app://.`).
_without_host = re.compile(r"(?!(?:http|ws)s?:)[a-z][a-z0-9+.-]*+://\.?")
_web_address = re.compile(r"https?://(?![/?#:])[!-~]++", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Limits:
    """What the WebSocket implementation behind us takes; by default as websockets.

    Args:
        line_bytes: the most bytes of a request line or a header line.
        lines: the most header lines.

    """

    line_bytes: int = 8192
    lines: int = 128

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Limits:
        """Read the variables that configure websockets, so that both agree.

        Args:
            environment: the variables, such as `os.environ`.

        Returns:
            The limits; websockets' own where a variable is not set.

        Raises:
            ValueError: if WEBSOCKETS_MAX_LINE_LENGTH or WEBSOCKETS_MAX_NUM_HEADERS is
                not a positive whole number.

        """
        return cls(
            line_bytes=_positive(environment, "WEBSOCKETS_MAX_LINE_LENGTH", 8192),
            lines=_positive(environment, "WEBSOCKETS_MAX_NUM_HEADERS", 128),
        )


#: For servers that have limits of their own: what they have read is not too large.
UNLIMITED = Limits(line_bytes=sys.maxsize, lines=sys.maxsize)


def _positive(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, str(default))
    try:
        number = int(text)  # as websockets does, so underscores are fine
    except ValueError:
        number = 0
    if number < 1:
        raise ValueError(f"{name} is {text!r}; set it to a positive whole number.")
    return number


@dataclass(frozen=True, slots=True)
class OriginPattern:
    """One allowed origin; with `any_label` every subdomain of its host."""

    origin: Origin
    any_label: bool

    def matches(self, origin: Origin) -> bool:
        """Compare scheme, host and port exactly."""
        scheme, host, port = self.origin
        if (origin.scheme, origin.port) != (scheme, port):
            return False
        if not self.any_label:
            return origin.host == host
        return origin.host.endswith(b"." + host) and origin.host[:1] != b"."


@dataclass(frozen=True, slots=True)
class Policy:
    """The operator's options.

    Args:
        allowed_origins: serialized origins (`https://example.com`), the same with a
            leading `*.` label (any subdomain, not the domain itself), opaque ones
            literally (`null`), or `same-origin`; None checks nothing (RFC 6455
            section 10.2).
        allow_missing_origin: whether clients that send no Origin may connect.
        websocket_paths: paths that speak nothing but WebSocket; a trailing `/*` takes
            all below.
        explain_denials: give the application's bare 403 a body.
        report_only: report what would be rejected; reject nothing.
        docs_url: where the pages of the reasons are.
        limits: how large a head may be.

    Raises:
        ValueError: for an option that cannot work, with a hint.

    """

    allowed_origins: Iterable[str] | None = None
    allow_missing_origin: bool = True
    websocket_paths: Iterable[str] = ()
    explain_denials: bool = False
    report_only: bool = False
    docs_url: str | None = None
    limits: Limits = Limits()
    same_origin: bool = field(init=False, default=False)
    _patterns: tuple[OriginPattern, ...] = field(init=False, default=(), repr=False)
    _literals: frozenset[bytes] = field(init=False, default=frozenset(), repr=False)
    _paths: frozenset[str] = field(init=False, default=frozenset(), repr=False)
    _prefixes: tuple[str, ...] = field(init=False, default=(), repr=False)

    def __post_init__(self) -> None:
        """Parse the options, so that a wrong one is reported at start-up."""
        for name in _FLAGS:
            check_flag(name, getattr(self, name))
        origins = _listed("allowed_origins", self.allowed_origins)
        paths = _listed("websocket_paths", self.websocket_paths) or ()
        parsed: dict[str, object] = {
            "allowed_origins": origins,
            "websocket_paths": paths,
            "docs_url": _docs_url(self.docs_url),
            "_prefixes": tuple(_path(p)[:-1] for p in paths if p.endswith("/*")),
            "_paths": frozenset(_path(p) for p in paths if not p.endswith("/*")),
        }
        if origins is not None:
            parsed |= _parsed_origins(origins)
        for name, value in parsed.items():
            object.__setattr__(self, name, value)

    @property
    def checks_origin(self) -> bool:
        """Return whether an Origin, or none, can be rejected."""
        return self.allowed_origins is not None or not self.allow_missing_origin

    def declares(self, path: str) -> bool:
        """Return whether the operator declared `path` to be a WebSocket endpoint."""
        return path in self._paths or path.startswith(self._prefixes)

    def allows(self, value: bytes, *, host: bytes, scheme: str) -> bool:
        """Return whether an Origin value may connect to `host` over `scheme`.

        Scheme, host and port must be equal: RFC 6454 section 5. A `scheme` that the
        server does not report is taken to be the page's own.
        """
        if value in self._literals:
            return True
        origin = parse_origin(value)
        if origin is None:
            return False
        return (self.same_origin and _is_same(origin, host, scheme)) or any(
            pattern.matches(origin) for pattern in self._patterns
        )


def _is_same(origin: Origin, host: bytes, scheme: str) -> bool:
    ours = split_host(host)
    page = _PAGE_SCHEMES.get(scheme, origin.scheme)
    if ours is None or origin.scheme != page:
        return False
    port = DEFAULT_PORTS.get(page) if ours[1] is None else ours[1]
    return (origin.host, origin.port) == (ours[0].removesuffix(b"."), port)


def check_flag(option: str, given: object) -> None:
    """Raise ValueError, with a hint, for an option that is neither True nor False."""
    # "false" from an environment variable would be true
    if not isinstance(given, bool):
        raise ValueError(f"{option} is {given!r}; set it to True or False.")


def _listed(option: str, given: Iterable[str] | None) -> tuple[str, ...] | None:
    if given is None:
        return None
    listed = (given,) if isinstance(given, str) else _items(given)
    if listed is None or any(not isinstance(item, str) for item in listed):
        raise ValueError(f"{option} takes strings, not {given!r}.")
    return listed


def _items(given: Iterable[str]) -> tuple[str, ...] | None:
    try:
        return tuple(given)
    except TypeError:
        return None


def _parsed_origins(origins: tuple[str, ...]) -> dict[str, object]:
    if not origins:
        raise ValueError(
            "allowed_origins is empty, so every browser would be rejected; "
            "list an origin, or leave it None to check none."
        )
    named = [origin for origin in origins if origin != SAME_ORIGIN]
    patterns = {origin: _pattern(origin) for origin in named}
    return {
        "same_origin": SAME_ORIGIN in origins,
        "_patterns": tuple(found for found in patterns.values() if found),
        "_literals": frozenset(
            o.encode() for o, found in patterns.items() if not found
        ),
    }


def _pattern(text: str) -> OriginPattern | None:
    """Parse one allowed origin; None for one that is compared as it is written.

    That is `null`, and what has a scheme and no host: `file://`, `app://.`.
    """
    if text == "null" or _without_host.fullmatch(text):
        return None
    scheme, separator, rest = text.partition("://")
    any_label = rest.startswith("*.")
    try:
        authority = rest.removeprefix("*.").encode("ascii")
    except UnicodeEncodeError:
        authority = _ascii_authority(text, rest.removeprefix("*."))
    origin = parse_origin(scheme.encode("ascii", "replace") + b"://" + authority)
    if not separator or origin is None or "*" in rest.removeprefix("*."):
        raise ValueError(
            f"allowed_origins has {text!r}; write a serialized origin such as "
            "'https://example.com', 'https://*.example.com' or 'same-origin', without "
            "path, user or other '*' (to allow every origin, leave the option None)."
        )
    return OriginPattern(origin, any_label)


def _ascii_authority(text: str, authority: str) -> bytes:
    r"""Encode a host, if IDNA 2003 can do so without changing it.

    It writes another name for some hosts, such as `fass.de` for `fa\xdf.de`.
    """
    host, colon, port = authority.partition(":")
    try:
        encoded = host.encode("idna")
        if encoded.decode("idna") == host.lower():
            return encoded + (colon + port).encode("ascii")
    except UnicodeError:
        pass
    raise ValueError(
        f"allowed_origins has {text!r}, whose host we cannot encode without doubt; "
        "write it as A-labels (xn--...)."
    )


def _path(path: str) -> str:
    if not path.startswith("/") or "*" in path.removesuffix("/*") or "?" in path:
        raise ValueError(
            f"websocket_paths has {path!r}; write a path such as '/ws', or '/ws/*' "
            "for all below it."
        )
    return path


def _docs_url(url: object) -> str | None:
    if url is None:
        return None
    if not isinstance(url, str) or not _web_address.fullmatch(url):
        raise ValueError(f"docs_url is {url!r}; write an http or https address.")
    return url.rstrip("/")
