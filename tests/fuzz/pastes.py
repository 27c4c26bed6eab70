"""A campaign of pastes: what stands around a request never changes its verdict.

Each case is one request, in one of the forms in which people copy it, with a log's
prefix before each line, an indent, and lines of other things before and after it. A
canary stands wherever people leave a secret, and no output may contain it.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.support import pastes as forms
from tests.support.cli_runs import Input, asked
from tests.support.handshakes import VALID, Handshake
from ws_handshake.cli.explain import subcommand as explain
from ws_handshake.cli.explain.explained import explain as explained
from ws_handshake.cli.pasted.recognition import recognise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random

    from tests.fuzz.differential import Case
    from tests.fuzz.tally import Tally

CANARY = "cAnArY7f3d9bsEcReT"
_SECRET = CANARY.encode()

REQUESTS = (
    VALID,
    VALID.without(b"upgrade"),
    VALID.without(b"upgrade").but(b"connection", b"close").asked(version="1.0"),
    VALID.but(b"connection", b"keep-alive"),
    VALID.but(b"sec-websocket-version", b"8"),
    VALID.but(b"sec-websocket-key", _SECRET),
    VALID.plus(b"sec-websocket-protocol", b"chat, " + _SECRET),
    VALID.plus(b"x-api-key", _SECRET).plus(b"origin", b"https://a.example"),
    VALID.plus(b"authorization", b"Bearer " + _SECRET),
    VALID.plus(b"cookie", b"a=" + _SECRET).asked(target=b"/ws?token=" + _SECRET),
)
#: Around the request, with a canary wherever people leave a secret.
OTHER = (
    "",
    "Hello,",
    "it fails with HTTP/1.1 since today",
    f"Set-Cookie: session={CANARY}",
    f"Authorization: Bearer {CANARY}",
    "Connection: close would be wrong",
    "Upgrade: h2c",
    f'192.0.2.1 - - [x] "GET /ws?token={CANARY} HTTP/1.1" 404 12 "-" "-"',
    'INFO:     127.0.0.1:5 - "GET /ws HTTP/1.0" 404 Not Found',
    f"connecting to wss://user:{CANARY}@chat.example.com/ws?token={CANARY}",
    "2026-11-21 10:12:44,138 [main] INFO  started",
    "--------------------------",
    "{'date': 'Mon', 'server': 'uvicorn'}",
    "Traceback (most recent call last):",
    '  File "app.py", line 3, in <module>',
    "PVg+yYO5Q3EVgtPLLV2QXQ==",
    f"password = {CANARY}",
)
#: What is no part of a form that has no request line: neither field nor value.
_PROSE = (*OTHER[:3], *OTHER[10:12], OTHER[13])
_RESPONSE = (
    "HTTP/1.1 404 Not Found",
    "Server: uvicorn",
    "Connection: close",
    "Content-Length: 5",
    f"Set-Cookie: a={CANARY}",
)
#: The time, in which the figures differ from line to line.
_STAMPS = (
    "",
    "00:00:00.000 ",
    "2000-00-00T00:00:00.000000Z ",
    "Nov 00 00:00:00 host app[00000]: ",
    "[00000.000] ",
    "[0f00a0] ",
)
#: What a log writes behind the time, always the same.
_LOGGERS = (
    "",
    "DEBUG:    ",
    "DEBUG (MainThread) [websockets.server] ",
    "web-1  | ",
    "[ws] ",
    "D/okhttp.Client( 123): ",
    "http-outgoing-0 ",
)
_MARKS = ("", "< ", "> ", "-> ", "<< ", ">> ", "| ", "    ", "\t")


@contextmanager
def pastes() -> Iterator[Case]:
    """Paste a request, and compare its verdict with that of its form alone."""
    yield _case


def _case(random: Random, tally: Tally) -> None:
    form = random.choice(sorted(_FORMS))
    handshake = random.choice(REQUESTS)
    alone, among = forms.FORMS[form](handshake), _FORMS[form]
    text = among(random, handshake, alone)
    tally.count(form)
    wanted, found = _verdicts(alone), _verdicts(text)
    if found != wanted:
        tally.complain(f"{form}: {found} in place of {wanted}", text)
    for options in ((), ("--json",)):
        output = asked(explain, *options, "-", stdin=Input(text, typed=False))
        if CANARY in output.out + output.err:
            tally.complain(f"{form}: a secret is shown", text)


def _verdicts(text: bytes) -> list[tuple[str, ...]]:
    pasted = recognise(text)
    requests = pasted.requests if pasted else ()
    return [explained(one).verdict.codes for one in requests]


def prefixes(random: Random) -> Callable[[str], str]:
    """Return what puts time, logger and mark before a line; their form stays."""
    form = "".join(map(random.choice, (_STAMPS, _LOGGERS, _MARKS)))
    return lambda line: _with_other_figures(random, form) + line


def _with_other_figures(random: Random, form: str) -> str:
    return "".join(
        random.choice("0123456789") if letter == "0" else letter for letter in form
    )


def fields_of(random: Random, handshake: Handshake) -> list[str]:
    """Return the header lines, as programs spell them."""
    spell = random.choice([str.lower, str.title])
    return [f"{spell(n.decode())}: {v.decode()}" for n, v in handshake.headers]


def _in_a_log(random: Random, handshake: Handshake, _alone: bytes) -> bytes:
    """Return the request as it may stand in a log or a mail."""
    first = handshake.wire().decode("latin-1").partition("\r\n")[0]
    head = [first, *fields_of(random, handshake), ""]
    body = list(map(prefixes(random), head))
    if random.random() < 0.5:
        body += map(prefixes(random), _RESPONSE)
    return _surrounded(random, body, OTHER)


def _without_its_line(random: Random, handshake: Handshake, _alone: bytes) -> bytes:
    """Return the header lines alone; one without a prefix could be any other's."""
    prefixed = prefixes(random)
    others = OTHER if prefixed("").strip() else ("",)
    lines = [prefixed(line) for line in fields_of(random, handshake)]
    return _surrounded(random, lines, others)


def _in_a_mail(random: Random, _handshake: Handshake, alone: bytes) -> bytes:
    return _surrounded(random, alone.decode("latin-1").splitlines(), _PROSE)


def _surrounded(random: Random, body: list[str], others: tuple[str, ...]) -> bytes:
    before, after = (
        [random.choice(others) for _ in range(random.randrange(4))] for _ in range(2)
    )
    indent = random.choice(["", "", "  ", "\t"])
    fence = ["```"] if random.random() < 0.2 else []
    lines = [*before, *fence, *body, *fence, "", *after]
    end = random.choice(["\n", "\r\n"])
    return end.join(indent + line for line in lines).encode()


#: The forms, and what stands around each.
_FORMS: dict[str, Callable[[Random, Handshake, bytes], bytes]] = {
    "wire": _in_a_log,
    "header lines": _without_its_line,
    **dict.fromkeys(
        [
            *("wire with LF", "curl -v", "curl in bash", "curl in cmd", "PowerShell"),
            *("curl in the old cmd", "hex dump", "log", "ASGI scope", "net export"),
        ],
        _in_a_mail,
    ),
}
