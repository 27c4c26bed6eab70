"""The subcommand `conformance`: sends a server valid and broken handshakes."""
