from __future__ import annotations

from functools import partial

import pytest

from tests.support.stopwatch import is_linear
from ws_handshake.cli.pasted.access import read_access
from ws_handshake.cli.pasted.access_of_platforms import PLATFORMS

ENVOY = '[2026-11-30T10:00:00.4Z] "GET /ws?t=s HTTP/1.1" {} "-" 0 91 0 - "10.0.0.1"'
ENVOYS = "an access log line of Envoy"
HEROKU = (
    'heroku[router]: at={} method=GET path="/ws?t=s" host=a.example dyno= status={}'
)
HEROKUS = "a log line of Heroku's router"
ALB = (
    "wss 2026-11-30T22:23:00.1Z app/lb/5 192.0.2.3:28 10.0.0.1:80 0.1 0.1 -1 {} - 2 5 "
    '"GET https://a.example:443/ws HTTP/1.1" "-"'
)
ALBS = "an access log line of AWS's load balancer"
ASP = "Request finished HTTP/1.1 GET http://a/chat?id=s - {} - text/plain 1.2ms"
JSON = "an access log line in JSON"

LINES = [
    (ENVOY.format("403 - upgrade_failed -"), ENVOYS, 403, "Envoy does not let"),
    (ENVOY.format("503 UF,URX a{b} -"), ENVOYS, 503, "Envoy could not connect"),
    (ENVOY.format("404 NR route_not_found -"), ENVOYS, 404, "Envoy has no route"),
    (ENVOY.format("403 - 0"), ENVOYS, 403, ""),
    (HEROKU.format('error code=H13 desc="a"', 503), HEROKUS, 503, "The application"),
    (HEROKU.format('error code=H99 desc="a"', ""), HEROKUS, 503, "Heroku made the"),
    (HEROKU.format("info", 404), HEROKUS, 404, ""),
    (HEROKU.format("info", ""), HEROKUS, 503, ""),
    (ALB.format(502), ALBS, 502, ""),
    (ALB.format(101), ALBS, 101, "The handshake was accepted"),
    (
        "2026-11-30 09:12:33 10.0.0.4 GET /chat id=s 443 - 192.0.2.1 M - 404 0 2 15",
        "an access log line of IIS",
        404,
        "",
    ),
    (
        "[pid: 4] () {58 vars} GET /ws => generated 13 bytes in 2 msecs (HTTP/1.1 400)",
        "a log line of uWSGI",
        400,
        "",
    ),
    (ASP.format(400), "a log line of ASP.NET Core", 400, ""),
    ("[GIN] x | 400 | 0.5ms | a | GET  /ws", "a log line of Gin or Fiber", 400, ""),
    (
        "1796035203.1 5 192.0.2.1 TCP_DENIED/403 38 CONNECT a:443 - HIER_NONE/-",
        "an access log line of Squid",
        403,
        "",
    ),
    (
        "[HTTP/1.1 404 Not Found 3ms]",
        "a line of a browser's console",
        404,
        "",
    ),
    (
        "2026-11-30\t21:02:31\tLAX1\t3\t192.0.2.1\tGET\td.example\t/ws\t403\t-",
        "an access log line of CloudFront",
        403,
        "",
    ),
    ("[x] 127.0.0.1:5 [404]: GET /ws - No such file", "a log line of PHP", 404, ""),
    ("[info] Sent 403 in 1ms", "a log line of Phoenix", 403, ""),
    (
        '{"RequestMethod": "GET", "RequestPath": "/ws?t=s", "DownstreamStatus": 404}',
        JSON,
        404,
        "",
    ),
    ('{"request":"GET /ws HTTP/1.1","status":"502"}', JSON, 502, ""),
    ('{"routeKey":"$connect","status":"403"}', JSON, 403, ""),
]


@pytest.mark.parametrize(("line", "kind", "status", "sentence"), LINES)
def test_a_line_has_its_kind_and_its_status(
    line: str, kind: str, status: int, sentence: str
) -> None:
    message = read_access(f"before\n{line}\nafter".encode())
    assert message is not None
    assert (message.kind, message.status) == (kind, status)
    assert message.what.startswith(sentence)
    assert bool(message.what) is bool(sentence)


def test_every_form_has_an_example() -> None:
    for pattern, _ in PLATFORMS:
        assert any(pattern.search(line) for line, *_ in LINES), pattern


@pytest.mark.parametrize("piece", [b"| 400 ", b'"method": "GET", ', b"- 400 ", b"0.1 "])
def test_it_takes_linear_time(piece: bytes) -> None:
    for before in (b"", b"{", b"Request finished GET /ws ", b"| 400 |"):
        small, large = before + piece * 60, before + piece * 900
        assert is_linear(partial(read_access, small), partial(read_access, large))
