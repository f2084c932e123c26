"""What programs are told: one sentence as reason phrase and text, or JSON, kept by nobody."""

from __future__ import annotations

import json
import math
from datetime import datetime
from typing import Any, Protocol

from pyramid.response import Response

from portal.kernel.words import TranslationString
from portal.tokens.errors import CHALLENGE, ascii_reason


class Refusal(Protocol):
    """Anything that says why it is refused."""

    status: int

    @property
    def sentence(self) -> TranslationString:
        """For people."""
        ...


def told(request: Any, sentence: TranslationString, *, status: int = 200) -> Response:
    """The sentence in English as the reason phrase, and in the reader's language as a text."""
    text = request.localizer.translate(sentence)
    response = Response(text + "\n", content_type="text/plain", charset="utf-8")
    response.status = f"{status} {ascii_reason(sentence)}" if status >= 300 else status
    return response


def refused(request: Any, refusal: Refusal) -> Response:
    """The answer to who is not let in, or whose upload is not taken."""
    response = told(request, refusal.sentence, status=refusal.status)
    if refusal.status == 401:
        response.headers["WWW-Authenticate"] = CHALLENGE
    return response


def retry_after(response: Response, until: datetime, now: datetime) -> Response:
    """The same answer, saying in how many seconds to come again (RFC 9110 §10.2.3)."""
    response.headers["Retry-After"] = str(max(1, math.ceil((until - now).total_seconds())))
    return response


def answer(status: int, held: Any) -> Response:
    """These facts as JSON."""
    response = Response(json.dumps(held), content_type="application/json", charset="utf-8", status=status)
    response.cache_control = "no-store"
    return response


def refusal(request: Any, status: int, code: str, sentence: TranslationString) -> Response:
    """As JSON a code that programs compare, and a sentence in the reader's language."""
    return answer(status, {"code": code, "message": request.localizer.translate(sentence)})
