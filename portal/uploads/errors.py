"""Refusals as data: one code, one status, one sentence and one remedy a cause. What is wrong with the request,
the form and the project stands here; what is wrong with the file, in `portal.uploads.flaws`.

Both are told twice: in English as the reason phrase, the only thing that most upload tools show, and
in the reader's language as the body.
"""

from __future__ import annotations

from portal.kernel.causes import Cause, CauseRefused, shorten
from portal.kernel.words import _

__all__ = ["Cause", "Refusal", "shorten"]


class Refusal(CauseRefused):
    """An upload is not taken; nothing of it is kept."""


AGAIN = _("Send it again.")
BUILD_AGAIN = _("Build the file again with a current build tool.")
CHECK_TOOL = _("Check your upload tool, and the proxy that it goes through.")
ONE_FIELD = _("Send one only. A current upload tool does that.")

NOT_READY = Cause(
    "not-ready", _("This index is not set up yet."), _("Try again when its first administrator has signed in."), 503
)
UPLOADS_CLOSED = Cause(
    "uploads-closed", _("This index takes no uploads at present."), _("Ask the people who run this index."), 403
)
THROTTLED = Cause(
    "throttled", _("Too many attempts. Uploading is paused until ${time}."), _("Send it again after that."), 429
)
STOPPED = Cause("stopped", _("Too many attempts. Uploading is stopped."), _("Ask the people who run this index."), 429)

CROWDED = Cause(
    "too-much-at-once",
    _("More is being uploaded from your network at this moment than this index takes at once."),
    _("Send it again when the other uploads have ended."),
    429,
)
NO_LENGTH = Cause(
    "no-length",
    _("The upload does not say how long it is."),
    _("Send a Content-Length, and not in chunks."),
    411,
)
METHOD = Cause("method", _("This address takes only uploads, by POST."), CHECK_TOOL, 405)
ADDRESS = Cause(
    "address",
    _("Uploads go to another address: ${url}"),
    _("Give that to your upload tool as the address of the repository."),
    404,
)
FAULT = Cause(
    "fault",
    _("Something went wrong here, and it is not the fault of your file. Reference: ${reference}"),
    _("Send it again. If that does not help, tell the people who run this index the reference."),
    500,
)
CHECK_VALUE = Cause(
    "check-value", _("The only query field here is check, and it can only be 1."), _("Write ?check=1, or leave it out.")
)
UNREADABLE = Cause("unreadable", _("The request can’t be read."), CHECK_TOOL)
TOO_LARGE = Cause(
    "too-large",
    _("The upload is larger than this index takes: at most ${limit} megabytes a file."),
    _("Leave out what the package does not need, or ask the people who run this index."),
    413,
)
NOT_MULTIPART = Cause(
    "not-multipart", _("The upload is not a form."), _("Send multipart/form-data with a boundary and in UTF-8.")
)
BROKEN_FORM = Cause("broken-form", _("The upload is broken or cut off before its end."), AGAIN)
TOO_MANY_FIELDS = Cause("too-many-fields", _("The form has too many fields: at most ${limit} are taken."), BUILD_AGAIN)
FIELD_TOO_LONG = Cause(
    "field-too-long",
    _("The form field ${field} is too long: at most ${limit} bytes are taken."),
    _("Shorten it in the project’s settings and build the file again."),
)
FORM_TOO_LONG = Cause(
    "form-too-long",
    _("The form fields are too long: together at most ${limit} bytes are taken."),
    _("Shorten the description and build the file again."),
)
NOT_TEXT = Cause("not-text", _("The form field ${field} is not UTF-8 text, or holds a NUL character."), BUILD_AGAIN)
FILE_IN_TEXT_FIELD = Cause(
    "file-in-text-field", _("The form field ${field} holds a file, but text belongs there."), CHECK_TOOL
)
FIELD_TWICE = Cause("field-twice", _("The form field ${field} is there more than once."), ONE_FIELD)
NO_FILE = Cause("no-file", _("The upload holds no file."), _("The file belongs in the form field “content”."))
NO_CHOICE = Cause(
    "no-choice", _("No file was chosen."), _("Choose a wheel or an sdist: a file that ends in .whl or .tar.gz.")
)
UNKNOWN_KIND = Cause(
    "unknown-kind",
    _("“${filename}” is neither a wheel nor an sdist."),
    _("Choose a file that ends in .whl or .tar.gz, named by the tool that built it."),
)
EMPTY_FILE = Cause("empty-file", _("The file is empty."), _("Build it again."))

