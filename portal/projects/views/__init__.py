"""What projects show."""
