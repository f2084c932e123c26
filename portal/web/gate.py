"""The gates before any view: readable input, and only forms that this site's pages sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

from pyramid.tweens import EXCVIEW

from portal.kernel.errors import Invalid, Refused, TooLarge
from portal.web.options import FormView
from portal.web.tokens import StaleForm, check_token, is_token_of

UTF8_CHARSETS = frozenset({"", "utf-8", "utf8", "us-ascii"})
JSON = "application/json"
MOST_FIELDS = 1000
"""Fields of one form. Reading half a million empty ones out of a megabyte would keep a thread busy for seconds."""


class Unreadable(Invalid):
    """Path, query or body is not strict UTF-8 without NUL, or declares itself wrongly."""


class ForeignOrigin(Refused):
    """The browser says that another site's page sent this form."""


def input_gate_factory(handler: Callable[[Any], Any], registry: Any) -> Callable[[Any], Any]:
    """Refuse what can't be read, before routing. Nothing of it is repeated in the answer."""

    def input_gate(request: Any) -> Any:
        _check_text(request.environ.get("PATH_INFO", "").encode("latin-1"))
        _check_text(unquote_to_bytes(request.environ.get("QUERY_STRING", "").encode("latin-1")))
        if not request.environ.get("PATH_INFO", "").startswith(registry.streams):
            reader = _reader_of_file_form(request, registry)
            reader(request) if reader else _check_body(request, registry.instance.settings.form_limit)
        return handler(request)

    return input_gate


def _reader_of_file_form(request: Any, registry: Any) -> Callable[[Any], None] | None:
    """What reads the fields before the file of a form, where this address takes such forms."""
    kind = request.environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if request.method != "POST" or kind != "multipart/form-data":
        return None
    path = request.environ.get("PATH_INFO", "")
    return next((reader for pattern, reader in registry.file_forms if pattern.fullmatch(path)), None)


def _check_text(raw: bytes) -> None:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable from error
    if "\x00" in text:
        raise Unreadable


def _check_body(request: Any, limit: int) -> None:
    if (request.content_length or 0) > limit:
        raise TooLarge(limit)
    kind, _, options = request.environ.get("CONTENT_TYPE", "").partition(";")
    charsets = {value.lower() for name, value in map(_option, options.split(";")) if name == "charset"}
    # The parts of a multipart body bring charsets and encodings of their own: no page here needs one.
    if not charsets <= UTF8_CHARSETS or kind.strip().lower().startswith("multipart/"):
        raise Unreadable
    # Whoever reads the header again reads the same: two charsets, or one inside quotes, can't be taken two ways.
    request.environ["CONTENT_TYPE"] = kind.strip().lower()
    if request.method == "POST":
        raw = request.body_file_raw.read(limit + 1) if request.content_length else b""
        if len(raw) > limit:
            raise TooLarge(limit)
        request.body = raw
        _check_text(raw)
        # In JSON a percent sign is one: an address of a file may be no UTF-8 when it is unquoted.
        if request.environ["CONTENT_TYPE"] != JSON:
            _check_fields(raw, limit)


def _check_fields(raw: bytes, limit: int) -> None:
    if raw.count(b"&") >= MOST_FIELDS:
        raise TooLarge(limit)
    _check_text(unquote_to_bytes(raw.replace(b"+", b" ")))


def _option(option: str) -> tuple[str, str]:
    name, _, value = option.partition("=")
    return name.strip().lower(), value.strip().strip('"')


def check_origin(request: Any) -> None:
    """Raise ForeignOrigin unless the browser says that a page of this site sent the request.

    `Sec-Fetch-Site` decides where it is sent; else `Origin` (an opaque "null" is refused); with
    neither, as from lynx, the form token alone stands (see docs/threat-model.md).
    """
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None and site != "same-origin":
        raise ForeignOrigin
    if site is None and origin is not None and origin != request.instance.settings.base_url:
        raise ForeignOrigin


def was_opened_before(request: Any) -> bool:
    """Whether the browser itself says that a page of ours sent this form, and it is one of an earlier session
    of the person who is signed in now, or of the time before. Call it after `check_origin`.
    """
    told = "Sec-Fetch-Site" in request.headers or "Origin" in request.headers
    return told and is_token_of(request, request.registry.earlier_keys(request))


def check_or_show_again(request: Any, *, stranger: bool, is_form: bool) -> None:
    """Check the form token; a form that was opened before a sign-in in another tab is only shown again."""
    try:
        check_token(request, stranger=stranger)
    except StaleForm:
        if not is_form or not was_opened_before(request):
            raise
        request.opened_before = True


def origin_deriver(view: Callable[[Any, Any], Any], info: Any) -> Callable[[Any, Any], Any]:
    """Check origin and form token of every unsafe request, unless the view says `exempt=True`.

    A form that its sender opened before they signed in anew is not lost: it is shown again, filled in, and never acts.
    """
    if info.options.get("exempt") or info.exception_only:
        return view
    stranger = info.options.get("access", "signed-in") == "anyone"
    leads_on = getattr(info.original_view, "strangers_go_to", None) is not None
    is_form = isinstance(info.original_view, type) and issubclass(info.original_view, FormView)

    def wrapper(context: Any, request: Any) -> Any:
        if request.method not in {"GET", "HEAD", "OPTIONS"}:
            check_origin(request)
            # The second press of a button that ended the session comes without one, and does nothing any more.
            if request.session_key or not leads_on:
                check_or_show_again(request, stranger=stranger, is_form=is_form)
        return view(context, request)

    return wrapper


origin_deriver.options = ("exempt",)  # type: ignore[attr-defined]

__all__ = ["ForeignOrigin", "StaleForm", "Unreadable", "check_origin"]


def includeme(config: Any) -> None:
    """Add both gates. `streams` are path prefixes whose bodies are read by their own view; `file_forms` are pairs of
    a pattern of paths and the function that makes an ordinary form of what stands before the file.
    """
    config.registry.streams = ("/legacy",)
    config.registry.file_forms = []
    config.add_tween(
        "portal.web.gate.input_gate_factory", under=EXCVIEW, over="portal.web.transaction.transaction_tween_factory"
    )
    config.add_view_deriver(origin_deriver, "origin", under="methods", over="secured_view")
