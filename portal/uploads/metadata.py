"""The metadata inside the file: read, validated, and compared with what the form said (core metadata; PEP 566, 643)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from packaging.metadata import InvalidMetadata, Metadata, RawMetadata, parse_email
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from portal.projects.names import VERSION_LIMIT, normalize
from portal.uploads import flaws
from portal.uploads.archives import Inside
from portal.uploads.declared import METADATA_VERSIONS, SPECIFIER_LIMIT, Declared
from portal.uploads.errors import Refusal
from portal.uploads.headers import check_headers
from portal.uploads.rules import Rules, check_rules

VALUES_LIMIT = 2000
"""Lines of one kind, such as Requires-Dist: each costs time to read."""
FIELD_LIMIT = 10_000
"""Characters of a value of any field but those of `LIMITS`; of all keywords together."""
LIMITS = {
    "version": VERSION_LIMIT,
    "requires_python": SPECIFIER_LIMIT,
    "description_content_type": 1000,
    "license": 100_000,
    "description": 500_000,
}
BEFORE_LICENSES = frozenset({"1.0", "1.1", "1.2", "2.1", "2.2", "2.3"})
OWN_COLUMNS = frozenset({"summary", "description", "description_content_type"})


@dataclass(frozen=True)
class Described:
    """What the file says about itself. `rest` holds every field without a place of its own, as JSON."""

    name: str
    version: Version
    summary: str
    description: str
    description_content_type: str
    requires_python: str | None
    rest: dict[str, Any]


def described(inside: Inside, declared: Declared, rules: Rules) -> Described:
    """The file's own metadata, if it is valid and agrees with the form. Raises Refusal."""
    raw = _parse(inside.metadata)
    metadata = _validated(raw)
    _check_agreement(metadata, declared)
    check_rules(metadata, raw, rules)
    _check_license_files(metadata, inside)
    return Described(
        name=metadata.name,
        version=metadata.version,
        summary=raw.get("summary", ""),
        description=raw.get("description", ""),
        description_content_type=raw.get("description_content_type", ""),
        requires_python=raw.get("requires_python"),
        rest={name: value for name, value in raw.items() if name not in OWN_COLUMNS},
    )


def _parse(content: bytes) -> RawMetadata:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refusal(flaws.METADATA_TEXT) from error
    if "\x00" in text:
        raise Refusal(flaws.METADATA_TEXT)
    check_headers(content)
    try:
        raw, unread = parse_email(content)
    except Exception as error:
        # The standard library's mail parser raises errors of many kinds for headers that are none.
        raise Refusal(flaws.METADATA, field="Metadata-Version") from error
    for name in ("name", "version", "summary", "description", "requires-python", "project-url", "license-expression"):
        if name in unread:
            raise Refusal(flaws.METADATA, field=name)
    return raw


def _validated(raw: RawMetadata) -> Metadata:
    _check_sizes(raw)
    version = raw.get("metadata_version", "")
    if version not in METADATA_VERSIONS:
        raise Refusal(flaws.METADATA_VERSION, version=version or "–", newest=METADATA_VERSIONS[-1])
    if version in BEFORE_LICENSES:
        # setuptools and hatchling wrote these for years before the standard had them: such files are many.
        raw = raw.copy()
        raw.pop("license_files", None)
        raw.pop("license_expression", None)
    try:
        return Metadata.from_raw(raw, validate=True)
    except ExceptionGroup as group:
        first = next((error for error in group.exceptions if isinstance(error, InvalidMetadata)), None)
        raise Refusal(flaws.METADATA, field=first.field if first else "–") from group
    except Exception as error:
        # As above: validators of single fields let errors of other kinds out.
        raise Refusal(flaws.METADATA, field="–") from error


def _check_sizes(raw: RawMetadata) -> None:
    # Among them numbers of thousands of digits, which Python refuses to read with another error.
    for field, value in raw.items():
        limit = LIMITS.get(field, FIELD_LIMIT)
        if _longest(field, value) > limit:
            raise Refusal(flaws.METADATA_LONG, field=field, limit=limit)
    for name, values in raw.items():
        if isinstance(values, list | dict) and len(values) > VALUES_LIMIT:
            raise Refusal(flaws.TOO_MANY_VALUES, field=name, limit=VALUES_LIMIT)


def _longest(field: str, value: Any) -> int:
    """How long the longest value of a field is; keywords are one value."""
    values = [f"{label}{url}" for label, url in value.items()] if isinstance(value, dict) else value
    if isinstance(values, str):
        return len(values)
    lengths = [len(one) for one in values]
    return sum(lengths) if field == "keywords" else max(lengths, default=0)


def _check_agreement(metadata: Metadata, declared: Declared) -> None:
    """Raise Refusal where the form says something else. A field that the form leaves out is not compared."""
    if normalize(metadata.name) != declared.normalized:
        raise _differs("name", declared.name, metadata.name)
    if metadata.version != declared.version:
        raise _differs("version", declared.version, metadata.version)
    own = metadata.requires_python or SpecifierSet()
    if declared.requires_python is not None and declared.requires_python != own:
        raise _differs("requires_python", declared.requires_python, metadata.requires_python or "–")
    requirements = frozenset(metadata.requires_dist or ())
    if declared.requires_dist is not None and declared.requires_dist != requirements:
        only_form, only_file = declared.requires_dist - requirements, requirements - declared.requires_dist
        raise _differs("requires_dist", min(map(str, only_form), default="–"), min(map(str, only_file), default="–"))
    # Only the kind, 1.x or 2.x: flit 4 gives another version of it than it writes.
    kind = metadata.metadata_version.partition(".")[0]
    if declared.metadata_version and declared.metadata_version.partition(".")[0] != kind:
        raise _differs("metadata_version", declared.metadata_version, metadata.metadata_version)


def _differs(field: str, form: object, file: object) -> Refusal:
    return Refusal(flaws.METADATA_DIFFERS, field=field, form=form, file=file)


def _check_license_files(metadata: Metadata, inside: Inside) -> None:
    """Raise Refusal for a license file that the metadata names and the archive does not hold (PEP 639)."""
    for path in metadata.license_files or ():
        if f"{inside.licenses}/{path}" not in inside.files:
            raise Refusal(flaws.LICENSE_FILE, path=path, member=f"{inside.licenses}/{path}")
