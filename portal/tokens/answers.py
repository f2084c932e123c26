"""What programs are told: one sentence as reason phrase and text, or JSON, kept by nobody."""

from __future__ import annotations

import json
import math
from datetime import datetime
from typing import Any

from pyramid.response import Response

from portal.kernel.causes import CauseRefused, phrase
from portal.kernel.words import TranslationString, _, filled
from portal.tokens.errors import CHALLENGE

MORE = _("More about it: ${url}")


def told(request: Any, *sentences: TranslationString, status: int = 200, reason: str = "") -> Response:
    """The sentences in the reader's language as a text, a line each; `reason` is the reason phrase."""
    text = "".join(request.localizer.translate(sentence) + "\n" for sentence in sentences)
    response = Response(text, content_type="text/plain", charset="utf-8")
    response.status = f"{status} {reason}" if reason else status
    return response


def refused(request: Any, why: CauseRefused, *, status: int | None = None) -> Response:
    """The answer to who is not let in, or whose upload is not taken: why, what helps, and where more is said.

    `status` takes the place of that of the cause.
    """
    status = status or why.status
    where = f"{request.public_url('uploads.help')}#{why.code}"
    sentences = (why.sentence, why.remedy, filled(MORE, {"url": where}))
    response = told(request, *sentences, status=status, reason=phrase(why.reason, where))
    if status == 401:
        response.headers["WWW-Authenticate"] = CHALLENGE
    return response if why.until is None else retry_after(response, why.until, request.instance.clock.now())


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
