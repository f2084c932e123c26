"""Attempts, counted before they are made and refused when there were too many."""
