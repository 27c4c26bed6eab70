"""Text around a request never changes its verdict, and no secret in it is shown.

python -m tests.cli.pasted.test_text_fuzz 10000
"""

from __future__ import annotations

import sys
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from tests.support.cli_runs import Input, asked
from tests.support.handshakes import VALID, Handshake
from ws_handshake import judge
from ws_handshake.cli.explain import subcommand as explain
from ws_handshake.cli.pasted.recognition import recognise

if TYPE_CHECKING:
    from collections.abc import Callable

SEEDS = 400
CANARY = "cAnArY7f3d9bsEcReT"

REQUESTS = [
    VALID,
    VALID.without(b"upgrade"),
    VALID.without(b"upgrade").but(b"connection", b"close").asked(version="1.0"),
    VALID.but(b"sec-websocket-version", b"8"),
    VALID.but(b"sec-websocket-key", CANARY.encode()),
    VALID.plus(b"sec-websocket-protocol", b"chat, " + CANARY.encode()),
    VALID.plus(b"x-api-key", CANARY.encode()).plus(b"origin", b"https://a.example"),
    VALID.plus(b"cookie", b"a=" + CANARY.encode()).asked(
        target=b"/ws?token=" + CANARY.encode()
    ),
]
#: Around the request, with a canary wherever people leave a secret.
OTHER = [
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
]
RESPONSE = [
    "HTTP/1.1 404 Not Found",
    "Server: uvicorn",
    "Connection: close",
    "Content-Length: 5",
    f"Set-Cookie: a={CANARY}",
]


#: What a log writes behind the time, always the same.
LOGGERS = [
    "",
    "DEBUG:    ",
    "DEBUG (MainThread) [websockets.server] ",
    "web-1  | ",
    "[ws] ",
    "D/okhttp.Client( 123): ",
    "http-outgoing-0 ",
]
MARKS = ["", "< ", "> ", "-> ", "<< ", ">> ", "| ", "    ", "\t"]


#: The time, in which the figures differ from line to line.
STAMPS = [
    "",
    "00:00:00.000 ",
    "2000-00-00T00:00:00.000000Z ",
    "Nov 00 00:00:00 host app[00000]: ",
    "[00000.000] ",
    "[0f00a0] ",
]


def prefixes(random: Random) -> Callable[[str], str]:
    """Return what puts time, logger and mark before a line; their form stays."""
    form = "".join(map(random.choice, (STAMPS, LOGGERS, MARKS)))
    return lambda line: _with_other_figures(random, form) + line


def _with_other_figures(random: Random, form: str) -> str:
    return "".join(
        random.choice("0123456789") if letter == "0" else letter for letter in form
    )


def around(random: Random, handshake: Handshake) -> str:
    """Return the request as it may stand in a log or a mail."""
    first = handshake.wire().decode("latin-1").partition("\r\n")[0]
    spell = random.choice([str.lower, str.title])
    head = [
        first,
        *(
            f"{spell(name.decode())}: {value.decode()}"
            for name, value in handshake.headers
        ),
    ]
    body = list(map(prefixes(random), [*head, ""]))
    if random.random() < 0.5:
        body += map(prefixes(random), RESPONSE)
    before = [random.choice(OTHER) for _ in range(random.randrange(4))]
    after = [random.choice(OTHER) for _ in range(random.randrange(4))]
    indent = random.choice(["", "", "  ", "\t"])
    fence = ["```"] if random.random() < 0.2 else []
    lines = [*before, *fence, *body, *fence, "", *after]
    return random.choice(["\n", "\r\n"]).join(indent + line for line in lines)


def check(seed: int) -> None:
    """Check that one request is judged as it is without its surroundings."""
    random = Random(seed)  # noqa: S311  (no secret)
    handshake = random.choice(REQUESTS)
    text = around(random, handshake)
    pasted = recognise(text.encode())

    assert pasted is not None, text
    (read,) = pasted.requests
    assert read.flaw is None, text
    assert judge(read.request).codes == judge(handshake.head()).codes, text
    output = asked(explain, "-", stdin=Input(text.encode(), typed=False))
    assert CANARY not in output.out + output.err, text


def test_whatever_stands_around_a_request_its_verdict_is_the_same() -> None:
    for seed in range(SEEDS):
        check(seed)


def test_of_what_is_no_request_nothing_secret_is_shown() -> None:
    run = partial(asked, explain, "-")
    random = Random(0)  # noqa: S311  (no secret)
    for _ in range(SEEDS):
        text = "\n".join(random.choice(OTHER) for _ in range(6))
        for argv in ((), ("--json",)):
            output = run(*argv, stdin=Input(text.encode(), typed=False))
            assert CANARY not in output.out + output.err, text


if __name__ == "__main__":
    for number in range(int(sys.argv[1])):
        check(number)
