"""The middleware, and what it reads and watches."""
