"""Processes killed at any moment, and what is left then."""
