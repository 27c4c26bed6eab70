"""TLS on the way to a server: what was agreed on, and why it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.cli_fakes import closing, saying, serving, talking, wait
from tests.support.cli_runs import probe, run
from tests.support.tls import certified, certify

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.tls import Certificate


@pytest.fixture(scope="module", name="made")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certify(tmp_path_factory.mktemp("tls"))


@pytest.fixture(name="certificate")
def _trusted(made: Certificate, monkeypatch: pytest.MonkeyPatch) -> Certificate:
    """Let this process trust it, as a user would by SSL_CERT_FILE."""
    monkeypatch.setenv("SSL_CERT_FILE", str(made.path))
    return made


def test_the_step_shows_version_certificate_and_alpn(certificate: Certificate) -> None:
    with serving(talking(), certificate) as port:
        probed = probe(f"wss://127.0.0.1:{port}/ws")
    step = probed.step("tls")

    assert (probed.status, probed.verdict, probed.notes) == (0, "valid", [])
    assert step["version"] == "TLSv1.3"
    assert step["alpn_offered"] == ["http/1.1"]
    assert step["alpn_chosen"] is None
    assert step["certificate"]["names"] == ["127.0.0.1"]
    assert step["result"].startswith(
        "TLSv1.3, certificate for 127.0.0.1, issued by 127.0.0.1, valid until "
    )
    assert step["result"].endswith("; ALPN: offered http/1.1, chosen nothing")


def test_plain_text_on_a_tls_port(certificate: Certificate) -> None:
    with serving(talking(), certificate) as port:
        probed = probe(f"ws://127.0.0.1:{port}/ws")

    assert (probed.status, probed.verdict) == (1, "faulty")
    assert probed.codes == ["plain_on_tls_port"]
    assert probed.fix == "Use wss:// for this port."


@pytest.mark.parametrize(
    "sentence",
    [
        b"<center>The plain HTTP request was sent to HTTPS port</center>",
        b"You're speaking plain HTTP to an SSL-enabled server port.",
        b"Client sent an HTTP request to an HTTPS server.\n",
    ],
)
def test_a_tls_port_that_says_so_itself(sentence: bytes) -> None:
    response = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n" + sentence
    with serving(closing(response)) as port:
        probed = probe(f"ws://127.0.0.1:{port}/ws")

    assert (probed.codes, probed.seen) == (
        ["plain_on_tls_port"],
        "the response says so",
    )


def test_a_tls_alert_instead_of_a_response() -> None:
    with serving(saying(bytes.fromhex("15030100020246"))) as port:
        probed = probe(f"ws://127.0.0.1:{port}/ws")

    assert (probed.codes, probed.seen) == (["plain_on_tls_port"], "a TLS record")


def test_tls_on_a_plain_port() -> None:
    """As uvicorn does it: 400 in plain text."""
    with serving(
        closing(b"HTTP/1.1 400 Bad Request\r\n\r\n"), reads_head=False
    ) as port:
        probed = probe(f"wss://127.0.0.1:{port}/ws")

    assert (probed.status, probed.verdict) == (1, "faulty")
    assert (probed.codes, probed.seen) == (
        *(["tls_on_plain_port"], "it responds in plain HTTP"),
    )


def test_tls_on_a_plain_port_that_waits_for_more(made: Certificate) -> None:
    """As daphne does it: what TLS sends has no end of a head in it."""
    del made
    with serving(saying(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as port:
        probed = probe(f"wss://127.0.0.1:{port}/ws", "--timeout", "2")

    assert probed.codes == ["tls_on_plain_port"]


def test_a_port_that_speaks_neither() -> None:
    with serving(closing(b"220 mail.example ESMTP\r\n"), reads_head=False) as port:
        probed = probe(f"wss://127.0.0.1:{port}/ws", "--timeout", "2")

    assert (probed.status, probed.codes) == (1, ["tls_failed"])
    assert probed.seen == "wrong version number"


def test_a_port_that_says_nothing_at_all() -> None:
    with serving(lambda connection, _: wait(connection)) as port:
        probed = probe(f"wss://127.0.0.1:{port}/ws", "--timeout", "1")

    assert (probed.codes, probed.seen) == (["tls_failed"], "no response")


def test_a_certificate_that_is_not_trusted(made: Certificate) -> None:
    with serving(talking(), made) as port:
        probed = probe(f"wss://127.0.0.1:{port}/ws")

    assert (probed.status, probed.verdict) == (1, "faulty")
    assert probed.codes == ["certificate_untrusted"]
    assert probed.seen == "self-signed certificate"


def test_a_file_of_certificates_is_trusted_at_every_look(made: Certificate) -> None:
    with serving(talking(), made, alpn=("h2", "http/1.1")) as port:
        probed = probe(f"wss://127.0.0.1:{port}/ws", "--cacert", str(made.path))
        named = probe(f"wss://localhost:{port}/ws", "--cacert", str(made.path))

    assert (probed.status, probed.verdict) == (0, "valid")
    assert probed.step("tls")["certificate"]["names"] == ["127.0.0.1"]
    assert (named.codes, named.seen) == (
        ["certificate_wrong_name"],
        "it is for 127.0.0.1",
    )


def test_insecure_accepts_it_and_says_so(made: Certificate) -> None:
    with serving(talking(), made) as port:
        probed = probe(f"wss://127.0.0.1:{port}/ws", "--insecure")

    assert (probed.status, probed.verdict) == (0, "valid")
    assert probed.notes == ["certificate_not_checked"]
    assert probed.step("tls")["certificate"] is None


def test_insecure_changes_nothing_for_a_certificate_that_is_trusted(
    certificate: Certificate,
) -> None:
    with serving(talking(), certificate) as port:
        probed = probe(f"wss://127.0.0.1:{port}/ws", "--insecure")

    assert (probed.verdict, probed.notes) == ("valid", [])


def test_a_certificate_for_another_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = "DNS:a.example,DNS:b.example,DNS:c.example,DNS:d.example,DNS:e.example"
    other = certified(tmp_path / "ca", names)
    monkeypatch.setenv("SSL_CERT_FILE", str(other.path))
    with serving(talking(), other) as port:
        probed = probe(f"wss://127.0.0.1:{port}/ws")

    assert (probed.status, probed.codes) == (1, ["certificate_wrong_name"])
    assert (
        probed.seen == "it is for a.example, b.example, c.example, d.example and 1 more"
    )


def test_a_certificate_that_has_expired(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = certified(tmp_path / "ca", "IP:127.0.0.1", expired=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(old.path))
    with serving(talking(), old) as port:
        probed = probe(f"wss://127.0.0.1:{port}/ws")

    assert (probed.status, probed.codes) == (1, ["certificate_expired"])
    assert probed.seen == "certificate has expired"


def test_a_tls_server_that_takes_the_request_and_closes(
    certificate: Certificate,
) -> None:
    with serving(closing(), certificate) as port:
        probed = probe(f"wss://127.0.0.1:{port}/ws", "--http1.1")

    assert probed.codes == ["closed_without_response"]


def test_the_certificate_reads_like_this(certificate: Certificate) -> None:
    with serving(talking(), certificate) as port:
        done = run("probe", f"wss://127.0.0.1:{port}/ws")

    lines = [line for line in done.out.splitlines() if line.startswith("  tls ")]
    assert "TLSv1.3, certificate for 127.0.0.1" in lines[0]
