"""What can be wrong with the file of an upload: its name, its archive, its metadata, and what lies here already."""

from __future__ import annotations

from portal.kernel.words import _
from portal.uploads.errors import BUILD_AGAIN, Cause

LEAVE_OUT = _("Leave it out and build the file again.")
RENAME = _("Rename it and build the file again.")
CORRECT = _("Correct it in the project’s settings and build the file again.")
KEEP_NAME = _("Build the file again, and keep the name that it is given.")
NEXT_VERSION = _("Choose another version.")

FILENAME = Cause(
    "filename",
    _("The file name “${filename}” can’t be used."),
    _("Use ASCII letters, digits, “.”, “_”, “+”, “!” and “-”."),
)
WHEEL_NAME = Cause(
    "wheel-name",
    _("“${filename}” is not a wheel’s file name."),
    _("It must look like NAME-VERSION-PYTHON-ABI-PLATFORM.whl."),
)
FILENAME_DIFFERS = Cause(
    "filename-differs",
    _("The file name “${filename}” does not fit the name and version in the form."),
    _("It should begin with ${expected}"),
)
SDIST_NAME = Cause(
    "sdist-name", _("“${filename}” is not the file name of this sdist (PEP 625)."), _("It must be ${expected}")
)
WHEEL_TAGS = Cause(
    "wheel-tags",
    _("The wheel’s file name stands for too many combinations of tags: at most ${limit} are taken."),
    _("Build one wheel for each platform."),
)
PLATFORM = Cause(
    "platform",
    _("The platform ${platform} in the wheel’s file name is not known here."),
    _("Build the wheel for a platform that installers know, such as manylinux, musllinux, macosx, win or any."),
)
PLAIN_LINUX = Cause(
    "platform-linux",
    _("The platform ${platform} does not say on which Linux systems the wheel works, so this index does not take it."),
    _("Repair the wheel with auditwheel, or build it for manylinux or musllinux."),
)

ARCHIVE = Cause(
    "archive",
    _("The archive “${filename}” can’t be opened: it is broken, or not of the kind its name says."),
    BUILD_AGAIN,
)
ZIP_FORM = Cause(
    "zip-form",
    _("The wheel is a ZIP archive of an unusual form, in which not every reader would find the same files."),
    BUILD_AGAIN,
)
ZIP_MEMBER = Cause(
    "zip-member", _("The ZIP archive describes its member “${member}” in two ways that differ."), BUILD_AGAIN
)
TOO_MANY_MEMBERS = Cause(
    "archive-too-many",
    _("The archive has too many members: at most ${limit} are taken."),
    _("Leave out what the package does not need."),
)
ARCHIVE_BOMB = Cause(
    "archive-bomb",
    _("The archive unpacks to far more than its own size."),
    _("Leave out large files that hold next to nothing."),
)
MEMBER_PATH = Cause(
    "member-path", _("The archive member “${member}” would lie outside its folder when unpacked."), RENAME
)
MEMBER_SPELLING = Cause(
    "member-spelling",
    _("The path of the archive member “${member}” has “.” or nothing as one of its parts. Readers differ there."),
    RENAME,
)
MEMBER_LONG = Cause("member-long", _("The path of the archive member “${member}” is too long or too deep."), RENAME)
MEMBER_LARGE = Cause(
    "member-large", _("The archive member “${member}” is too large: at most ${limit} bytes are taken."), BUILD_AGAIN
)
MEMBER_KIND = Cause(
    "member-kind",
    _("The archive member “${member}” is neither a file nor a folder, nor a link inside its folder."),
    LEAVE_OUT,
)
MEMBER_PACKED = Cause(
    "member-packed",
    _("The archive member “${member}” is encrypted, or packed in a way that not every installer unpacks."),
    BUILD_AGAIN,
)
MEMBER_BELOW_LINK = Cause(
    "member-below-link", _("The archive member “${member}” lies below a link or a file."), LEAVE_OUT
)
MEMBER_TWICE = Cause("member-twice", _("The archive holds the member “${member}” more than once."), BUILD_AGAIN)
MEMBER_ALIKE = Cause(
    "member-alike",
    _("The archive members “${member}” and “${other}” are one file on systems that do not tell such names apart."),
    RENAME,
)
MEMBER_PLACE = Cause(
    "member-place", _("The archive member “${member}” would be installed in the place of “${other}”."), LEAVE_OUT
)
DATA_FOLDER = Cause(
    "data-folder",
    _("Installers do not agree on where the wheel’s member “${member}” belongs."),
    _("Put it into one of the folders data, headers, platlib, purelib and scripts of ${folder}, or leave it out."),
)
MEMBER_MISSING = Cause("member-missing", _("The archive has no ${member}."), BUILD_AGAIN)
SDIST_FOLDER = Cause("sdist-folder", _("The sdist does not hold exactly one folder at its top."), BUILD_AGAIN)

