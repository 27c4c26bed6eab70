"""TLS: what was agreed on, or why it failed."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import pytest

from tests.support.cli_fakes import serving, talking
from tests.support.tls import certify
from ws_handshake.cli.client.dial import BlockedError, Deadline, connect, resolve
from ws_handshake.cli.client.tls import (
    HTTP1,
    HTTP2,
    Certificate,
    certificate_of,
    context_for,
    failed,
    failure_of,
    secure,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_what_was_agreed_on_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = certify(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.path))
    with serving(talking(), made) as port:
        deadline = Deadline(10)
        addresses = resolve("127.0.0.1", port, deadline)
        with connect(addresses, deadline).wire as wire:
            secured = secure(wire, "127.0.0.1", (HTTP2, HTTP1))
        with connect(addresses, deadline).wire as wire:
            unchecked = secure(wire, "127.0.0.1", (HTTP1,), checked=False)

    assert (secured.version, secured.chosen) == ("TLSv1.3", None)
    assert secured.offered == ("h2", "http/1.1")
    assert secured.cipher.startswith("TLS_")
    assert secured.certificate is not None
    assert secured.certificate.names == ("127.0.0.1",)
    assert unchecked.certificate is None


def test_a_certificate_that_is_not_trusted_ends_the_probe(tmp_path: Path) -> None:
    with serving(talking(), certify(tmp_path)) as port:
        deadline = Deadline(10)
        addresses = resolve("127.0.0.1", port, deadline)
        with (
            connect(addresses, deadline).wire as wire,
            pytest.raises(BlockedError, match="certificate_untrusted"),
        ):
            secure(wire, "127.0.0.1", (HTTP1,))


def test_a_context_checks_certificates_unless_told_not_to() -> None:
    checked = context_for((HTTP1,))
    unnamed = context_for((HTTP1,), named=False)
    unchecked = context_for((HTTP1,), checked=False)

    assert (checked.verify_mode, checked.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert (unnamed.verify_mode, unnamed.check_hostname) == (ssl.CERT_REQUIRED, False)
    assert (unchecked.verify_mode, unchecked.check_hostname) == (ssl.CERT_NONE, False)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (9, "certificate_expired"),
        (10, "certificate_expired"),
        (18, "certificate_untrusted"),
        (20, "certificate_untrusted"),
        (62, "certificate_wrong_name"),
        (64, "certificate_wrong_name"),
    ],
)
def test_openssls_numbers_are_named(number: int, code: str) -> None:
    error = ssl.SSLCertVerificationError(1, "failed")
    error.verify_code, error.verify_message = number, "as openssl \x1b says it."
    found = failure_of(error)

    assert (found.kind.code, found.seen) == (code, "as openssl \\x1b says it")


@pytest.mark.parametrize(
    ("error", "code", "seen"),
    [
        (TimeoutError(), "tls_failed", "no response"),
        (
            ssl.SSLError(1, "[SSL] tlsv1 alert no application protocol (_ssl.c:1006)"),
            "http2_chosen",
            "tlsv1 alert no application protocol",
        ),
        (
            ssl.SSLError(
                1, "[SSL: UNSUPPORTED_PROTOCOL] unsupported protocol (_ssl.c:9)"
            ),
            "tls_failed",
            "unsupported protocol",
        ),
    ],
)
def test_a_failure_is_named(error: OSError, code: str, seen: str) -> None:
    found = failure_of(error)

    assert (found.kind.code, found.seen) == (code, seen)


FIXES = [
    ("tlsv13 alert certificate required", "The server wants a certificate of the"),
    ("sslv3 alert bad certificate", "The server wants a certificate of the client"),
    ("tlsv1 alert protocol version", "The server's versions of TLS are too old"),
    ("tlsv1 unrecognized name", "The server has no certificate for this host name"),
    ("tlsv1 alert internal error", "The server may have no certificate for this"),
    ("sslv3 alert handshake failure", "The server takes none of the ciphers"),
    ("wrong version number", "Check host and port: no TLS is spoken there."),
    ("unexpected eof while reading", "Try openssl s_client -connect HOST:PORT"),
]


@pytest.mark.parametrize(("seen", "fix"), FIXES)
def test_what_openssl_says_may_show_what_to_do(seen: str, fix: str) -> None:
    found = failed(seen)

    assert (found.kind.code, found.seen) == ("tls_failed", seen)
    assert found.fix.startswith(fix)


SUBJECT = ((("commonName", "old.example"),),)
ISSUER = ((("countryName", "XX"),), (("organizationName", "Trust \x07 us"),))


def test_a_certificate_is_read_from_what_ssl_returns() -> None:
    fields = {
        "subject": SUBJECT,
        "issuer": ISSUER,
        "notAfter": "Jan  1 00:00:00 2030 GMT",
        "subjectAltName": (("DNS", "a.example"), ("IP Address", "127.0.0.1")),
    }
    certificate = certificate_of(fields)

    assert str(certificate) == (
        "certificate for a.example, 127.0.0.1, issued by Trust \\x07 us, valid until "
        "Jan  1 00:00:00 2030 GMT"
    )


def test_a_certificate_without_alternative_names_is_for_its_common_name() -> None:
    fields = {"subject": SUBJECT, "issuer": SUBJECT, "notAfter": "then"}

    assert certificate_of(fields) == Certificate(
        ("old.example",), "old.example", "then"
    )


def test_a_certificate_may_say_nothing_at_all() -> None:
    assert certificate_of({"notAfter": "then"}) == Certificate(("?",), "?", "then")
    assert certificate_of({}) is None
    assert certificate_of(None) is None


def test_of_many_names_the_first_few_are_reported() -> None:
    names = tuple("abcdef")

    assert Certificate(names, "x", "y").some_names() == "a, b, c, d and 2 more"
    assert Certificate(names[:4], "x", "y").some_names() == "a, b, c, d"


def test_with_a_file_of_certificates_only_those_are_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ours", "other"):
        (tmp_path / name).mkdir()
    ours, other = certify(tmp_path / "ours"), certify(tmp_path / "other")
    monkeypatch.setenv("SSL_CERT_FILE", str(ours.path))
    with serving(talking(), ours) as port:
        deadline = Deadline(10)
        addresses = resolve("127.0.0.1", port, deadline)
        with connect(addresses, deadline).wire as wire:
            trusted = secure(wire, "127.0.0.1", (HTTP1,), cacert=str(ours.path))
        with (
            connect(addresses, deadline).wire as wire,
            pytest.raises(BlockedError, match="certificate_untrusted"),
        ):
            secure(wire, "127.0.0.1", (HTTP1,), cacert=str(other.path))

    assert trusted.certificate is not None
