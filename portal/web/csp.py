"""The content security policy of our pages (CSP 3): nothing from elsewhere, and nothing that runs."""

from __future__ import annotations

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
POLICY_WITH_IMAGES = POLICY.replace("img-src 'self'", "img-src 'self' https:")
"""For pages that show a description, where the operator allows images from anywhere."""
