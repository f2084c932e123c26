"""What the form says about its file: read, and checked as far as that goes without the file (legacy upload API)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from portal.projects.names import NAME_LIMIT, VERSION_LIMIT, normalize, valid
from portal.uploads import errors, flaws
from portal.uploads.errors import Refusal
from portal.uploads.receive import Form

WHEEL = "bdist_wheel"
SDIST = "sdist"
SOURCE = "source"
SPECIFIER_LIMIT = 500
GONE_ACTIONS = frozenset({"submit", "submit_pkg_info", "doc_upload"})
DIGEST_LENGTHS = {"sha256": 64, "blake2_256": 64, "md5": 32}
PYTHON_TAG = re.compile(r"[A-Za-z0-9_.]{1,100}")
UNSAID = "UNKNOWN"
NO_ATTESTATIONS = frozenset({"", "[]", "null"})
METADATA_VERSIONS = ("1.0", "1.1", "1.2", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6")
REQUIREMENT_LIMIT = 2000


@dataclass(frozen=True)
class Declared:
    """The fields that the file must agree with. `digests` are lower-case hexadecimal, by name.

    None and empty text: not said, and so not compared.
    """

    name: str
    version: Version
    filetype: str
    python_version: str
    digests: dict[str, str]
    requires_python: SpecifierSet | None
    requires_dist: frozenset[Requirement] | None = None
    metadata_version: str = ""

    @property
    def normalized(self) -> str:
        """The project's name as PEP 503 compares it."""
        return normalize(self.name)


def check_protocol(form: Form) -> None:
    """Raise Refusal unless the form asks for a file upload of protocol 1."""
    action = form.one(":action")
    if action in GONE_ACTIONS:
        raise Refusal(errors.ACTION_GONE)
    if action != "file_upload":
        raise Refusal(errors.ACTION)
    protocol = form.one("protocol_version")
    if protocol not in {"", "1"}:
        raise Refusal(errors.PROTOCOL, version=protocol)


def declared(form: Form) -> Declared:
    """The form's statements about the file. Raises Refusal."""
    check_protocol(form)
    filetype = _required(form, "filetype")
    if filetype not in {WHEEL, SDIST}:
        raise Refusal(errors.FILETYPE, filetype=filetype)
    if form.one("attestations") not in NO_ATTESTATIONS:
        raise Refusal(errors.ATTESTATIONS)
    return Declared(
        name=_name(_required(form, "name")),
        version=_version(_required(form, "version")),
        filetype=filetype,
        python_version=_python_version(form, filetype),
        digests=_digests(form),
        requires_python=_requires_python(_said(form, "requires_python")),
        requires_dist=_requires_dist(form.fields.get("requires_dist", [])),
        metadata_version=_metadata_version(_said(form, "metadata_version")),
    )


def is_complete(form: Form) -> bool:
    """Whether everything that `declared` needs has come already."""
    needed = {":action", "name", "version", "filetype"}
    return needed <= form.fields.keys() and any(f"{name}_digest" in form.fields for name in DIGEST_LENGTHS)


def _required(form: Form, field: str) -> str:
    value = _said(form, field)
    if not value:
        raise Refusal(errors.FIELD_MISSING, field=field)
    return value


def _said(form: Form, field: str) -> str:
    value = form.one(field)
    # Old tools write this word where they have nothing to say.
    return "" if value == UNSAID else value


def _name(text: str) -> str:
    if not valid(text):
        raise Refusal(errors.NAME, name=text, limit=NAME_LIMIT)
    return text


def _version(text: str) -> Version:
    # The length first: Python refuses to read numbers of thousands of digits with another error.
    if len(text) > VERSION_LIMIT:
        raise Refusal(errors.VERSION, version=text)
    try:
        return Version(text)
    except InvalidVersion as error:
        raise Refusal(errors.VERSION, version=text) from error


def _python_version(form: Form, filetype: str) -> str:
    tag = form.one("pyversion")
    if filetype == SDIST:
        if tag not in {"", SOURCE}:
            raise Refusal(errors.PYVERSION)
        return SOURCE
    if not PYTHON_TAG.fullmatch(tag):
        raise Refusal(errors.PYVERSION)
    return tag


def _digests(form: Form) -> dict[str, str]:
    given = {name: form.one(f"{name}_digest").lower() for name in DIGEST_LENGTHS}
    given = {name: digest for name, digest in given.items() if digest}
    if not given:
        raise Refusal(errors.NO_DIGEST)
    for name, digest in given.items():
        length = DIGEST_LENGTHS[name]
        if len(digest) != length or not re.fullmatch("[0-9a-f]+", digest):
            raise Refusal(errors.DIGEST_FORM, field=f"{name}_digest", length=length)
    return given


def _requires_python(text: str) -> SpecifierSet | None:
    if not text:
        return None
    if len(text) > SPECIFIER_LIMIT:
        raise Refusal(errors.REQUIRES_PYTHON)
    try:
        return SpecifierSet(text)
    except InvalidSpecifier as error:
        raise Refusal(errors.REQUIRES_PYTHON) from error


def _requires_dist(values: list[str]) -> frozenset[Requirement] | None:
    said = [value for value in values if value.strip() not in {"", UNSAID}]
    return frozenset(_requirement(value) for value in said) or None


def _requirement(text: str) -> Requirement:
    # RecursionError: brackets in brackets, in the condition behind the semicolon.
    try:
        if len(text) <= REQUIREMENT_LIMIT:
            return Requirement(text)
    except (InvalidRequirement, RecursionError) as error:
        raise Refusal(errors.REQUIRES_DIST, requirement=text) from error
    raise Refusal(errors.REQUIRES_DIST, requirement=text)


def _metadata_version(text: str) -> str:
    if text and text not in METADATA_VERSIONS:
        raise Refusal(flaws.METADATA_VERSION, version=text, newest=METADATA_VERSIONS[-1])
    return text
