"""What may be shown of values that a client sent, for logs other than ours."""

from ws_handshake.core.redaction import address_only, method_only, path_only

__all__ = ["address_only", "method_only", "path_only"]
