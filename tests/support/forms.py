"""The forms of a paste that the page docs/forms.md shows, each with its example.

The examples stand beside the tests of what reads them: in `forms/` what the programs
wrote when they were run, or what their documentation shows, in `field/` what people
posted. Names, addresses and keys are replaced.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

_BESIDE = Path(__file__).parent.parent / "cli" / "pasted"


class Form(NamedTuple):
    """What people paste, how they get it, and the file with the example."""

    title: str
    how: str
    file: str
    language: str = "text"

    def example(self) -> str:
        """Return the example, without white space at the end of its lines."""
        text = (_BESIDE / self.file).read_text("utf-8")
        return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


#: The sections of the page, and the forms in each.
FORMS: dict[str, tuple[Form, ...]] = {
    "Requests and packets": (
        Form("A request head", "From an editor, a mail, a ticket.", "forms/head.txt"),
        Form(
            "curl -v",
            "`curl -v URL 2>&1`; the lines with `>` are the request.",
            "forms/curl_verbose.txt",
        ),
        Form(
            "curl --trace-ascii",
            "`curl --trace-ascii - URL`; `--trace` is read, too.",
            "forms/curl_trace_ascii.txt",
        ),
        Form(
            "tcpdump -A",
            "`tcpdump -A -s0 -i lo 'tcp port 8000'`, between a proxy and the server.",
            "field/E12_tcpdump_A.txt",
        ),
        Form(
            "tcpdump -X",
            "`tcpdump -X -s0 -i lo 'tcp port 8000'`; `tshark -x` is read, too.",
            "forms/tcpdump_X.txt",
        ),
        Form(
            "ngrep",
            "`ngrep -d lo '' 'tcp port 8000'`, with `-W byline` or without.",
            "forms/ngrep.txt",
        ),
        Form(
            "Wireshark",
            "Copy, All Visible Selected Tree Items; or `tshark -V`.",
            "field/E12b_wireshark_tree.txt",
        ),
        Form(
            "A hex dump",
            "`xxd`, `hexdump -C`, `od -t x1z`, Wireshark's bytes.",
            "forms/xxd.txt",
        ),
        Form(
            "A hex stream",
            "Wireshark: Copy, as a Hex Stream; or a string with `\\x`.",
            "forms/hex_stream.txt",
        ),
        Form(
            "A shortened request",
            "Values replaced, or lines left out.",
            "forms/shortened.txt",
        ),
    ),
    "Logs": (
        Form(
            "websockets",
            "`logging.basicConfig(level=logging.DEBUG)`, in a client or a server.",
            "forms/websockets.txt",
        ),
        Form(
            "websockets before 9",
            "The same, with all fields in one line.",
            "forms/websockets_8.txt",
        ),
        Form(
            "JSON lines",
            "Of Docker, Kubernetes, or a logger: one object a line.",
            "forms/json_lines.txt",
        ),
        Form(
            "uvicorn",
            "`uvicorn --log-level debug`, or `trace`, where it uses websockets.",
            "forms/uvicorn.txt",
        ),
        Form(
            "websocket-client",
            "`websocket.enableTrace(True)`.",
            "forms/websocket_client.txt",
        ),
        Form(
            "Node.js",
            "`console.log(req._header)` of a request of `http` or `ws`.",
            "forms/node_header.txt",
        ),
        Form(
            "Java",
            "`java -Djdk.httpclient.HttpClient.log=headers,requests`.",
            "forms/java_log.txt",
        ),
        Form(
            "OkHttp",
            "HttpLoggingInterceptor, with the level HEADERS; Android's logcat.",
            "forms/okhttp.txt",
        ),
        Form("Ktor", "`install(Logging)`, with the level HEADERS.", "forms/ktor.txt"),
        Form("Netty", "`wiretap(true)`, or a LoggingHandler.", "forms/netty.txt"),
        Form(
            "Arduino",
            "The serial monitor; WebSockets for Arduino with DEBUG_WEBSOCKETS.",
            "field/E04_arduino_serial.txt",
        ),
        Form(
            "nginx",
            "`error_log /var/log/nginx/error.log debug;`; this is what nginx sends on.",
            "field/E17_nginx_debug_log.txt",
        ),
        Form("HAProxy", "`haproxy -d -f haproxy.cfg`.", "forms/haproxy_debug.txt"),
        Form("Envoy", "`--log-level debug`; Istio, too.", "forms/envoy.txt"),
        Form(
            "Some lines of a log",
            "The request line was not copied, or `grep` has left it out.",
            "forms/log_lines.txt",
        ),
        Form(
            "nginx, by grep",
            "`grep 'http header: ' error.log`.",
            "forms/nginx_debug_grep.txt",
        ),
    ),
    "Browsers": (
        Form(
            "Copy as cURL (bash)",
            "Network panel, right click on the request, Copy.",
            "forms/curl_bash.txt",
            "sh",
        ),
        Form("Copy as cURL (cmd)", "The same, on Windows.", "forms/curl_cmd.txt"),
        Form("Copy as fetch", "The same menu.", "field/E05_copy_as_fetch.txt", "js"),
        Form("Copy as PowerShell", "The same menu.", "forms/powershell.txt"),
        Form(
            "A HAR file",
            "Network panel, Export HAR; filter it for WS first.",
            "forms/har.txt",
            "json",
        ),
        Form(
            "An entry of a HAR file",
            "Cut out of it.",
            "field/E14c_har_single_entry.txt",
        ),
        Form(
            "The header block",
            "Network panel, Headers.",
            "field/E06_devtools_request_url_block.txt",
        ),
        Form(
            "The panel in another language",
            "Ten languages of DevTools are known.",
            "forms/devtools_german.txt",
        ),
        Form(
            "Provisional headers",
            "What the panel shows of a request that got no response.",
            "forms/provisional.txt",
        ),
        Form(
            "Headers over HTTP/2",
            "The panel, with names and values in alternate lines.",
            "forms/http2.txt",
        ),
        Form(
            "net-export",
            "`chrome://net-export`, with raw bytes or without.",
            "field/E14b_netexport_json.txt",
        ),
        Form(
            "The net log viewer",
            "An event of such a log, as the viewer shows it.",
            "field/E14_netlog_viewer.txt",
        ),
        Form(
            "The debugging protocol",
            "`Network.webSocketWillSendHandshakeRequest`, in Puppeteer or Playwright.",
            "forms/cdp.txt",
        ),
        Form("Postman", "The console of Postman.", "field/E13c_postman_console.txt"),
    ),
    "What programs print": (
        Form(
            "An ASGI scope",
            "`print(scope)` in an application.",
            "field/E10_asgi_scope.txt",
        ),
        Form("Starlette, FastAPI", "`print(request.headers)`.", "forms/starlette.txt"),
        Form("Django", "`print(request.headers)`.", "forms/django.txt"),
        Form(
            "Django's META, a WSGI environ",
            "`print(request.META)`, `print(environ)`.",
            "forms/wsgi.txt",
        ),
        Form("aiohttp", "`print(request.headers)`.", "forms/aiohttp_server.txt"),
        Form(
            "aiohttp, a client",
            "`print(repr(error))` of a WSServerHandshakeError.",
            "forms/aiohttp_client.txt",
        ),
        Form(
            "Node.js, a server",
            "`console.log(req.headers)`.",
            "field/E08_node_headers_object.txt",
        ),
        Form(
            "Node.js, a client",
            "`console.log(req.getHeaders())`.",
            "forms/node_getheaders.txt",
        ),
        Form("JSON", "Of any program.", "field/E08b_json_headers.txt", "json"),
        Form("Go, a map", "`fmt.Println(r.Header)`.", "forms/go_map.txt"),
        Form("Go, a request", '`fmt.Printf("%+v", r)`.', "forms/go_plus.txt"),
        Form("Go, with types", '`fmt.Printf("%#v", r.Header)`.', "forms/go_sharp.txt"),
        Form(
            "Go, line by line",
            "A loop over `r.Header`, with `fmt` or `log`.",
            "forms/go_log.txt",
        ),
        Form(
            "Names and values",
            "A loop of another program.",
            "field/E09_go_key_equals_value.txt",
        ),
        Form(
            "Java, a map",
            "`System.out.println(headers.entrySet())`.",
            "forms/java_map.txt",
        ),
        Form("Java, line by line", "A loop over the map.", "forms/java_lines.txt"),
        Form("PHP", "`print_r(getallheaders())`.", "forms/php.txt"),
        Form("PHP, $_SERVER", "`print_r($_SERVER)`.", "forms/php_server.txt"),
        Form(".NET", "A loop over `Request.Headers`.", "forms/dotnet.txt"),
        Form("Dart", "`print(headers)`.", "forms/dart.txt"),
        Form("Erlang", "`cowboy_req:headers(Req)`; Elixir, too.", "forms/erlang.txt"),
        Form("Objective-C, Swift", "`NSLog`, `print`.", "forms/objc.txt"),
        Form(
            "AWS API Gateway",
            "The event of `$connect`.",
            "forms/api_gateway.txt",
            "json",
        ),
        Form("A table", "Markdown, tabs, or aligned columns.", "forms/table.txt"),
    ),
}


def lines() -> dict[str, list[tuple[str, str]]]:
    """Return the lines without a request: in sections, who writes it, and the line."""
    text = (_BESIDE / "forms" / "lines.txt").read_text("utf-8")
    sections = {}
    for section in text.removeprefix("## ").split("\n## "):
        title, *rows = section.strip().split("\n")
        parted = [row.partition(": ") for row in rows]
        sections[title] = [(who, line) for who, _, line in parted]
    return sections
