"""A server behind TLS on 127.0.0.1, and who is to trust it."""

from __future__ import annotations

import ssl
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.support.needed import program

if TYPE_CHECKING:
    from pathlib import Path

# RFC 7301 section 6, RFC 9113 section 3.2
HTTP1, HTTP2 = "http/1.1", "h2"

_REQUEST = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
_NAME = "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate for 127.0.0.1, and its key."""

    path: Path
    key: Path

    def trusted(self, *protocols: str) -> ssl.SSLContext:
        """Return a client's context that trusts it and offers these by ALPN."""
        context = ssl.create_default_context(cafile=self.path)
        context.set_alpn_protocols(protocols)
        return context


def certify(directory: Path) -> Certificate:
    """Make a certificate with openssl."""
    made = Certificate(directory / "cert.pem", directory / "key.pem")
    files = ["-keyout", str(made.key), "-out", str(made.path)]
    subprocess.run(
        [program("openssl"), *_REQUEST.split(), *_NAME.split(), *files],
        check=True,
        capture_output=True,
    )
    return made
