"""The subcommand that counts the handshakes of a log."""
