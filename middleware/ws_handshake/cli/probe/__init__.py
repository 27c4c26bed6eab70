"""The subcommand that walks one handshake step by step."""
