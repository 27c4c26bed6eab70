"""The client's side of a handshake: the connection, the request, the response."""
