"""The TLS handshake: what was agreed on, or why it failed."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from ws_handshake.cli.client.dial import BlockedError, reason_of
from ws_handshake.cli.client.failures import (
    CERTIFICATE_EXPIRED,
    CERTIFICATE_UNTRUSTED,
    CERTIFICATE_WRONG_NAME,
    HTTP2_CHOSEN,
    TLS_FAILED,
    Failure,
)
from ws_handshake.cli.screen import shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ws_handshake.cli.client.dial import Wire

# RFC 7301 section 6, RFC 9113 section 3.2
HTTP1, HTTP2 = "http/1.1", "h2"

CERTIFICATE_FAILURES = frozenset(
    [CERTIFICATE_EXPIRED, CERTIFICATE_WRONG_NAME, CERTIFICATE_UNTRUSTED]
)

# The numbers are those of OpenSSL's x509_vfy.h.
_BY_NUMBER = {
    9: CERTIFICATE_EXPIRED,  # not yet valid
    10: CERTIFICATE_EXPIRED,
    62: CERTIFICATE_WRONG_NAME,
    64: CERTIFICATE_WRONG_NAME,  # an IP address
}
_MOST_NAMES = 4

_WANTS_CERTIFICATE = (
    "The server wants a certificate of the client, and the probe has none: try curl "
    "--cert."
)
_NO_COMMON_VERSION = (
    "The server's versions of TLS are too old for this machine: switch TLS 1.2 on."
)
#: What to do by the words of OpenSSL, most for an alert (RFC 8446 section 6.2).
_FIXES = {
    "certificate required": _WANTS_CERTIFICATE,
    "bad certificate": _WANTS_CERTIFICATE,
    "protocol version": _NO_COMMON_VERSION,
    "unsupported protocol": _NO_COMMON_VERSION,
    "unrecognized name": "The server has no certificate for this host name: check it.",
    "internal error": "The server may have no certificate for this host name: read its "
    "log.",
    "handshake failure": "The server takes none of the ciphers, or wants a certificate "
    "of the client: read its log.",
    "wrong version number": "Check host and port: no TLS is spoken there.",
}


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate that was checked."""

    names: tuple[str, ...]
    issuer: str
    not_after: str

    def __str__(self) -> str:
        """Return it in words."""
        return (
            f"certificate for {self.some_names()}, issued by {self.issuer}, "
            f"valid until {self.not_after}"
        )

    def some_names(self) -> str:
        """Return the first few names."""
        more = len(self.names) - _MOST_NAMES
        listed = ", ".join(self.names[:_MOST_NAMES])
        return f"{listed} and {more} more" if more > 0 else listed


@dataclass(frozen=True, slots=True)
class Secured:
    """What was agreed on; `certificate` is None if it was not checked."""

    version: str
    cipher: str
    certificate: Certificate | None
    offered: tuple[str, ...]
    chosen: str | None


def context_for(
    offered: Sequence[str],
    *,
    checked: bool = True,
    named: bool = True,
    cacert: str | None = None,
) -> ssl.SSLContext:
    """Return a context that offers these in ALPN; unless `checked` it trusts anyone.

    With `cacert` it trusts the certificates in that file alone.
    """
    context = ssl.create_default_context(cafile=cacert)
    context.check_hostname = checked and named
    if not checked:
        context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(offered)
    return context


def secure(
    wire: Wire,
    host: str,
    offered: tuple[str, ...],
    *,
    checked: bool = True,
    cacert: str | None = None,
) -> Secured:
    """Start TLS; BlockedError with the failure if that fails."""
    try:
        secured = wire.secure(
            context_for(offered, checked=checked, cacert=cacert), host
        )
    except OSError as error:
        raise BlockedError(failure_of(error)) from error
    cipher = secured.cipher()
    return Secured(
        version=secured.version() or "?",
        cipher=cipher[0] if cipher else "?",
        certificate=certificate_of(secured.getpeercert()),
        offered=offered,
        chosen=secured.selected_alpn_protocol(),
    )


def failure_of(error: OSError) -> Failure:
    """Return what an error of the TLS handshake means."""
    if isinstance(error, ssl.SSLCertVerificationError):
        kind = _BY_NUMBER.get(error.verify_code, CERTIFICATE_UNTRUSTED)
        return Failure(kind, shown(error.verify_message.removesuffix(".")))
    seen = reason_of(error)
    # RFC 7301 section 3.2: the server speaks nothing that was offered
    if seen.endswith("no application protocol"):
        return Failure(HTTP2_CHOSEN, seen)
    return failed(seen)


def failed(seen: str) -> Failure:
    """Return the failure for what OpenSSL says, with the fix if that shows it."""
    fixes = (fix for words, fix in _FIXES.items() if seen.endswith(words))
    return Failure(TLS_FAILED, seen, next(fixes, None))


def certificate_of(fields: Mapping[str, object] | None) -> Certificate | None:
    """Return the certificate in `getpeercert()`; None if it was not checked."""
    if not fields:
        return None
    subject, issuer = (_attributes(fields.get(name)) for name in ("subject", "issuer"))
    alternatives = cast("tuple[tuple[str, str], ...]", fields.get("subjectAltName", ()))
    names = [name for _, name in alternatives] or [subject.get("commonName", "?")]
    by = issuer.get("organizationName") or issuer.get("commonName") or "?"
    return Certificate(
        tuple(map(shown, names)), shown(by), shown(str(fields.get("notAfter")))
    )


def _attributes(name: object) -> dict[str, str]:
    parts = cast("tuple[tuple[tuple[str, str], ...], ...]", name or ())
    return dict(pair for part in parts for pair in part)
