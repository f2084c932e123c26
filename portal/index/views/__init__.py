"""Views of the index."""
