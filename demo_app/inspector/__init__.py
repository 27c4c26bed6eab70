"""The inspector: shows every handshake, breaks one in every way, judges one typed."""
