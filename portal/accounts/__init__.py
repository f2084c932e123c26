"""People: their accounts, addresses and passwords."""
