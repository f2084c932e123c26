"""What every other package stands on: no domain, no HTTP."""
