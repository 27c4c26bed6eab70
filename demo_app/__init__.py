"""A chat over a WebSocket, and every way to break its opening handshake."""
