"""The headers of every answer (reference: OWASP ASVS 5.0 §3.4, CSP 3, RFC 9111).

What a view has set itself stays.
"""

from __future__ import annotations

from webob import Response

from portal.kernel.settings import Settings
from portal.web.csp import POLICY

ALWAYS = {
    "Content-Security-Policy": POLICY,
    # Not `no-referrer`: browsers then send `Origin: null` with our own forms.
    "Referrer-Policy": "strict-origin",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
HSTS = "max-age=63072000; includeSubDomains"


def dress(response: Response, settings: Settings, *, personal: bool) -> None:
    """Give the response the headers it does not have. `personal`: it was asked for below a handle."""
    for name, value in ALWAYS.items():
        response.headers.setdefault(name, value)
    if settings.https:
        response.headers.setdefault("Strict-Transport-Security", HSTS)
    if personal:
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex, noarchive"
