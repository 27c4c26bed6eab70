"""The subcommand that sends a server valid and broken handshakes."""