WHEEL_FORMAT = Cause(
    "wheel-format",
    _("The file WHEEL in the wheel is not of a format that is known here. Look at “${line}”."),
    BUILD_AGAIN,
)
WHEEL_TAG = Cause(
    "wheel-tag",
    _("The file WHEEL says that the wheel is for “${tag}”, but the file name “${filename}” does not."),
    KEEP_NAME,
)
WHEEL_BUILD = Cause(
    "wheel-build",
    _("The file WHEEL gives the build number “${build}”, but the file name “${filename}” does not."),
    KEEP_NAME,
)
RECORD = Cause("record", _("The file RECORD in the wheel can’t be read at the line “${line}”."), BUILD_AGAIN)
RECORD_LACKS = Cause(
    "record-lacks", _("The file RECORD in the wheel does not list “${member}”, which the wheel holds."), BUILD_AGAIN
)
RECORD_ABSENT = Cause(
    "record-absent", _("The file RECORD lists “${member}”, which the wheel does not hold."), BUILD_AGAIN
)
RECORD_DIFFERS = Cause(
    "record-differs",
    _("The wheel’s file “${member}” is not the one that RECORD gives the size and hash of."),
    BUILD_AGAIN,
)
ENTRY_POINTS = Cause(
    "entry-points",
    _("The file entry_points.txt in the wheel is not valid at “${line}”."),
    _("Correct the entry points in the project’s settings and build the file again."),
)

METADATA_TEXT = Cause(
    "metadata-text",
    _("The metadata in the file is not UTF-8 text, is too long, or holds a NUL character."),
    BUILD_AGAIN,
)
METADATA_LONG = Cause(
    "metadata-long",
    _("The metadata in the file is too long. Field: ${field}, of which at most ${limit} characters are taken."),
    CORRECT,
)
METADATA = Cause("metadata", _("The metadata in the file is not valid. Field: ${field}."), CORRECT)
METADATA_VERSION = Cause(
    "metadata-version",
    _("The metadata version ${version} is not known here."),
    _("Versions up to ${newest} are. Build the file again with another version of your build tool."),
)
METADATA_DIFFERS = Cause(
    "metadata-differs",
    _("The form says ${field} ${form}, but the metadata in the file says ${file}."),
    _("Build the file again, and upload it with the tool that built it."),
)
TOO_MANY_VALUES = Cause(
    "metadata-too-many",
    _("The metadata in the file has too many lines ${field}: at most ${limit} are taken."),
    CORRECT,
)
METADATA_LINES = Cause(
    "metadata-lines",
    _("The metadata in the file has too many lines before the description: at most ${lines}, of ${names} kinds."),
    CORRECT,
)
METADATA_MIME = Cause(
    "metadata-mime", _("The metadata in the file has a field ${field}, which belongs in e-mail."), BUILD_AGAIN
)
SUMMARY = Cause("summary", _("The summary is longer than ${limit} characters."), CORRECT)
CLASSIFIER = Cause(
    "classifier",
    _("There is no classifier “${classifier}”."),
    _("Choose one from https://pypi.org/classifiers/, or begin it with “Private ::”."),
)
CLASSIFIER_PRIVATE = Cause(
    "classifier-private",
    _("The classifier “${classifier}” says that the package is private, and this index takes public ones only."),
    LEAVE_OUT,
)
CLASSIFIER_OLD = Cause(
    "classifier-old",
    _("The classifier “${classifier}” is out of use."),
    _("Write instead: ${replacement}"),
)
URL = Cause(
    "url",
    _("The field ${field} holds “${url}”, which is no web address."),
    _("Write an address that begins with https:// or http://."),
)
URL_LABEL = Cause(
    "url-label",
    _("A Project-URL has no label, or one longer than ${limit} characters: “${label}”."),
    _("Write it as: label, address."),
)
EMAIL = Cause(
    "email",
    _("The field ${field} holds “${email}”, which is no e-mail address."),
    _("Write it as name@example.org, or as: Name <name@example.org>."),
)
DIRECT_URL = Cause(
    "direct-url",
    _("The dependency “${requirement}” is named by an address, and this index takes only such named by version."),
    _("Upload that dependency to an index, and name its version."),
)
LICENSE_TWICE = Cause(
    "license-twice",
    _("The metadata in the file has both a License and a License-Expression."),
    _("Keep the License-Expression (PEP 639)."),
)
LICENSE_FILE = Cause(
    "license-file", _("The metadata names the license file “${path}”, but the archive has no ${member}."), BUILD_AGAIN
)

FILE_EXISTS = Cause("file-exists", _("File already exists: “${filename}” lies here with other content."), NEXT_VERSION)
FILE_DELETED = Cause(
    "file-deleted",
    _("A file “${filename}” was deleted here. Its name is never used again."),
    NEXT_VERSION,
)
SAME_CONTENT = Cause(
    "same-content",
    _("File already exists: the same content lies here as “${filename}”."),
    _("Upload each file under one name only."),
)
SECOND_SDIST = Cause(
    "second-sdist",
    _("This release has an sdist already: “${filename}”."),
    _("A release has one. Choose another version."),
)
