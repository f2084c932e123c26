"""Measurements; nothing depends on their numbers."""
