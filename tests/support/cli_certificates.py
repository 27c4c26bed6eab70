"""Certificates with something wrong, made by openssl."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from tests.support.needed import program
from tests.support.tls import Certificate

if TYPE_CHECKING:
    from pathlib import Path

_REQUEST = "req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
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


def certified(directory: Path, names: str, *, expired: bool = False) -> Certificate:
    """Make a certificate for names such as `DNS:a.example,IP:127.0.0.1`."""
    directory.mkdir()
    text = _CONFIGURATION.format(names=names)
    (directory / "ca.conf").write_text(text, encoding="utf-8")
    (directory / "index.txt").touch()
    dates = _IN_2020.split() if expired else []
    subject = ["-subj", "/CN=made-for-a-test"]
    out = ["-keyout", "key.pem", "-out", "request.pem"]
    _openssl([*_REQUEST.split(), *subject, *out], directory)
    _openssl([*_SIGN.split(), *dates, "-out", "cert.pem"], directory)
    return Certificate(directory / "cert.pem", directory / "key.pem")


def _openssl(arguments: list[str], directory: Path) -> None:
    subprocess.run(
        [program("openssl"), *arguments], cwd=directory, check=True, capture_output=True
    )
