"""The subcommand `watch`: counts the handshakes in a log."""
