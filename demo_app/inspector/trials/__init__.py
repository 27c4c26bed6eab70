"""The trials: requests that no browser sends, and what comes back."""
