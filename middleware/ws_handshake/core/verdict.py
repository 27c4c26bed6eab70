"""The verdict on a request: all violations at once, or the accept token."""

from __future__ import annotations

from binascii import b2a_base64 as _base64
from hashlib import sha1 as _sha1
from typing import TYPE_CHECKING, NamedTuple

from ws_handshake.core import grammar
from ws_handshake.core.fast_path import plainly_valid_key
from ws_handshake.core.policy import Policy
from ws_handshake.core.request import EXTENSIONS, KEY, ORIGIN, PROTOCOL
from ws_handshake.core.rules import RULES

if TYPE_CHECKING:
    from ws_handshake.core.grammar import Extension
    from ws_handshake.core.request import RequestHead
    from ws_handshake.core.violation import Violation

# RFC 6455 section 1.3
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

_NO_POLICY = Policy()


class Verdict(NamedTuple):
    """What the rules say of one request.

    Attributes:
        request: the request that was judged.
        violations: all violations, in the order of the catalogue; none if it is valid.
        nonce: the key of a valid handshake; None over HTTP/2, which has none.

    A pickled or copied verdict has the request in it, and with it the client's secrets
    (its cookies, its key). The application has them anyway; another process should get
    the HandshakeRecord, which is without them.

    """

    request: RequestHead
    violations: tuple[Violation, ...]
    nonce: bytes | None

    def __repr__(self) -> str:
        """Name the codes, and nothing that a client sent."""
        return f"<Verdict {', '.join(self.codes) or 'accepted'}>"

    @property
    def accepted(self) -> bool:
        """True where the handshake is valid."""
        return not self.violations

    @property
    def accept_token(self) -> str | None:
        """Sec-WebSocket-Accept for a valid handshake (RFC 6455 section 4.2.2), or None.

        Over HTTP/2 there is none (RFC 8441 section 5).
        """
        return None if self.nonce is None else accept_token(self.nonce)

    @property
    def status(self) -> int:
        """The status of the response: 101, 200 over HTTP/2, or the first reason's."""
        if self.violations:
            return self.violations[0].reason.status
        return 200 if self.request.is_http2() else 101

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all violations, in the order of the catalogue."""
        return tuple(violation.reason.code for violation in self.violations)

    @property
    def key(self) -> str | None:
        """Sec-WebSocket-Key as it was sent, or None."""
        return self._only(KEY)

    @property
    def origin(self) -> str | None:
        """Origin as it was sent, or None."""
        return self._only(ORIGIN)

    @property
    def subprotocols(self) -> tuple[str, ...]:
        """The subprotocols on offer, in the client's order."""
        offered = grammar.elements(b",".join(self.request.values(PROTOCOL)))
        return tuple(name.decode("latin-1") for name in offered)

    @property
    def extensions(self) -> tuple[Extension, ...]:
        """The extensions on offer, in the client's order; none if they do not parse."""
        value = b",".join(self.request.values(EXTENSIONS))
        valid = grammar.is_extension_list(value)
        return grammar.parse_extensions(value) if valid else ()

    def _only(self, name: bytes) -> str | None:
        values = self.request.values(name)
        return values[0].decode("latin-1") if values else None


def judge(request: RequestHead, policy: Policy = _NO_POLICY) -> Verdict:
    """Judge a request head by RFC 6455 section 4.2.1, or RFC 8441 over HTTP/2.

    The order of header lines and the case of their names do not matter.

    Args:
        request: what arrived.
        policy: the operator's options; by default none.

    Returns:
        All violations in the order of the catalogue, or the accept token.

    Raises:
        TypeError: for header names that are text; never for what a client sent.

    """
    key = plainly_valid_key(request, policy)
    if key is not None:
        return Verdict(request, (), key)
    return judge_by_rules(request, policy)


def judge_by_rules(request: RequestHead, policy: Policy) -> Verdict:
    """Judge a request head by all rules, whether it is plainly valid or not."""
    fields = request.fields()
    violations = tuple([f for rule in RULES if (f := rule(request, fields, policy))])
    if violations:
        return Verdict(request, violations, None)
    keys = fields.get(KEY)
    return Verdict(request, (), None if keys is None or request.is_http2() else keys[0])


def accept_token(key: str | bytes) -> str:
    """Compute Sec-WebSocket-Accept (RFC 6455 section 4.2.2).

    Args:
        key: Sec-WebSocket-Key as it was sent.

    Returns:
        The value of the header: base64 of the SHA-1 of the key and the RFC's GUID.

    """
    nonce = key.encode("latin-1") if isinstance(key, str) else key
    # SHA-1 is the protocol's choice and protects nothing: say so to FIPS builds.
    digest = _sha1(nonce + _GUID, usedforsecurity=False).digest()
    return _base64(digest, newline=False).decode("ascii")
