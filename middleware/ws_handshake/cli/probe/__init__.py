"""The subcommand `probe`: one handshake with a server, step by step."""
