"""What programs are answered: JSON, kept by nobody."""

from __future__ import annotations

import json
from typing import Any

from pyramid.response import Response

from portal.kernel.words import TranslationString


def answer(status: int, held: Any) -> Response:
    """These facts."""
    response = Response(json.dumps(held), content_type="application/json", charset="utf-8", status=status)
    response.cache_control = "no-store"
    return response


def refusal(request: Any, status: int, code: str, sentence: TranslationString) -> Response:
    """A code that programs compare, and a sentence in the reader's language."""
    return answer(status, {"code": code, "message": request.localizer.translate(sentence)})
