"""What the error messages of clients mean, in compiled languages and on devices."""

from __future__ import annotations

from ws_handshake.cli.pasted.message import Row

_FORWARD = "Let every proxy before the server forward Upgrade and Connection."
_STATUS = r"\b([1-5][0-9]{2})\b"

_NOT_101 = (
    "The response was not 101.",
    "Probe the server: it shows the response.",
    "response_not_101",
)

PLATFORMS = (
    Row(
        "coder/websocket in Go",
        r"expected handshake response status code 101 but got " + _STATUS,
    ),
    Row(
        "gorilla/websocket in Go",
        r"bad handshake \(" + _STATUS,
    ),
    Row("gorilla/websocket in Go", r"\(" + _STATUS + r"\): websocket: bad handshake"),
    Row("gorilla/websocket in Go", r"bad handshake\\?\" status=" + _STATUS),
    Row(
        "gorilla/websocket in Go",
        r"websocket: bad handshake",
        "The response was not 101; Dial returns it beside the error, and its status "
        "says more.",
        "Print the status and the body of the response that Dial returns.",
        "response_not_101",
    ),
    Row(
        "gorilla/websocket in Go",
        r"malformed ws or wss URL",
        "The address does not begin with ws:// or wss://.",
        "Write ws:// in place of http://, and wss:// in place of https://.",
    ),
    Row("OkHttp", r"Expected HTTP 101 response but was '" + _STATUS),
    Row(
        "a Java client",
        r"(?i)(?:Response code was not 101|Invalid status code received"
        r"|Unexpected HTTP Response Status Code|The status line is: HTTP/1\.[01]"
        r"|expected status <101>, but got|expected status code 101 but was"
        r"|The HTTP response from the server|Invalid handshake response getStatus"
        r"|UpgradeException):? [<\[]?" + _STATUS,
    ),
    Row(".NET", r"returned status code '" + _STATUS + "' when "),
    Row(
        "tungstenite in Rust",
        r"(?:\bHTTP error: |Http\(Response \{ status: )" + _STATUS,
    ),
    Row("Dart", r"was not upgraded to websocket, HTTP status code: " + _STATUS),
    Row(
        "Dart",
        r"was not upgraded to websocket",
        "The response was not 101.",
        "Probe the server: it shows the response.",
        "response_not_101",
    ),
    Row("golang.org/x/net", r"websocket\.Dial \S+: bad status", *_NOT_101),
    Row("kubectl", r"unable to upgrade connection: " + _STATUS),
    Row(".NET", r"remote server returned an error: \(" + _STATUS),
    Row(
        ".NET",
        r"WebSocketException.*: Unable to connect to the remote server",
        "There was no response of a WebSocket; the exception within this one says why.",
        "Read the inner exception, or probe the server.",
    ),
    Row(
        "websocket-sharp",
        r"Not a WebSocket (?:handshake|connection) response",
        *_NOT_101,
    ),
    Row(
        "OkHttp",
        r"Expected '(?:Connection|Upgrade)' header value",
        "The response lacks Upgrade or Connection: a proxy took them out.",
        _FORWARD,
        "proxy_stripped_upgrade",
    ),
    Row(
        "Android",
        r"CLEARTEXT communication .*not permitted",
        "Android lets this application open no connection without TLS.",
        "Use wss://, or allow the host in the network security configuration.",
    ),
    Row("Starscream", r"notAnUpgrade\(" + _STATUS),
    Row("Starscream", r"Invalid HTTP upgrade.*[Cc]ode: " + _STATUS),
    Row("Starscream", r"Code=" + _STATUS + r" \"Invalid HTTP upgrade"),
    Row("Starscream", r"Invalid HTTP upgrade", *_NOT_101),
    Row("an Apple client", r"[Rr]eceived bad response code from server:? " + _STATUS),
    Row("an Apple client", r"NSURLErrorDomain Code=-1011", *_NOT_101),
    Row("libwebsockets", r"got bad HTTP response '" + _STATUS),
    Row("libwebsockets", r"ws upgrade response not 101", *_NOT_101),
    Row("Qt", r"Unhandled http status code: " + _STATUS),
    Row("a C++ client", r"Expecting status 101 .*?got " + _STATUS),
    Row(
        "a C++ client",
        r"WebSocket handshake was declined by the remote peer"
        r"|websocketpp\.processor:20|Invalid HTTP status\.|Cannot upgrade to WebSocket",
        *_NOT_101,
    ),
    Row("ESP-IDF", r"esp_ws_handshake_status_code=" + _STATUS),
    Row(
        "ESP-IDF",
        r"(?i)transport_ws: (?:Sec-WebSocket-Accept not found|Error read response)",
        *_NOT_101,
    ),
    Row("a client in Rust", r"unexpected status code: " + _STATUS),
    Row("a client in Rust", r"Invalid response status: " + _STATUS),
    Row(
        "tungstenite in Rust",
        r"No \"(?:Upgrade|Connection): \w+\" header"
        r"|Missing(?:Connection)?Upgrade\w*Header",
        "Upgrade or Connection did not arrive: a proxy took them out.",
        _FORWARD,
        "proxy_stripped_upgrade",
    ),
    Row("Elixir", r"RequestError\{code: " + _STATUS),
    Row("Elixir", r"UpgradeFailureError\{status_code: " + _STATUS),
    Row("gun in Erlang", r"\{gun_response,[^{}]*?n?o?fin," + _STATUS),
    Row("JMeter", r"unexpected status line: HTTP/1\.[01] " + _STATUS),
)
