"""The status of a project (PEP 792): marked by its owners, put into quarantine by administrators."""
