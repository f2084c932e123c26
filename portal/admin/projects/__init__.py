"""What administrators do with projects: put one into quarantine, and end that."""
