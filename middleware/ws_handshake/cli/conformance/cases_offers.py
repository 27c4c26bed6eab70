"""The catalogue: subprotocols, extensions and Origin."""

from __future__ import annotations

from ws_handshake.cli.conformance.case import (
    EXTENSIONS,
    ORIGIN,
    PROTOCOL,
    VALID,
    Template,
    accepted,
    either,
    rejected,
)

_DEFLATE = b"permessage-deflate"


def _protocol(*values: bytes) -> Template:
    return VALID.but(PROTOCOL, *values)


def _extensions(*values: bytes) -> Template:
    return VALID.but(EXTENSIONS, *values)


SUBPROTOCOLS = (
    *accepted(
        "RFC 6455 sections 4.3 and 11.3.4: a list of tokens, in one line or more",
        {
            "subprotocol_one": (
                "One subprotocol is offered.",
                _protocol(b"{protocol}"),
            ),
            "subprotocol_two": (
                "Two subprotocols are offered.",
                _protocol(b"{protocol}, other"),
            ),
            "subprotocol_two_lines": (
                "Two subprotocols are offered in two lines.",
                _protocol(b"{protocol}", b"other"),
            ),
            "subprotocol_tabs": (
                "Two subprotocols are offered with tabs around the comma.",
                _protocol(b"{protocol}\t,\tother"),
            ),
            "subprotocol_empty_elements": (
                "The list of subprotocols has empty elements.",
                _protocol(b",, {protocol},"),
            ),
            "subprotocol_signs": (
                "A subprotocol has every sign that a token may have.",
                _protocol(b"{protocol}, !#$%&'*+-.^_`|~09azAZ"),
            ),
        },
    ),
    *either(
        "RFC 6455 section 4.1(10): the client MUST NOT repeat one",
        {
            "subprotocol_twice": (
                "The same subprotocol is offered twice.",
                _protocol(b"{protocol}, {protocol}"),
            )
        },
    ),
    *rejected(
        "subprotocol_malformed",
        {
            "subprotocol_empty": ("The list of subprotocols is empty.", _protocol(b"")),
            "subprotocol_space": (
                "A subprotocol has a space inside.",
                _protocol(b"chat room"),
            ),
            "subprotocol_second_space": (
                "The second subprotocol has a space inside.",
                _protocol(b"{protocol}, chat room"),
            ),
            "subprotocol_second_line": (
                "The second line of subprotocols has a space inside a name.",
                _protocol(b"{protocol}", b"chat room"),
            ),
            **{
                f"subprotocol_{name}": (
                    f"A subprotocol has the separator {sign}.",
                    _protocol(b"chat%sroom" % sign.encode()),
                )
                for name, sign in {"slash": "/", "equals": "=", "brace": "{"}.items()
            },
            "subprotocol_quoted": ("A subprotocol is quoted.", _protocol(b'"chat"')),
            "subprotocol_json": (
                "The subprotocols are a JSON list.",
                _protocol(b'["chat"]'),
            ),
            "subprotocol_nbsp": (
                "A no-break space follows a subprotocol.",
                _protocol(b"chat\xc2\xa0"),
            ),
        },
        rfc="RFC 6455 sections 4.1(10) and 4.3",
    ),
)

EXTENSION_LISTS = (
    *accepted(
        "RFC 6455 sections 9.1 and 11.3.2: a list of extensions",
        {
            "extension_compression": (
                "Compression is offered.",
                _extensions(_DEFLATE),
            ),
            "extension_chrome": (
                "Compression is offered as Chrome writes it.",
                _extensions(_DEFLATE + b"; client_max_window_bits"),
            ),
            "extension_unknown": (
                "An unknown extension is offered.",
                _extensions(b"x-unknown; a=1; b"),
            ),
            "extension_white_space": (
                "There is white space around the equals sign.",
                _extensions(_DEFLATE + b"; server_max_window_bits = 10"),
            ),
            "extension_quoted": (
                "A parameter's value is quoted.",
                _extensions(_DEFLATE + b'; server_max_window_bits="10"'),
            ),
            "extension_two_lines": (
                "Extensions are offered in two lines.",
                _extensions(b"x-unknown", _DEFLATE),
            ),
        },
    ),
    *accepted(
        "RFC 7692 section 7.1: a server MUST decline the offer, not the handshake",
        {
            "extension_window_of_letters": (
                "Compression is offered with a window of letters.",
                _extensions(_DEFLATE + b"; server_max_window_bits=foo"),
            ),
            "extension_window_too_small": (
                "Compression is offered with a window of 7 bits.",
                _extensions(_DEFLATE + b"; server_max_window_bits=7"),
            ),
            "extension_window_too_large": (
                "Compression is offered with a window of 16 bits.",
                _extensions(_DEFLATE + b"; client_max_window_bits=16"),
            ),
            "extension_parameter_unknown": (
                "Compression is offered with an unknown parameter.",
                _extensions(_DEFLATE + b"; level=9"),
            ),
            "extension_flag_with_value": (
                "Compression is offered, and a flag has a value.",
                _extensions(_DEFLATE + b"; client_no_context_takeover=1"),
            ),
        },
    ),
    *either(
        "RFC 6455 section 9.1: a server must fail the connection, maybe after its 101",
        {
            "extension_empty": ("The list of extensions is empty.", _extensions(b"")),
            "extension_open_quote": (
                "The quotes of a value are not closed.",
                _extensions(b'foo; bar="1'),
            ),
        },
    ),
)

ORIGINS = either(
    "RFC 6455 section 10.2: the operator decides on origins",
    {
        "origin_opaque": ("The Origin is null.", VALID.but(ORIGIN, b"null")),
        "origin_twice": (
            "There are two Origins that differ.",
            VALID.but(ORIGIN, b"https://example.com", b"https://example.org"),
        ),
    },
)

CASES = (*SUBPROTOCOLS, *EXTENSION_LISTS, *ORIGINS)
