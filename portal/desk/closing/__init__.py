"""Closing an account: at once, with days to change one's mind, then for good."""
