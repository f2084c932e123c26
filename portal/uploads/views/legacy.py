"""The upload address, as upload tools speak to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.response import Response

from portal.kernel.causes import ascii_reason
from portal.kernel.errors import Throttled
from portal.kernel.words import TranslationString, _, filled
from portal.tokens.answers import refused, told
from portal.tokens.errors import TokenRefused
from portal.uploads import errors
from portal.uploads.errors import Refusal
from portal.uploads.front import closed, refusal
from portal.uploads.keep import Taken
from portal.uploads.receive import Body, too_large
from portal.uploads.service import Sent, take
from portal.web.options import PageView, page

ADDRESS = _(
    "This address takes uploads of Python packages. Use an upload tool such as twine, with the user name "
    "__token__ and an API token as the password. Its repository URL is ${url}"
)
TAKEN = _("The file ${filename} is on the index now.")
HAD_IT = _("The file ${filename} was on the index already, with the same content. Nothing has changed.")
CHECKED = _("Checked, nothing stored. The file ${filename} would be taken.")
TOKEN_EXPIRES = "Doorward-Token-Expires"  # noqa: S105 - the name of a header
MOVED = _("Uploads go to the address with a slash at its end: ${url}")


def with_token_end(response: Response, ends: datetime | None) -> Response:
    """The answer with the end of the token in a header, where it is near (IMF-fixdate, RFC 9110 §5.6.7)."""
    if ends is not None:
        response.headers[TOKEN_EXPIRES] = format_datetime(ends.astimezone(UTC), usegmt=True)
    return response


def answer_elsewhere(request: Any, status: int, reference: str | None) -> Response | None:
    """The answer to an upload at an address that people take for that of uploads (`registry.problem_answers`)."""
    kind = request.environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if request.method != "POST" or kind != "multipart/form-data":
        return None
    return refused(request, Refusal(errors.ADDRESS, url=request.public_url("uploads.legacy")))


def answer_problem(request: Any, status: int, reference: str | None) -> Response:
    """The answer to a request that nobody could read or answer (`registry.problem_answers`)."""
    environ = request.environ
    known = {405: errors.METHOD, 411: errors.NO_LENGTH, 429: errors.CROWDED}
    if reference is not None:
        return refused(request, Refusal(errors.FAULT, reference=reference))
    if status in known:
        return refused(request, Refusal(known[status]))
    if status == 413:
        return refused(request, too_large(request.instance.settings))
    if status in {401, 403}:
        said = {"AUTHORIZATION": environ["HTTP_AUTHORIZATION"]} if "HTTP_AUTHORIZATION" in environ else {}
        found = refusal(environ["PATH_INFO"], said, 0, request.instance.settings)
        if found is not None:
            return refused(request, found)
    return refused(request, Refusal(replace(errors.UNREADABLE, status=status)))


@page("uploads.legacy", renderer=None, access="anyone", exempt=True)
class Legacy(PageView):
    """The legacy upload API. It proves who asks by an API token, so no other site's page can send it."""

    methods = ("GET", "HEAD", "POST")

    def __call__(self) -> Response:
        """What happened, as status, reason phrase and text."""
        if self.request.method != "POST":
            return self.asked()
        try:
            outcome = take(self.work, self.sent())
        except (Refusal, TokenRefused) as refusal:
            outcome = refusal
        except Throttled as throttled:
            cause = errors.STOPPED if throttled.until is None else errors.THROTTLED
            outcome = Refusal(cause, until=throttled.until)
        return with_token_end(self.answer(outcome), outcome.token_ends)

    def asked(self) -> Response:
        """What this address is for, and whether it takes anything now."""
        none_taken = closed(self.work.settings)
        return refused(self.request, none_taken) if none_taken else told(self.request, _address(ADDRESS, self.request))

    def answer(self, outcome: Taken | Refusal | TokenRefused) -> Response:
        """What happened."""
        if isinstance(outcome, Refusal | TokenRefused):
            return refused(self.request, outcome)
        sentence = (TAKEN if outcome.new else HAD_IT) if outcome.kept else CHECKED
        return told(self.request, filled(sentence, {"filename": outcome.filename}))

    def sent(self) -> Sent:
        """The request as the service reads it: the body only once and in pieces."""
        environ = self.request.environ
        body = Body(environ.get("CONTENT_TYPE", ""), self.request.content_length or 0, environ["wsgi.input"])
        return Sent(environ.get("HTTP_AUTHORIZATION"), body, self.dry())

    def dry(self) -> bool:
        """Whether only a check is asked for. Raises Refusal for whatever else could be meant to ask for one."""
        values = self.request.GET.getall("check")
        if values not in ([], ["1"]) or {*self.request.GET} - {"check"}:
            raise Refusal(errors.CHECK_VALUE)
        return bool(values)


@page("uploads.slashless", renderer=None, access="anyone", exempt=True)
class Slashless(PageView):
    """The same address without its slash."""

    methods = ("GET", "HEAD", "POST")

    def __call__(self) -> Response:
        """A permanent redirect that keeps method and body."""
        sentence = _address(MOVED, self.request)
        response = told(self.request, sentence, status=308, reason=ascii_reason(sentence))
        # With the query: a check that was asked for must not become an upload.
        query = self.request.query_string
        response.location = self.request.public_url("uploads.legacy") + (f"?{query}" if query else "")
        return response


@page("uploads.released", renderer=None, access="anyone")
class Released(PageView):
    """What hatch prints as the address of the release that it has uploaded."""

    def __call__(self) -> HTTPSeeOther:
        """On to the page of the release; whether there is one is for that page to say."""
        return HTTPSeeOther(self.request.page_path("index.release", **self.request.matchdict))


def _address(sentence: TranslationString, request: Any) -> TranslationString:
    return filled(sentence, {"url": request.public_url("uploads.legacy")})
