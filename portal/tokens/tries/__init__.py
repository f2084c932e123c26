"""Attempts to use a token that are refused because of the token itself, as its owner finds them in the history."""
