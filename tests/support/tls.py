"""Certificates for 127.0.0.1, right and wrong, and contexts that trust them."""

from __future__ import annotations

import ssl
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.support.needed import program

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# RFC 7301 section 6, RFC 9113 section 3.2
HTTP1, HTTP2 = "http/1.1", "h2"

_NEW_KEY = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
_NAME = "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
_SIGN = "ca -batch -config ca.conf -selfsign -notext -keyfile key.pem -in request.pem"
_CONFIGURATION = """\
[ca]
default_ca = own
[own]
database = index.txt
new_certs_dir = .
default_md = sha256
default_days = 2
policy = any
rand_serial = yes
x509_extensions = names
[any]
commonName = supplied
[names]
subjectAltName = {names}
"""
_IN_2020 = "-startdate 20200101000000Z -enddate 20200201000000Z"


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate for 127.0.0.1, and its key."""

    path: Path
    key: Path

    def trusted(self, *protocols: str) -> ssl.SSLContext:
        """Return a client's context that trusts it and offers these by ALPN."""
        return trusting(self.path, *protocols)


def trusting(certificate: Path, *protocols: str) -> ssl.SSLContext:
    """Return a client's context that trusts a certificate and offers these by ALPN."""
    context = ssl.create_default_context(cafile=certificate)
    if protocols:
        context.set_alpn_protocols(protocols)
    return context


def certify(directory: Path) -> Certificate:
    """Make a certificate with openssl."""
    made = Certificate(directory / "cert.pem", directory / "key.pem")
    _openssl(
        f"req -x509 {_NEW_KEY} -days 2 {_NAME} -keyout key.pem -out cert.pem".split(),
        directory,
    )
    return made


def certified(directory: Path, names: str, *, expired: bool = False) -> Certificate:
    """Make a certificate for names such as `DNS:a.example,IP:127.0.0.1`."""
    directory.mkdir()
    text = _CONFIGURATION.format(names=names)
    (directory / "ca.conf").write_text(text, encoding="utf-8")
    (directory / "index.txt").touch()
    dates = _IN_2020.split() if expired else []
    subject = ["-subj", "/CN=made-for-a-test"]
    out = ["-keyout", "key.pem", "-out", "request.pem"]
    _openssl([*f"req -new {_NEW_KEY}".split(), *subject, *out], directory)
    _openssl([*_SIGN.split(), *dates, "-out", "cert.pem"], directory)
    return Certificate(directory / "cert.pem", directory / "key.pem")


def _openssl(arguments: Sequence[str], directory: Path) -> None:
    subprocess.run(
        [program("openssl"), *arguments], cwd=directory, check=True, capture_output=True
    )
