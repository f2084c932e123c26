"""Somebody who has lost every second factor gets back in: started by an administrator, slow, and easily stopped."""
