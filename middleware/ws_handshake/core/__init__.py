"""Bytes in, a verdict out: the standard library only."""
