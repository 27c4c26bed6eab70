"""What is worth a word although it is no fault."""

from __future__ import annotations

from ws_handshake.cli.probe import remarks

REMARKS = [
    remarks.scheme_mapped("https", "wss"),
    remarks.request_faulty("key_missing"),
    remarks.address_failed("::1: connection refused"),
    remarks.certificate_not_checked("self-signed certificate"),
    remarks.messages_came(1),
    remarks.messages_came(1200),
]
SENTENCES = """\
https:// was read as wss://.
With these options the request itself is faulty: key_missing. A server that refuses it \
is right.
Not every address of this host answers (::1: connection refused); a client that tries \
only the first does not connect.
--insecure let a certificate pass that other clients refuse: self-signed certificate.
The server sent a message without being asked.
The server sent 1,200 messages without being asked.
""".splitlines()


def test_each_remark_says_what_was_seen() -> None:
    assert [remark.what for remark in REMARKS] == SENTENCES


def test_each_remark_has_a_code_of_its_own() -> None:
    assert len({remark.code for remark in REMARKS}) == len(REMARKS) - 1
