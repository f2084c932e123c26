"""The catalogue of refusals: one code, one status and one sentence a cause.

The sentence is told twice: in English as the reason phrase, the only thing that most upload tools
show, and in the reader's language as the body.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.kernel.errors import Refused
from portal.kernel.words import TranslationString, _, filled
from portal.tokens.errors import ascii_reason

SHOWN_LIMIT = 80


@dataclass(frozen=True)
class Cause:
    """Why an upload is refused. `code` stands in the account's history and never changes its meaning."""

    code: str
    sentence: TranslationString
    status: int = 400


class Refusal(Refused):
    """An upload is not taken; nothing of it is kept. `values` fill the sentence, cut at `SHOWN_LIMIT` characters."""

    def __init__(self, cause: Cause, **values: Any) -> None:
        super().__init__(cause.code)
        self.code = cause.code
        self.status = cause.status
        self.sentence = filled(cause.sentence, {name: shorten(value) for name, value in values.items()})
        self.reason = ascii_reason(self.sentence)


def shorten(value: object) -> str:
    """The value as text that fits into a sentence; what can't be seen is escaped."""
    text = "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in str(value))
    return text if len(text) <= SHOWN_LIMIT else text[: SHOWN_LIMIT - 1] + "…"


NOT_READY = Cause(
    "not-ready", _("This index is not set up yet. Try again when its first administrator has signed in."), 503
)
THROTTLED = Cause("throttled", _("Too many attempts. Uploading is paused until ${time}."), 429)
STOPPED = Cause("stopped", _("Too many attempts. Uploading is stopped: ask the people who run this index."), 429)

UNREADABLE = Cause("unreadable", _("The request can’t be read. Check your upload tool, and the proxy it goes through."))
TOO_LARGE = Cause("too-large", _("The upload is larger than this index takes: at most ${limit} megabytes a file."), 413)
NOT_MULTIPART = Cause("not-multipart", _("The upload is not a form. Send multipart/form-data with a boundary."))
BROKEN_FORM = Cause("broken-form", _("The upload is broken or cut off before its end. Send it again."))
TOO_MANY_FIELDS = Cause("too-many-fields", _("The form has too many fields: at most ${limit} are taken."))
FIELD_TOO_LONG = Cause("field-too-long", _("The form field ${field} is too long: at most ${limit} bytes are taken."))
FORM_TOO_LONG = Cause("form-too-long", _("The form fields are too long: together at most ${limit} bytes are taken."))
NOT_TEXT = Cause("not-text", _("The form field ${field} is not UTF-8 text, or holds a NUL character."))
FILE_IN_TEXT_FIELD = Cause("file-in-text-field", _("The form field ${field} holds a file, but text belongs there."))
FIELD_TWICE = Cause("field-twice", _("The form field ${field} is there more than once."))
NO_FILE = Cause("no-file", _("The upload holds no file. The file belongs in the form field “content”."))
EMPTY_FILE = Cause("empty-file", _("The file is empty."))

ACTION = Cause("action", _("The form field :action must be file_upload."))
ACTION_GONE = Cause("action-gone", _("This action is no longer offered. Only :action=file_upload is."), 410)
PROTOCOL = Cause("protocol", _("The upload protocol ${version} is not known here. Use protocol_version 1."))
FIELD_MISSING = Cause("field-missing", _("The form field ${field} is missing."))
NAME = Cause(
    "name",
    _("“${name}” can’t name a project: use ASCII letters, digits, “.”, “_” and “-”, at most ${limit} of them."),
)
VERSION = Cause("version", _("“${version}” is not a version (PEP 440)."))
FILETYPE = Cause("filetype", _("The file type ${filetype} is not taken. Upload bdist_wheel or sdist."))
REQUIRES_PYTHON = Cause("requires-python", _("The form field requires_python is not a list of version specifiers."))
PYVERSION = Cause(
    "pyversion", _("The form field pyversion must name a Python tag for a wheel, and be “source” for an sdist.")
)
NO_DIGEST = Cause("no-digest", _("Send at least one of sha256_digest, blake2_256_digest and md5_digest."))
DIGEST_FORM = Cause(
    "digest-form", _("The form field ${field} is not a digest: write it as ${length} hexadecimal digits.")
)
DIGEST = Cause(
    "digest", _("The file does not have the digest that ${field} gives. It was changed on its way: send it again.")
)

UNCONFIRMED = Cause(
    "unconfirmed-address",
    _("The owner of this API token must confirm an e-mail address before uploading. Sign in to do it."),
    403,
)
NAME_RESERVED = Cause(
    "name-reserved", _("The name “${name}” belongs to a module of Python’s standard library. Choose another name.")
)
PROJECT_CLOSED = Cause("project-closed", _("The project “${name}” takes no uploads now: it is ${status}."), 403)

FILENAME = Cause(
    "filename", _("The file name “${filename}” can’t be used: use ASCII letters, digits, “.”, “_”, “+”, “!” and “-”.")
)
WHEEL_NAME = Cause("wheel-name", _("“${filename}” is not a wheel’s file name (NAME-VERSION-PYTHON-ABI-PLATFORM.whl)."))
FILENAME_DIFFERS = Cause(
    "filename-differs",
    _("The file name “${filename}” does not fit the name and version in the form: it should begin with ${expected}."),
)
SDIST_NAME = Cause("sdist-name", _("The sdist’s file name must be ${expected} (PEP 625), not “${filename}”."))

ARCHIVE = Cause(
    "archive", _("The archive “${filename}” can’t be opened: it is broken, or not of the kind its name says.")
)
TOO_MANY_MEMBERS = Cause("archive-too-many", _("The archive has too many members: at most ${limit} are taken."))
ARCHIVE_BOMB = Cause("archive-bomb", _("The archive unpacks to far more than its own size. It is not taken."))
MEMBER_PATH = Cause("member-path", _("The archive member “${member}” would lie outside its folder when unpacked."))
MEMBER_KIND = Cause(
    "member-kind", _("The archive member “${member}” is neither a file nor a folder, nor a link inside its folder.")
)
MEMBER_BELOW_LINK = Cause("member-below-link", _("The archive member “${member}” lies below a link."))
MEMBER_TWICE = Cause("member-twice", _("The archive holds the member “${member}” more than once."))
MEMBER_MISSING = Cause("member-missing", _("The archive has no ${member}."))
SDIST_FOLDER = Cause("sdist-folder", _("The sdist must hold exactly one folder at its top."))
WHEEL_FORMAT = Cause(
    "wheel-format", _("The file WHEEL in the wheel can’t be read, or is of a wheel version that is not known here.")
)

METADATA_TEXT = Cause(
    "metadata-text", _("The metadata in the file is not UTF-8 text, is too long, or holds a NUL character.")
)
METADATA = Cause("metadata", _("The metadata in the file is not valid. Field: ${field}."))
METADATA_DIFFERS = Cause(
    "metadata-differs",
    _("The form says ${field} ${form}, but the metadata in the file says ${file}. Build the file again."),
)

FILE_EXISTS = Cause(
    "file-exists", _("File already exists: “${filename}” lies here with other content. Choose another version.")
)
SECOND_SDIST = Cause("second-sdist", _("This release has an sdist already: “${filename}”. A release has one."))
