"""The catalogue: Upgrade and Connection."""

from __future__ import annotations

from ws_handshake.cli.conformance.case import (
    CONNECTION,
    KEY,
    UPGRADE,
    VALID,
    VERSION,
    Template,
    accepted,
    rejected,
)

_LIST = "RFC 9110 section 7.8: a list, in letters of any case"
_TOKENS = "RFC 9110 section 7.6.1: a list, in letters of any case"
_ONE_LIST = "RFC 9110 section 5.3: several lines are one list"


def _upgrade(*values: bytes) -> Template:
    return VALID.but(UPGRADE, *values)


def _connection(*values: bytes) -> Template:
    return VALID.but(CONNECTION, *values)


UPGRADES = (
    *accepted(
        _LIST,
        {
            "upgrade_camel_case": ("Upgrade is `WebSocket`.", _upgrade(b"WebSocket")),
            "upgrade_first_of_list": (
                "Upgrade is `websocket, foo`.",
                _upgrade(b"websocket, foo"),
            ),
            "upgrade_last_of_list": (
                "Upgrade is `foo, websocket`.",
                _upgrade(b"foo, websocket"),
            ),
            "upgrade_beside_versions": (
                "Upgrade is `foo/1,websocket, bar/2.0`.",
                _upgrade(b"foo/1,websocket, bar/2.0"),
            ),
            "upgrade_empty_elements": (
                "Upgrade has empty elements around the name.",
                _upgrade(b", websocket,,"),
            ),
            "upgrade_tabs": ("Upgrade has tabs around it.", _upgrade(b"\twebsocket\t")),
        },
    ),
    *accepted(
        _ONE_LIST,
        {
            "upgrade_two_lines": (
                "Two Upgrade lines both say websocket.",
                _upgrade(b"websocket", b"websocket"),
            ),
            "upgrade_first_line": (
                "The first of two Upgrade lines says websocket.",
                _upgrade(b"websocket", b"foo"),
            ),
            "upgrade_second_line": (
                "The second of two Upgrade lines says websocket.",
                _upgrade(b"foo", b"websocket"),
            ),
        },
    ),
    *rejected(
        "upgrade_missing",
        {"upgrade_missing": ("There is no Upgrade.", VALID.without(UPGRADE))},
    ),
    *rejected(
        "upgrade_not_websocket",
        {
            "upgrade_empty": ("Upgrade is empty.", _upgrade(b"")),
            "upgrade_other": ("Upgrade is `foo`.", _upgrade(b"foo")),
            "upgrade_version": (
                "Upgrade is `websocket/13`.",
                _upgrade(b"websocket/13"),
            ),
            "upgrade_longer": ("Upgrade is `websocket2`.", _upgrade(b"websocket2")),
            "upgrade_inside": ("Upgrade is `xwebsockets`.", _upgrade(b"xwebsockets")),
            "upgrade_word_behind": (
                "Upgrade is `websocket now`.",
                _upgrade(b"websocket now"),
            ),
            "upgrade_quoted": ("Upgrade is quoted.", _upgrade(b'"websocket"')),
            "upgrade_parameter": (
                "Upgrade is `websocket;q=1`.",
                _upgrade(b"websocket;q=1"),
            ),
            "upgrade_semicolon": (
                "Upgrade is `foo; websocket`.",
                _upgrade(b"foo; websocket"),
            ),
            "upgrade_kelvin": (
                "Upgrade has a KELVIN SIGN for its k.",
                _upgrade("websoc\N{KELVIN SIGN}et".encode()),
            ),
            "upgrade_nbsp": (
                "A no-break space follows the name in Upgrade.",
                _upgrade(b"websocket\xa0"),
            ),
            "upgrade_byte_ff": (
                "The byte 0xff follows the name in Upgrade.",
                _upgrade(b"websocket\xff"),
            ),
        },
    ),
)

CONNECTIONS = (
    *accepted(
        _TOKENS,
        {
            "connection_small": ("Connection is `upgrade`.", _connection(b"upgrade")),
            "connection_firefox": (
                "Connection is `keep-alive, Upgrade`, as in Firefox.",
                _connection(b"keep-alive, Upgrade"),
            ),
            "connection_without_space": (
                "Connection is `keep-alive,Upgrade`.",
                _connection(b"keep-alive,Upgrade"),
            ),
            "connection_tabs": (
                "Connection has tabs around the comma.",
                _connection(b"keep-alive\t,\tUpgrade"),
            ),
            "connection_empty_elements": (
                "Connection has empty elements around the token.",
                _connection(b",, Upgrade,"),
            ),
        },
    ),
    *accepted(
        _ONE_LIST,
        {
            "connection_first_line": (
                "The first of two Connection lines says Upgrade.",
                _connection(b"Upgrade", b"keep-alive"),
            ),
            "connection_second_line": (
                "The second of two Connection lines says Upgrade.",
                _connection(b"keep-alive", b"Upgrade"),
            ),
        },
    ),
    *rejected(
        "connection_missing",
        {"connection_missing": ("There is no Connection.", VALID.without(CONNECTION))},
    ),
    *rejected(
        "connection_not_upgrade",
        {
            "connection_empty": ("Connection is empty.", _connection(b"")),
            "connection_keep_alive": (
                "Connection is `keep-alive`.",
                _connection(b"keep-alive"),
            ),
            "connection_close": ("Connection is `close`.", _connection(b"close")),
            "connection_websocket": (
                "Connection is `websocket`.",
                _connection(b"websocket"),
            ),
            "connection_longer": (
                "Connection is `upgrade2`.",
                _connection(b"upgrade2"),
            ),
            "connection_two_words": (
                "Connection is `keep-alive Upgrade`.",
                _connection(b"keep-alive Upgrade"),
            ),
            "connection_semicolon": (
                "Connection is `keep-alive; Upgrade`.",
                _connection(b"keep-alive; Upgrade"),
            ),
            "connection_quoted": ("Connection is quoted.", _connection(b'"Upgrade"')),
            "connection_nbsp": (
                "A no-break space precedes the token in Connection.",
                _connection(b"\xa0Upgrade"),
            ),
        },
    ),
    *rejected(
        "upgrade_missing connection_missing",
        {
            "upgrade_and_connection_missing": (
                "There is neither Upgrade nor Connection.",
                VALID.without(UPGRADE, CONNECTION),
            )
        },
    ),
    *rejected(
        "connection_missing key_missing version_missing",
        {
            "upgrade_alone": (
                "There is an Upgrade and nothing else.",
                VALID.without(CONNECTION, KEY, VERSION),
            )
        },
    ),
)

CASES = (*UPGRADES, *CONNECTIONS)
