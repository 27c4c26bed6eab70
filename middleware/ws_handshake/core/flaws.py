"""Flaws: which mistake keeps a value from the form that it must have, and its fix.

A reason such as `host_malformed` stands for many mistakes. A flaw names the one that
was made, without a byte of the value, and the one change that is needed. Where none is
recognised, the fix of the reason stands.
"""

from __future__ import annotations

import re
from typing import NamedTuple

SCHEME = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*+://")
_user = re.compile(SCHEME.pattern + rb"[^/@]*+@")
_control = re.compile(rb"[\x00-\x1f\x7f]")
_no_target = re.compile(rb"[A-Z]++ ++HTTP/[0-9.]++")
_version = re.compile(rb"(?i:http|ws)s?[/ ]?[0-9][0-9.,]*+\Z")
# What is longer is no mistake of a person's, and costs time to look at.
LONGEST = 1024


class Flaw(NamedTuple):
    """A mistake: `what` names it, `fix` is the one change to make."""

    what: str
    fix: str


# Of a request head (RFC 9112 sections 2.2, 3 and 5)
REQUEST_LINE = Flaw(
    "the request line",
    "Send a method, a target and HTTP/1.1, with one space between them.",
)
LINE_WITHOUT_VERSION = Flaw(
    "a request line without a version", "End the request line with HTTP/1.1."
)
LINE_WITHOUT_TARGET = Flaw(
    "a request line without a target",
    "Send the path between method and version: GET /ws HTTP/1.1.",
)
LINE_VERSION = Flaw(
    "a version of HTTP that is not written as one",
    "End the request line with HTTP/1.1, in capital letters and with a point.",
)
LINE_SPACES = Flaw(
    "more spaces than two in the request line",
    "Send one space between method, target and HTTP/1.1, and none around them.",
)
LINE_CONTROL = Flaw(
    "a control character in the request line",
    "Take tabs and other control characters out of the request line.",
)
TARGET_NOT_ASCII = Flaw(
    "letters in the request target that are not ASCII",
    "Percent-encode what is not ASCII in the path and in the query.",
)
SPACE_IN_TARGET = Flaw(
    "a space in the request target",
    "Write spaces in the path and in the query as %20.",
)
TARGET_WITHOUT_SLASH = Flaw(
    "a request target that does not begin with a slash",
    "Begin the path with a slash: GET /ws HTTP/1.1, with the host in Host alone.",
)
FRAGMENT_IN_TARGET = Flaw(
    "a # in the request target",
    "Leave # and what follows it out of the URL.",
)
USER_IN_TARGET = Flaw(
    "user information in the request target",
    "Send credentials in the Authorization header, not in the URL.",
)
CONTROL_CHARACTER = Flaw(
    "a control character in a header value",
    "Take control characters, such as NUL or a line break, out of header values.",
)
CONTINUED_LINE = Flaw(
    "a continued header line",
    "Write each header in one line; no line may begin with white space.",
)
LINE_WITHOUT_COLON = Flaw(
    "a header line without a colon",
    "Write every header line as a name, a colon and a value.",
)
SPACE_BEFORE_COLON = Flaw(
    "a space before the colon of a header",
    "Put the colon right behind the header name.",
)
HEADER_NAME = Flaw(
    "a header name",
    "Use letters, digits and hyphens in header names, and no spaces.",
)
HEAD_UNFINISHED = Flaw(
    "header lines without an empty line at the end",
    "End the request head with an empty line: CRLF CRLF.",
)
PROXY_LINE = Flaw(
    "a PROXY protocol line before the request line",
    "Switch the PROXY protocol off in the load balancer (HAProxy: send-proxy), or put "
    "a proxy that reads it in front of this server.",
)
PROXY_HEADER = Flaw(
    "a PROXY protocol header before the request line",
    "Switch the PROXY protocol off in the load balancer (HAProxy: send-proxy-v2), or "
    "put a proxy that reads it in front of this server.",
)

# Of the method (RFC 9110 section 9.1)
METHOD_CASE = Flaw("GET in other letters", "Write GET in capital letters.")


def first_of(*found: tuple[Flaw, object]) -> Flaw | None:
    """Return the first flaw beside which something true stands."""
    return next((flaw for flaw, there in found if there), None)


def of_header_line(name: bytes, colon: bytes) -> Flaw:
    """Return what is wrong with a header line whose name is none."""
    if not colon:
        return LINE_WITHOUT_COLON
    return SPACE_BEFORE_COLON if name[-1:] in {b" ", b"\t"} else HEADER_NAME


def of_target(target: bytes) -> Flaw:
    """Return what is wrong with a request target that names no resource."""
    if b"#" in target:
        return FRAGMENT_IN_TARGET
    return USER_IN_TARGET if _user.match(target) else TARGET_WITHOUT_SLASH


def of_request_line(line: bytes) -> Flaw:
    """Return what is wrong with a request line that begins with a method."""
    named = first_of(
        (LINE_CONTROL, _control.search(line)),
        (TARGET_NOT_ASCII, not line.isascii()),
        (LINE_WITHOUT_TARGET, _no_target.fullmatch(line)),
        (LINE_SPACES, b"  " in line or line.endswith(b" ")),
        (LINE_WITHOUT_VERSION, line.count(b" ") == 1 and b"HTTP/" not in line),
        (LINE_VERSION, _version.search(line)),
    )
    return named or REQUEST_LINE
