"""Releases and files after their upload: withdrawn (yanked, PEP 592), restored, deleted."""
