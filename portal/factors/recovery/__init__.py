"""Recovery codes: ten look-up secrets for the day the authenticator app is gone."""
