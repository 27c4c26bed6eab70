"""Finds request heads between other lines: in a log, a trace, a dump, a mail.

A head begins with its request line. What stands before that on the same line, such as
a time stamp, shows what stands before the header lines:

    DEBUG:    < GET /ws HTTP/1.1              17:18:37.440 -> Handshake:GET /ws HTTP/1.1
    DEBUG:    < host: 127.0.0.1:8000          17:18:37.440 -> Host: 192.0.2.255:5051
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from ws_handshake.cli.pasted.edited import rejoined, stands_for_lines
from ws_handshake.cli.pasted.request import KNOWN
from ws_handshake.core.request import METHODS

if TYPE_CHECKING:
    from collections.abc import Iterator

_METHOD = b"|".join(sorted(method.encode() for method in METHODS))
# What tools write for CR, LF and the end of a string.
_request_line = re.compile(
    rb"(?P<line>(?:(?:" + _METHOD + rb") (?: *+\S++(?= )| )|\b[A-Z]{3,20} ++/\S*+)"
    rb" *+HTTP/[0-9](?:\.[0-9])?)"
    rb"(?P<end>(?:\\[rn]|\[\\[rn]\]|\^M|[.\"'`,;]| [+.](?=\Z)){0,8})\Z"
)
# A head out of an editor, before it is sent: any method, and perhaps no version.
_first_line = re.compile(
    rb"[A-Za-z]++ ++\S*[^\s:] ++HTTP/[0-9]"
    rb"|(?:GET|POST|PUT|HEAD|CONNECT|OPTIONS|PATCH|DELETE) ++[/*h]"
)
_status_line = re.compile(
    rb"(?:HTTP/[0-9](?:\.[0-9])?|\bRESPONSE:) ++([1-5][0-9]{2})\b"
)
_separator = re.compile(rb"[-=*_#~+]{3}")
# ngrep shows a dot for CR, and one for LF.
_written_out = re.compile(rb"HTTP/[0-9](?:\.[0-9])?(\\r\\n|\.\.)[\w-]++:")
_proxy_line = re.compile(rb"PROXY (?:TCP[46]|UNKNOWN)\b")

_NAME = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]++"
_field = re.compile(rb"(" + _NAME + rb")[ \t]*+:")
_spaced_field = re.compile(rb"(" + _NAME + rb"):(?:[ \t]|\Z)")
_quoted_field = re.compile(rb"[\"'](?=" + _NAME + rb": )")
_known_field = re.compile(
    rb"(?i)(?<![\w-])(?:"
    + b"|".join(map(re.escape, sorted(KNOWN)))
    + rb"):(?=[ \t]|\Z)"
)
# Wireshark shows each cookie again.
_shown_again = re.compile(rb"(?i)cookie pair:")
_end_quoted = re.compile(rb"(?:\\[rn]){0,4}[\"'],?\Z")
_first_name = re.compile(rb"[\"':]*+([\w-]*+)")
# In front of a field: `name: value`, `name = value` or `name [value]`.
_logged_field = re.compile(
    rb"(?i).*?(?<![\w-])(?=(?:"
    + b"|".join(map(re.escape, sorted(KNOWN)))
    + rb")(?::[ \t]|:\Z|[ \t]=|[ \t]+\[)"
    rb"|(?=':?[\w-]+', '))"
)
_sentence = re.compile(rb"[^\w:]|[0-9]|[^:\s]++[ \t]++[^:\s]++[ \t]++\S")

# Prefixes are compared piece by piece: figures differ from line to line.
_piece = re.compile(rb"[ \t]+|[0-9A-Za-z]+|[^ \t0-9A-Za-z]")
_figure = re.compile(rb"[0-9]")
_word_with_figure = re.compile(rb"(?<![0-9A-Za-z])[A-Za-z]*+[0-9][0-9A-Za-z]*+")
_LONGEST_PREFIX = 400
#: A log of a failed connection has no more, and each takes time.
_MOST_HEADS = 500
#: So many lines of something else may stand between two header lines.
_MOST_BETWEEN = 20
_FIRST_LINES = 3


class FoundHead(NamedTuple):
    """The lines of a head, the status in the response below it, and its surroundings.

    `before` precedes the request line in its line; `is_first` says that the text begins
    with this head, `is_whole` that no one has left lines out of it.
    """

    head: bytes
    status: int | None
    before: bytes
    is_first: bool
    is_whole: bool


def find_heads(text: bytes) -> list[FoundHead]:
    """Return the request heads in `text`, in their order."""
    written = _written_out.search(text)
    if written:
        text = text.replace(written[1], b"\n")
    lines = [line.rstrip(b" \t\r") for line in text.split(b"\n")]
    first = next((at for at, line in enumerate(lines) if line), 0)
    starts = [at for at, line in enumerate(lines) if _matches(line)][:_MOST_HEADS]
    if first not in starts[:1] and _begins(lines[first], lines[first + 1 :]):
        starts.insert(0, first)
    found = (
        _found(lines, at, end, is_first=at == first)
        for at, end in pairwise([*starts, len(lines)])
    )
    return [head for head in found if head is not None]


def bare_fields(text: bytes) -> list[bytes]:
    """Return the header lines in a log that has no request line, for each request.

    What stands before most names of fields stands before each line; other lines are
    left out. If nothing does, or before one alone, that is the text as it is.
    """
    lines = [line.rstrip(b" \t\r") for line in text.split(b"\n")]
    answered = [at for at, line in enumerate(lines) if _status_line.search(line)]
    before = lines[: answered[0]] if answered else []
    lines = before if any(map(_logged_field.match, before)) else lines
    prefixes: dict[bytes, list[bytes]] = {}
    for found in filter(None, map(_logged_field.match, lines)):
        if found.end() <= _LONGEST_PREFIX:
            shape = _word_with_figure.sub(b"0", found[0])
            prefixes.setdefault(shape, []).append(found[0])
    alike = max(prefixes.values(), key=lambda found: (len(found), found[0]), default=[])
    if not alike[1:] or not alike[0].strip():
        return [text]
    pieces = _piece.findall(alike[0])
    at = [_common(pieces, line) for line in lines]
    kept = [line[end:] for line, (end, whole) in zip(lines, at, strict=True) if whole]
    if alike[0][-1:] in {b'"', b"'"}:
        kept = [_end_quoted.sub(b"", line) for line in kept]
    return _repeated(kept)


def _repeated(lines: list[bytes]) -> list[bytes]:
    """Part the lines where the two names that they begin with come again."""
    found = map(_first_name.match, lines)
    names = [name[1].lower() for name in found if name]
    starts = [at for at in range(len(lines)) if names[at : at + 2] == names[:2]]
    return [b"\n".join(lines[i:j]) for i, j in pairwise([*starts, len(lines)])]


def _matches(line: bytes) -> re.Match[bytes] | None:
    return _request_line.search(line) if b"HTTP/" in line else None


def _begins(line: bytes, below: list[bytes]) -> bool:
    """Return whether a text begins with a request line, which may have no version.

    Without a version, and with no header line below it, it is that of a log.
    """
    match = _first_line.match(line.lstrip())
    return match is not None and (b"HTTP/" in line or any(map(_field.match, below)))


def _found(
    lines: list[bytes], at: int, end: int, *, is_first: bool
) -> FoundHead | None:
    """Read the head whose request line is `lines[at]`, up to the next one."""
    match = _matches(lines[at])
    line = match["line"] if match else lines[at].lstrip()
    before = lines[at][: match.start()] if match else b""
    tail = match["end"] if match else b""
    below = [text for text in lines[at + 1 : end] if not stands_for_lines(text)]
    answers = (_status_line.search(text) for text in below)
    status = next((int(answer[1]) for answer in answers if answer), None)
    proxied = at > 0 and _proxy_line.match(lines[at - 1].lstrip())
    is_first = is_first or bool(proxied and not any(lines[: at - 1]))
    if before.strip() or tail:
        fields = list(_among_others(before, tail, below))
        if not any(_is_known(field) for field in fields):
            return None
    else:
        fields = _undecorated(below)
    lead = [lines[at - 1].lstrip()] if proxied else []
    head = b"\r\n".join([*lead, line, *fields])
    is_whole = len(below) == end - at - 1
    return FoundHead(head, status, before, is_first, is_whole)


def _undecorated(lines: list[bytes]) -> list[bytes]:
    """Return the header lines of a head that stands alone, without their indent.

    Its malformed lines are kept; text behind its last header line is not one.
    """
    if lines[1:] and not lines[0] and _field.match(lines[1].lstrip()):
        lines = [line for line in lines if line]  # every other line is empty
    taken: list[bytes] = []
    for line in lines:
        bare = line.lstrip()
        if not bare or _ends_head(bare):
            break
        taken.append(line)
    taken = rejoined(taken)
    while taken and _is_sentence(taken[-1].lstrip()):
        taken.pop()
    margin = len(taken[0]) - len(taken[0].lstrip()) if taken else 0
    return [_without_margin(line, margin) for line in taken]


def _without_margin(line: bytes, margin: int) -> bytes:
    return line[margin:] if not line[:margin].strip() else line.lstrip()


def _ends_head(line: bytes) -> bool:
    return bool(_separator.match(line) or _status_line.match(line))


def _is_sentence(line: bytes) -> bool:
    return not _is_known(line) and _sentence.match(line) is not None


def _is_known(line: bytes) -> bool:
    """Return whether a line begins with the name of a field, however it goes on."""
    return line.replace(b":", b" ").partition(b" ")[0].lower() in KNOWN


def _among_others(before: bytes, tail: bytes, lines: list[bytes]) -> Iterator[bytes]:
    """Yield the header lines below a request line that has text around it."""
    pieces = _piece.findall(before) if len(before) <= _LONGEST_PREFIX else []
    marked = any(_common(pieces, line)[1] for line in lines[:_FIRST_LINES])
    mark = before.rstrip()[-1:]
    between = 0
    is_quoted = tail[:1] in {b'"', b"'"}
    lead = None
    for line in lines:
        at, is_whole = _common(pieces, line)
        rest = line[at:].removesuffix(tail).strip(b" \t")
        ends = not rest and (is_whole or not marked)
        if ends or _status_line.search(line) or _separator.match(rest):
            return
        if _shown_again.match(rest):
            continue
        quoted = _quoted_field.search(rest) if is_quoted and not is_whole else None
        if quoted:
            # nginx logs other headers, too, with another word before them
            lead = lead or rest[: quoted.end()]
            field = rest[quoted.end() :] if rest.startswith(lead) else None
        elif not marked:
            field = _field_somewhere(rest)
        elif is_whole:
            field = rest if _field.match(rest) or _is_known(rest) else None
        else:
            field = _field_behind(mark, line.removesuffix(tail))
        between = 0 if field else between + 1
        if field:
            yield field
        elif between > _MOST_BETWEEN:
            return


def _field_somewhere(rest: bytes) -> bytes | None:
    """Return the field in a line whose beginning is not that of the request line."""
    known = _known_field.search(rest)
    if known:
        return rest[known.start() :]
    return rest if _spaced_field.match(rest) else None


def _field_behind(mark: bytes, line: bytes) -> bytes | None:
    """Return the known field behind the mark that precedes the request line."""
    known = _known_field.search(line)
    if known and line[: known.start()].rstrip()[-1:] == mark:
        return line[known.start() :]
    return None


def _common(pieces: list[bytes], line: bytes) -> tuple[int, bool]:
    """Return how far a line begins like the request line, and whether all the way.

    White space at the end of a line may have been lost.
    """
    at = boundary = 0
    for piece in pieces:
        found = _piece.match(line, at)
        if found is None:
            return at, piece is pieces[-1] and piece.isspace()
        if not _alike(piece, found[0]):
            return boundary, False
        at = found.end()
        boundary = at if piece.isspace() else boundary
    return at, True


def _alike(one: bytes, other: bytes) -> bool:
    if one.isalnum() and other.isalnum():
        return one == other or bool(_figure.search(one) or _figure.search(other))
    return one == other or (one.isspace() and other.isspace())
