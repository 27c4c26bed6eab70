"""The pages that the server writes as HTML."""
