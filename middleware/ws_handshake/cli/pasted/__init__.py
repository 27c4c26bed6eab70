"""The forms in which a request is copied, and the request head in each."""
