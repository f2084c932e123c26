"""Descriptions of releases: rendered behind the upload, in a process of their own, and made harmless."""
