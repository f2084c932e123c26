"""The upload address, the web form, and help with both."""
