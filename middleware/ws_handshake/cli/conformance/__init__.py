"""The subcommand that sends a server sound and broken handshakes."""
