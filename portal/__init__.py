"""Doorward: a self-hosted Python package index with an account portal that works for everyone."""
