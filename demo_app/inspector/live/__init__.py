"""The live stream: what every open page gets of each handshake."""
