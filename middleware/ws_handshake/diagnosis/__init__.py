"""A verdict in, a cause and its fix out."""
