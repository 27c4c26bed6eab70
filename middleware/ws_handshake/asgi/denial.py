"""What an application says when it turns a handshake down, as the log may have it.

It is the application's own text, but it may quote what the client sent: a session, a
URL with its query. Values of the client's that no log has are taken out of it.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, unquote_plus

from ws_handshake.asgi.request_head import facts_of, websocket_head
from ws_handshake.core.reasons import INTERNAL_ERROR
from ws_handshake.core.redaction import path_only, printable
from ws_handshake.outcome.rejection import Denial

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ws_handshake.asgi.scope import Message, Scope

# What is longer is a page, and no reason.
_SHORT = 2048

# The status with which a server without denial responses ends a handshake that was
# closed before the acceptance.
CLOSED_STATUS = 403

_LONGEST = 128
_MOST = 16
_title = re.compile(r"(?i)<title>([^<]{1,128}+)</title>")
_TAKEN_OUT = "[...]"
# RFC 9457, FastAPI and Django REST framework, GraphQL, and what others name it.
_MEMBERS = ("detail", "errors", "error", "message", "reason", "title")

_COOKIE, _AUTHORIZATION = b"cookie", b"authorization"
# Words of the protocol are no secrets, though they stand in ?transport=websocket; and a
# secret of fewer characters would be found in other words.
_OPEN = frozenset(["websocket", "upgrade", "keep-alive"])
_SHORTEST = 4
# As long a word that stands in a value was taken from it.
_word = re.compile(r"[^\s,;&=\"'()\[\]]{8,}")
_separator = re.compile(r'[\s,;&="]+')
_pair = re.compile(r"[&;]")
_part = re.compile(r"[/?#;&=:@]")


class DenialResponse:
    """A denial response of the application's, with as much body as is a reason."""

    def __init__(self, start: Message, duration: float) -> None:
        """Take the start, and the seconds that it took the application to send it."""
        self.start = start
        self.duration = duration
        self.body = bytearray()

    def is_complete(self, message: Message) -> bool:
        """Take a part of the body; return whether no more of it is needed."""
        part = message.get("body", b"")
        if isinstance(part, bytes):  # what is none is the server's to reject
            self.body += part
        if len(self.body) > _SHORT:
            self.body.clear()
            return True
        return not message.get("more_body")


def denial_of(scope: Scope, message: Message, body: bytes = b"") -> Denial:
    """Return what a denial says: the code and the reason of a close, or a short body.

    Never the input of a list of validation errors: of each its place and its type.
    """
    try:
        return _denial(scope, message, body)
    except Exception:  # noqa: BLE001  (an application may put anything there)
        return Denial()


def denial_status(message: Message) -> int:
    """Return what the client will get: a server cannot send a plain response here."""
    if message["type"] == "http.response.start":
        return INTERNAL_ERROR.status
    status: int = message.get("status", CLOSED_STATUS)
    return status


def _denial(scope: Scope, message: Message, body: bytes) -> Denial:
    code = None
    said: object = body
    if message["type"] == "websocket.close":
        # ASGI, Close: the code is 1000 by default
        code, said = message.get("code", 1000), message.get("reason")
    text = _text(said)
    return Denial(
        code if isinstance(code, int) else None,
        printable(_without_values(text, scope), _LONGEST) if text else None,
    )


def _text(said: object) -> str | None:
    """Return the text in what was said; None if there is none, or a page."""
    if isinstance(said, bytes):
        try:
            said = said.decode("utf-8")
        except UnicodeDecodeError:
            return None  # compressed, or no text
    if isinstance(said, str):
        text = said.strip() if len(said) <= _SHORT else ""
        if text[:1] in {'"', "{", "["}:
            return _in_document(_parsed(text))
        return _titled(text) if text[:1] == "<" else text
    return _in_document(said)


def _titled(page: str) -> str | None:
    """Return the title of a page, which is often `404 Not Found` or so."""
    title = _title.search(page)
    return title[1].strip() if title else None


def _parsed(text: str) -> object:
    try:
        parsed: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return parsed


def _in_document(said: object) -> str | None:
    if isinstance(said, dict):
        if _is_error(said):
            return _of_error(said)
        return _in_document(next((said[n] for n in _MEMBERS if said.get(n)), None))
    if isinstance(said, list):
        return "; ".join(filter(None, map(_in_document, said[:_MOST])))
    return said if isinstance(said, str) else None


def _is_error(row: dict[str, object]) -> bool:
    return isinstance(row.get("loc"), list | tuple)


def _of_error(row: Any) -> str:  # noqa: ANN401  (a member of some JSON)
    """Return place and type of one of pydantic's errors, such as `query.id: missing`.

    What is further within, and the name of what must not be there, is the client's.
    """
    named = 1 if row.get("type") == "extra_forbidden" else 2
    return f"{'.'.join(map(str, row['loc'][:named]))}: {row.get('type')}"


def _without_values(text: str, scope: Scope) -> str:
    """Take out of a text what the client sent and no log has, the longest first."""
    values = {value for value in _values(scope) if _is_secret(value)}
    wholes = {whole for whole in _wholes(scope) if _is_secret(whole)}
    for value in sorted(values | wholes, key=len, reverse=True):
        text = text.replace(value, _TAKEN_OUT)
    sent = "\n".join(values)
    return _word.sub(lambda word: _TAKEN_OUT if word[0] in sent else word[0], text)


def _is_secret(value: str) -> bool:
    return len(value) >= _SHORTEST and value.lower() not in _OPEN


def _wholes(scope: Scope) -> Iterator[str]:
    """Yield what has names in it, too, which are no secrets by themselves."""
    query = scope.get("query_string", b"").decode("latin-1")
    yield from (query, unquote(query))
    path: str = scope.get("path", "")
    if path != path_only(path):
        yield path


def _values(scope: Scope) -> Iterator[str]:
    query = scope.get("query_string", b"").decode("latin-1")
    for pair in _pair.split(query):
        value = pair.partition("=")[2] or pair
        yield from (value, unquote(value), unquote_plus(value))
    path: str = scope.get("path", "")
    yield from _part.split(path.removeprefix(path_only(path)))
    facts = facts_of(scope, websocket_head(scope))()
    shown = {facts.origin, facts.server_address, facts.user_agent}
    for name, field in scope.get("headers", ()):
        value = field.decode("latin-1")
        if not {value, value.rpartition(":")[0]} & shown:
            yield from _of_field(name, value)


def _of_field(name: bytes, value: str) -> Iterator[str]:
    """Yield the value, or its parts, but for names of cookies and of a scheme."""
    if name == _COOKIE:
        for cookie in value.split(";"):
            yield cookie.partition("=")[2].strip(' "') or cookie.strip()
    elif name == _AUTHORIZATION:
        yield value.partition(" ")[2].strip() or value
    else:
        yield from (value, *_separator.split(value))
