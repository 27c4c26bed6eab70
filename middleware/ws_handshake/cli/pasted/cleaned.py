"""Takes off what copying and pasting adds to a text, and takes text out of JSON lines.

Byte order marks, colours, curly quotes, fences, Markdown's bold and backticks, HTML,
no-break spaces, line ends of other systems, an indent.
"""

from __future__ import annotations

import codecs
import html
import json
import re

_MARKS = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_fence = re.compile(rb"(?m)^[ \t]*+```[^\r\n]*+\r?\n?")
_colour = re.compile(rb"\x1b\[[0-9;]*+m|\xe2\x80\x8b|\xef\xbb\xbf")
# What blogs and mails make of quotes.
_QUOTES = (
    *((b"\xe2\x80\x9c", b'"'), (b"\xe2\x80\x9d", b'"')),
    *((b"\xe2\x80\x98", b"'"), (b"\xe2\x80\x99", b"'")),
)
_line_end = re.compile(rb"\r\n?|\n")
# ^M is how editors and cat -v show CR.
_shown_cr = re.compile(rb"(?m)\^M$")
_NO_BREAK = b"\xc2\xa0"
_no_break = re.compile(rb"(?m)^[ \t]*+(?:[A-Z]{3,10}|[\w-]++:)\xc2\xa0")
_backticks = re.compile(rb"(?m)^`([^`\n]++)`$")
_bold = re.compile(rb"(?m)\*\*([\w-]{1,60}+)(?::\*\*|\*\*:)")
_tag = re.compile(
    rb"</?(?:p|pre|code|div|span|b|i|em|strong|li|ul|ol|samp)\b[^<>\n]*+>"
)
_break = re.compile(rb"<br\b[^<>\n]*+>\n?")
_entity = re.compile(rb"&(?:quot|amp|lt|gt|apos|nbsp|#39|#x27|#34);")
_indent = re.compile(rb"[ \t]*+")

# What loggers call the line that a program wrote.
_LINE = ("message", "msg", "log", "textPayload", "MESSAGE", "line", "body", "raw")
_FEWEST = 2


def cleaned(data: bytes) -> bytes:
    """Return the text without what copying adds."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            data = data[2:].decode(encoding, "replace").encode()
    text = _colour.sub(b"", data)
    for curly, plain in _QUOTES:
        text = text.replace(curly, plain)
    if b"\n" not in text:
        text = _line_end.sub(b"\n", text)
    text = _fence.sub(b"", _without_html(text)).strip(b"\r\n\x00")
    if len(_no_break.findall(text)) >= _FEWEST:
        text = text.replace(_NO_BREAK, b" ")
    for dressed in (_shown_cr, _backticks, _bold):
        text = dressed.sub(_bare, text)
    lines = text.split(b"\n")
    margins = [_indent.match(line) for line in lines if line.strip()]
    margin = min((found.end() for found in margins if found), default=0)
    return b"\n".join(line[margin:] for line in lines) if margin else text


def logged(text: bytes) -> bytes | None:
    """Return the lines that JSON objects, one a line, hold; None if they hold none."""
    lines = []
    for line in text.split(b"\n"):
        try:
            entry = json.loads(line) if line.startswith(b"{") else None
        except (ValueError, RecursionError):
            return None
        if isinstance(entry, dict):
            held = (entry[name] for name in _LINE if isinstance(entry.get(name), str))
            lines.append(next(held, "").encode("utf-8", "replace").rstrip())
    return b"\n".join(lines) if any(lines) else None


def unescaped(text: bytes) -> bytes | None:
    """Return the JSON that stands in a string of a log; None if there is none."""
    start = text.find(b'{\\"')
    return text[start:].replace(b'\\"', b'"') if start >= 0 else None


def _without_html(text: bytes) -> bytes:
    """Return what a browser shows of a piece of a page; other text as it is."""
    if _break.search(text) or _tag.search(text):
        text = _tag.sub(b"", _break.sub(b"\n", text))
    elif len(_entity.findall(text)) < _FEWEST:
        return text
    return _entity.sub(_character, text)


def _character(entity: re.Match[bytes]) -> bytes:
    return html.unescape(entity[0].decode()).encode()


def _bare(dressed: re.Match[bytes]) -> bytes:
    """Return what is in the dress: nothing, a line, or a name with its colon."""
    if dressed.re is _bold:
        return dressed[1] + b":"
    return b"".join(dressed.groups())
