"""Tokens that were found where others can read them: reported by a scanner, by anybody, or by the operator."""
