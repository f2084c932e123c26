"""Marking sentences for translation, without importing the web framework."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from translationstring import TranslationString, TranslationStringFactory

__all__ = ["DOMAIN", "TranslationString", "_", "_p", "filled"]

DOMAIN = "portal"

_ = TranslationStringFactory(DOMAIN)
"""Mark a whole sentence: ``_("API token ${label} revoked", mapping={"label": name})``."""


def _p(context: str, msgid: str, mapping: Mapping[str, Any] | None = None) -> TranslationString:
    """Mark a short word together with the context that tells a translator its sense (gettext ``msgctxt``)."""
    return TranslationString(msgid, domain=DOMAIN, context=context, mapping=dict(mapping) if mapping else None)


def filled(sentence: TranslationString, values: Mapping[str, Any]) -> TranslationString:
    """The same sentence with named values, to be interpolated only after it has been translated."""
    return TranslationString(
        str.__str__(sentence),
        domain=sentence.domain,
        default=sentence.default,
        context=sentence.context,
        mapping={**(sentence.mapping or {}), **values},
    )