ACTION = Cause("action", _("The form field :action does not ask for an upload."), _("Send file_upload in it."))
ACTION_GONE = Cause("action-gone", _("This action is no longer offered."), _("Use :action=file_upload."), 410)
PROTOCOL = Cause(
    "protocol", _("The upload protocol ${version} is not known here."), _("Send 1 in the form field protocol_version.")
)
FIELD_MISSING = Cause("field-missing", _("The form field ${field} is missing."), CHECK_TOOL)
NAME = Cause(
    "name",
    _("“${name}” can’t name a project."),
    _("Use ASCII letters, digits, “.”, “_” and “-”, at most ${limit} of them, a letter or digit first and last."),
)
VERSION = Cause("version", _("“${version}” is not a version (PEP 440)."), _("Write one such as 1.0 or 2.1.0rc1."))
LOCAL_VERSION = Cause(
    "local-version",
    _("“${version}” is a local version, and this index takes only public ones."),
    _("Leave out what follows the “+”."),
)
FILETYPE = Cause("filetype", _("The file type ${filetype} is not taken."), _("Upload bdist_wheel or sdist."))
REQUIRES_PYTHON = Cause(
    "requires-python",
    _("The form field requires_python is not a list of version specifiers."),
    _("Write one such as >=3.11 in the project’s settings."),
)
REQUIRES_DIST = Cause(
    "requires-dist",
    _("The form field requires_dist holds “${requirement}”, which is no dependency (PEP 508)."),
    _("Correct it in the project’s settings and build the file again."),
)
PYVERSION = Cause(
    "pyversion",
    _("The form field pyversion does not fit the file."),
    _("It must name a Python tag for a wheel, and be “source” for an sdist."),
)
NO_DIGEST = Cause(
    "no-digest",
    _("The form holds no digest of the file."),
    _("Send at least one of sha256_digest, blake2_256_digest and md5_digest."),
)
DIGEST_FORM = Cause(
    "digest-form", _("The form field ${field} is not a digest."), _("Write it as ${length} hexadecimal digits.")
)
DIGEST = Cause("digest", _("The file does not have the digest that ${field} gives. It was changed on its way."), AGAIN)
ATTESTATIONS = Cause(
    "attestations",
    _("This index can’t verify attestations (PEP 740), and keeps none that it has not verified."),
    _("Upload without them."),
)

UNCONFIRMED = Cause(
    "unconfirmed-address",
    _("Your account needs a confirmed e-mail address before it can upload."),
    _("Sign in on the web and confirm one."),
    403,
)
NAME_STANDARD = Cause(
    "name-standard-library",
    _("The name “${name}” belongs to a module of Python’s standard library."),
    _("Choose another name."),
)
NAME_RESERVED = Cause(
    "name-reserved",
    _("The name “${name}” is reserved on this index."),
    _("Choose another name, or ask the people who run this index."),
)
NAME_ALIKE = Cause(
    "name-alike",
    _("The name “${name}” looks too much like the project “${other}” of this index."),
    _("Choose a name that nobody takes for it."),
)
NAME_DELETED = Cause(
    "name-deleted",
    _("A project “${name}” was deleted here. Its name is never given away again."),
    _("Choose another name."),
)
NO_NEW_PROJECTS = Cause(
    "no-new-projects",
    _("There is no project “${name}” here, and this index takes no new projects at present."),
    _("Upload to a project that is there already, or ask the people who run this index."),
    403,
)
NEW_PROJECTS = Cause(
    "new-projects",
    _("Too many new projects. The next one can be made at ${time}."),
    _("Send it again then. Projects that exist already take files at any time."),
    429,
)
PROJECT_CLOSED = Cause(
    "project-closed",
    _("The project “${name}” is archived. It takes no uploads."),
    _("An owner of the project can make it active again, on its pages here."),
    403,
)
PROJECT_QUARANTINED = Cause(
    "project-quarantined",
    _("The project “${name}” is in quarantine. It takes no uploads."),
    _("Only the people who run this index can end the quarantine. Ask them."),
    403,
)
PROJECT_FULL = Cause(
    "project-full",
    _("The files of the project “${name}” would be larger than this index takes: together at most ${limit} megabytes."),
    _("Delete files that nobody needs, or ask the people who run this index."),
)
RELEASE_CLOSED = Cause(
    "release-closed",
    _("The release ${version} of the project “${name}” was closed at ${time}. It takes no more files."),
    _("Choose another version."),
)
OTHER_PROJECT = Cause(
    "project-other",
    _("This file belongs to the project “${file}”, but this is the page of the project “${project}”."),
    _("Choose a file of this project, or upload it on the page for all projects."),
)
