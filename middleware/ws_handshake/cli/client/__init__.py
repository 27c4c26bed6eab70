"""A handshake from the client's side: the way, the request, the response."""
