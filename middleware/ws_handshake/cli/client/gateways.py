"""The programs that respond by themselves in front of a server."""

from __future__ import annotations

from ws_handshake.cli.client.writer import OTHERS, Mark, Writer, each, pages

_BEHIND_IT = each(
    (502, 503, 504),
    "Check that the server behind it runs and responds; read both logs.",
)
_CREDENTIALS = "Send the credentials: -H 'Authorization: Basic ...'."
_LOOKED_FOR_A_FILE = "{0}: add a {1} for this path: {0} looked for a file."
_OVER_TLS = "Use wss://: this path is served over TLS only."

# What Envoy writes; what it passes on has the time that the server took.
_ENVOY = (
    b"upstream connect error or disconnect/reset",
    b"no healthy upstream",
    b"upstream request timeout",
    b"rbac: access denied",
    b"jwt is missing",
    b"jwt verification fails",
    b"local_rate_limited",
)
_PASSED_ON = b"x-envoy-upstream-service-time"

GATEWAYS = (
    Writer(
        name="Linkerd",
        marks=(Mark(field=b"l5d-proxy-error"),),
        fixes={OTHERS: "Linkerd: check that the pods are ready, and its policies."},
    ),
    Writer(
        name="Istio",
        marks=(
            *pages(*_ENVOY, server=b"istio-envoy"),
            Mark(server=b"istio-envoy", status=404, without=_PASSED_ON, empty=True),
        ),
        fixes={
            401: "Istio: send the token that its RequestAuthentication demands.",
            403: "Istio: look for the AuthorizationPolicy that denies it.",
            404: "Istio: add a route for this host and path to the VirtualService.",
            429: "Istio: connect less often, or change its rate limit.",
            OTHERS: "Istio: check that the pods are ready, and that the port of the "
            "Service is called http.",
        },
    ),
    Writer(
        name="Envoy",
        marks=(
            *pages(*_ENVOY),
            Mark(server=b"envoy", status=404, without=_PASSED_ON, empty=True),
        ),
        fixes={
            401: "Envoy: send the token that its jwt_authn filter demands.",
            403: "Envoy: look for the policy of its RBAC filter that denies it.",
            404: "Envoy: add a route for this host and path.",
            429: "Envoy: connect less often, or change its rate limit.",
            OTHERS: "Envoy: check the cluster's endpoints and their health.",
        },
    ),
    Writer(
        name="Kong",
        marks=(Mark(server=b"kong/"),),
        fixes={
            401: "Kong: send the credentials that its plugin asks for.",
            403: "Kong: look for the plugin that forbids it (acl, ip-restriction).",
            404: "Kong: add a route for this host and path.",
            426: _OVER_TLS,
            429: "Kong: connect less often, or change its rate limit.",
            OTHERS: "Kong: check the upstream's targets and their health.",
        },
    ),
    Writer(
        name="APISIX",
        marks=pages(b'"error_msg":', b"<center>openresty", server=b"apisix"),
        fixes={
            404: "APISIX: add a route for this host and path, with enable_websocket: "
            "true.",
            OTHERS: "APISIX: check the route's upstream and its nodes; see the "
            "error.log.",
        },
    ),
    Writer(
        name="Kubernetes Ingress",
        marks=pages(b"default backend - 404"),
        fixes={OTHERS: "Kubernetes: add this host and path to an Ingress."},
    ),
    Writer(
        name="Traefik",
        marks=pages(b"no available server\n"),
        fixes={OTHERS: "Traefik: check the servers of the service, and their health."},
    ),
    Writer(
        name="nginx",
        marks=pages(
            b"<center>nginx",
            b"<center>openresty",
            b"<center>tengine",
            b"<title>welcome to nginx!</title>",
        ),
        fixes={
            200: "nginx: add a server block for this host name, with a location with "
            "proxy_pass: nginx showed its first page.",
            401: _CREDENTIALS,
            403: "nginx: check the deny, allow and auth lines of the location.",
            **each(
                (404, 405),
                _LOOKED_FOR_A_FILE.format("nginx", "location with proxy_pass"),
            ),
            **each((413, 414), "Send fewer or smaller headers, and a short URL."),
            429: "nginx: connect less often, or change its limit_req.",
            **_BEHIND_IT,
            OTHERS: "nginx: its error.log says why.",
        },
    ),
    Writer(
        name="Apache",
        marks=pages(
            b"<address>apache",
            b"the requested url was not found on this server.",
            b"you don't have permission to access this resource.",
            b"your browser sent a request that this server could not understand.",
            b"can only be\nretrieved using ssl.",
            b"can only be retrieved using ssl.",
            b"unable to service your\nrequest due to maintenance downtime",
            b"the proxy server received an invalid\r\nresponse from an upstream "
            b"server.",
            b"the gateway did not receive a timely response\nfrom the upstream server",
            b"the server encountered an internal error or\nmisconfiguration",
            b"this error was generated by mod_security",
        ),
        fixes={
            401: _CREDENTIALS,
            403: "Apache: check the Require lines for this path.",
            404: _LOOKED_FOR_A_FILE.format("Apache", "ProxyPass"),
            406: "Apache: its error.log names the rule of ModSecurity that matched.",
            421: "Apache: use one host name in the URL, Host and the certificate.",
            426: _OVER_TLS,
            **_BEHIND_IT,
            OTHERS: "Apache: its error.log says why.",
        },
    ),
    Writer(
        name="HAProxy",
        marks=pages(
            b"no server is available to handle this request.",
            b"the server didn't respond in time.",
            b"the server returned an invalid or incomplete response.",
            b"request forbidden by administrative rules.",
            b"your browser sent an invalid request.",
            b"your browser didn't send a complete request in time.",
            b"</h1>\nyou have sent too many requests in a given amount of time.",
            b"</h1>\nyou need a valid user and password to access this content.",
            b"</h1>\nthe resource could not be found.",
            b"</h1>\nan internal server error occurred.",
        ),
        fixes={
            401: _CREDENTIALS,
            403: "HAProxy: look for the http-request deny rule that matches.",
            404: "HAProxy: look for the rule that returns 404 for this path.",
            408: "HAProxy: the request was not complete in time; see timeout "
            "http-request.",
            429: "HAProxy: connect less often, or change the rule that limits it.",
            OTHERS: "HAProxy: check the backend's servers and timeouts; see its log.",
        },
    ),
    Writer(
        name="Caddy",
        marks=(Mark(server=b"caddy", without=b"via", empty=True),),
        fixes={
            **_BEHIND_IT,
            OTHERS: "Caddy: add a reverse_proxy for this host and path: nothing in the "
            "Caddyfile takes it.",
        },
    ),
    Writer(
        name="Varnish",
        marks=pages(b"<p>varnish cache server</p>"),
        fixes={
            OTHERS: "Varnish: check the backend, and return (pipe) for WebSockets in "
            "VCL.",
        },
    ),
    Writer(
        name="lighttpd",
        marks=pages(
            *(b"<h1>404 not found</h1>", b"<h1>403 forbidden</h1>"),
            *(b"<h1>502 bad gateway</h1>", b"<h1>503 service unavailable</h1>"),
            *(b"<h1>504 gateway timeout</h1>",),
            server=b"lighttpd",
        ),
        fixes={
            **_BEHIND_IT,
            OTHERS: "lighttpd: add a proxy.server for this path, with proxy.header = "
            '( "upgrade" => "enable" ).',
        },
    ),
    Writer(
        name="LiteSpeed",
        marks=pages(b"powered by litespeed web server"),
        fixes={OTHERS: "LiteSpeed: add a Web Socket Proxy for this path."},
    ),
    Writer(
        name="IIS",
        marks=pages(
            b"while acting as a gateway or proxy server",
            b"http error 502.5",
            b"404 - file or directory not found.",
            server=b"microsoft-iis",
        ),
        fixes={
            404: _LOOKED_FOR_A_FILE.format("IIS", "rewrite rule to the server"),
            OTHERS: "IIS: check that the server behind it starts and responds; read "
            "both logs.",
        },
    ),
    Writer(
        name="Microsoft HTTP.sys",
        marks=(Mark(server=b"microsoft-httpapi"),),
        fixes={
            OTHERS: "Add the host name to the bindings of the site, or to UrlPrefixes; "
            "switch on Windows' feature WebSocket Protocol.",
        },
    ),
    Writer(
        name="F5 BIG-IP",
        marks=pages(b"the requested url was rejected. please consult"),
        fixes={OTHERS: "F5: look the support ID up, and allow this path."},
    ),
)
