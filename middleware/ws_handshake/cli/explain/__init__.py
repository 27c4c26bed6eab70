"""The subcommand that judges a pasted request or prints the page of a code."""
