"""The words of projects: one port, and the full-text search of each database behind it."""
