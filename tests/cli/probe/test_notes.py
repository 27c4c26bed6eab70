"""The notes of a probe."""

from __future__ import annotations

from ws_handshake.cli.probe import notes

NOTES = [
    notes.scheme_mapped("https", "wss"),
    notes.scheme_mapped("", "ws"),
    notes.request_faulty("key_missing"),
    notes.address_failed("::1: connection refused"),
    notes.certificate_not_checked("self-signed certificate"),
    notes.proxy_not_used("https_proxy"),
    notes.messages_came(1),
    notes.messages_came(1200),
]
SENTENCES = """\
https:// was read as wss://.
The URL has no scheme; it was read as ws://.
With these options the request itself is invalid: key_missing. A server that rejects \
it is right.
Not every address of this host can be reached (::1: connection refused); a client that \
tries only the first does not connect.
--insecure accepted a certificate that other clients reject: self-signed certificate.
https_proxy is set here, and the probe uses no proxy: other clients may get through.
The server sent a message on its own.
The server sent 1,200 messages on its own.
""".splitlines()


def test_each_note_says_what_was_seen() -> None:
    assert [note.what for note in NOTES] == SENTENCES


def test_each_note_has_a_code_of_its_own() -> None:
    assert len({note.code for note in NOTES}) == len(NOTES) - 2


def test_what_fails_too_ends_with_what_that_shows() -> None:
    note = notes.fails_too("a_code", "without x", "no_response", ": x is innocent")

    assert (note.code, note.what) == (
        "a_code",
        "Asked once more without x, it fails, too (no_response): x is innocent.",
    )
