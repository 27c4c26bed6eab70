"""What makes a request no valid HTTP, though its parser lets it through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ws_handshake.core.authority import is_host
from ws_handshake.core.flaws import CONTROL_CHARACTER, Flaw, of_target
from ws_handshake.core.grammar import is_field_value
from ws_handshake.core.normalize import absolute_form
from ws_handshake.core.reasons import HEAD_MALFORMED
from ws_handshake.core.violation import Violation, in_order

if TYPE_CHECKING:
    from ws_handshake.core.request import RequestHead


def with_flaw(violations: tuple[Violation, ...], flaw: Flaw) -> tuple[Violation, ...]:
    """Add to the violations, in the order of the catalogue, what is no valid HTTP."""
    return in_order(*violations, Violation(HEAD_MALFORMED, flaw.what, flaw))


def flaw_of(request: RequestHead, *, strict: bool) -> Flaw | None:
    """Return what a strict HTTP parser would not have let through.

    `strict` means that this one lets no control character through. RFC 9110 section
    5.5: h11 does, and websockets hangs.
    """
    if not (
        strict or is_field_value(b"".join([value for _, value in request.headers]))
    ):
        return CONTROL_CHARACTER
    if request.method == "GET" and not _names_resource(request.target):
        return of_target(request.target)
    return None


def _names_resource(target: bytes) -> bool:
    """RFC 6455 section 4.2.1(1): a resource name, or an absolute URI that has one.

    RFC 9110 section 4.2.4: user information in it is an error.
    """
    if b"#" in target:
        return False
    if target.startswith(b"/"):
        return True
    form = absolute_form(target)
    return form is not None and form.userinfo is None and is_host(form.host)
