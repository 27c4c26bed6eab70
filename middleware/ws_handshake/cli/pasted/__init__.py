"""The forms in which people copy a request, and the request in each."""
