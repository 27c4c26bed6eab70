"""The catalogue: methods, versions of HTTP, targets and Host."""

from __future__ import annotations

from ws_handshake.cli.conformance.case import (
    CONNECTION,
    HOST,
    UPGRADE,
    VALID,
    Template,
    accepted,
    either,
    rejected,
)

_MALFORMED_TARGET = "RFC 9112 section 3: SHOULD get 400"


def _asked(first: bytes) -> Template:
    return VALID.asked(first)


def _host(*values: bytes) -> Template:
    return VALID.but(HOST, *values)


METHODS = rejected(
    "method_not_get",
    {
        "method_post": ("The method is POST.", _asked(b"POST {path} HTTP/1.1")),
        "method_head": ("The method is HEAD.", _asked(b"HEAD {path} HTTP/1.1")),
        "method_options": (
            "The method is OPTIONS.",
            _asked(b"OPTIONS {path} HTTP/1.1"),
        ),
        "method_unknown": ("The method is BREW.", _asked(b"BREW {path} HTTP/1.1")),
        "method_small": ("The method is `get`.", _asked(b"get {path} HTTP/1.1")),
    },
)

VERSIONS = (
    *rejected(
        "http_version_too_old",
        {
            "http_10": ("The version is HTTP/1.0.", _asked(b"GET {path} HTTP/1.0")),
            "http_10_kept_alive": (
                "The version is HTTP/1.0, and the connection is to be kept alive.",
                _asked(b"GET {path} HTTP/1.0").but(CONNECTION, b"keep-alive, Upgrade"),
            ),
        },
        rfc="RFC 6455 section 4.2.1(1), RFC 9110 section 7.8",
    ),
    *rejected(
        "http_version_too_old host_missing",
        {
            "http_10_without_host": (
                "The version is HTTP/1.0, and there is no Host.",
                _asked(b"GET {path} HTTP/1.0").without(HOST),
            )
        },
    ),
    *rejected(
        "http_version_too_old upgrade_missing connection_not_upgrade",
        {
            "as_nginx_forwards": (
                "The request is as nginx forwards it by default: HTTP/1.0, no Upgrade.",
                _asked(b"GET {path} HTTP/1.0")
                .without(UPGRADE)
                .but(CONNECTION, b"close"),
            )
        },
    ),
    *either(
        "RFC 9110 section 2.5: SHOULD be read as the highest version known",
        {"http_12": ("The version is HTTP/1.2.", _asked(b"GET {path} HTTP/1.2"))},
    ),
    *either(
        "RFC 9112 section 2.3: may get 505",
        {
            "http_20": ("The version is HTTP/2.0.", _asked(b"GET {path} HTTP/2.0")),
        },
    ),
)

TARGETS = (
    *accepted(
        "RFC 9112 section 3.2.2: absolute-form MUST be accepted",
        {
            "target_absolute": (
                "The target is an absolute URL.",
                _asked(b"GET {scheme}://{host}{path} HTTP/1.1"),
            )
        },
    ),
    *either(
        _MALFORMED_TARGET,
        {
            "target_fragment": (
                "The target has a fragment.",
                _asked(b"GET {path}#part HTTP/1.1"),
            ),
            "target_asterisk": ("The target is *.", _asked(b"GET * HTTP/1.1")),
            "target_not_ascii": (
                "The target has bytes beyond ASCII.",
                _asked(b"GET {path}\xc3\xa9 HTTP/1.1"),
            ),
        },
    ),
    *either(
        "RFC 9112 section 3: a target that is too long MUST get a response, with 414",
        {
            "target_of_20_kib": (
                "The target is longer than 20 KiB.",
                _asked(b"GET {path}" + b"a" * 20_480 + b" HTTP/1.1"),
            )
        },
    ),
)

HOSTS = (
    *rejected(
        "host_missing",
        {"host_missing": ("There is no Host.", VALID.without(HOST))},
        rfc="RFC 6455 section 4.2.1(2), RFC 9112 section 3.2",
    ),
    *rejected("host_missing", {"host_empty": ("Host is empty.", _host(b""))}),
    *rejected(
        "host_duplicated",
        {
            "host_twice": (
                "There are two Hosts, which are equal.",
                _host(b"{host}", b"{host}"),
            ),
            "host_twice_differing": (
                "There are two Hosts that differ.",
                _host(b"{host}", b"example.org"),
            ),
            "host_and_an_empty_one": (
                "There are a Host and an empty one.",
                _host(b"{host}", b""),
            ),
        },
    ),
    *rejected(
        "host_malformed",
        {
            "host_with_path": ("Host has a path.", _host(b"{host}/ws")),
            "host_with_user": ("Host has user information.", _host(b"user@{host}")),
            "host_with_scheme": ("Host has a scheme.", _host(b"http://{host}")),
            "host_two_names": ("Host has two names.", _host(b"{host} example.org")),
            "host_port_of_letters": (
                "Host has a port of letters.",
                _host(b"example.org:http"),
            ),
            "host_open_bracket": ("Host has an open bracket.", _host(b"[::1")),
        },
        rfc="RFC 9112 section 3.2, RFC 9110 section 7.2",
    ),
)

CASES = (*METHODS, *VERSIONS, *TARGETS, *HOSTS)
