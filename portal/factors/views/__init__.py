"""The pages of two-factor authentication."""
