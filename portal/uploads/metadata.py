"""The metadata inside the file: read, validated, and compared with what the form said (core metadata; PEP 566, 643)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from packaging.metadata import InvalidMetadata, Metadata, RawMetadata, parse_email
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from portal.projects.names import normalize
from portal.uploads import errors
from portal.uploads.declared import SPECIFIER_LIMIT, VERSION_LIMIT, Declared
from portal.uploads.errors import Refusal

SUMMARY_LIMIT = 512
BEFORE_LICENSE_FILES = frozenset({"1.0", "1.1", "1.2", "2.1", "2.2", "2.3"})
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


def described(content: bytes, declared: Declared) -> Described:
    """The file's own metadata, if it is valid and agrees with the form. Raises Refusal."""
    raw = _parse(content)
    metadata = _validated(raw)
    _check_agreement(metadata, declared)
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
        raise Refusal(errors.METADATA_TEXT) from error
    if "\x00" in text:
        raise Refusal(errors.METADATA_TEXT)
    try:
        raw, unread = parse_email(content)
    except Exception as error:
        # The standard library's mail parser raises errors of many kinds for headers that are none.
        raise Refusal(errors.METADATA, field="Metadata-Version") from error
    for name in ("name", "version", "summary", "description", "requires-python"):
        if name in unread:
            raise Refusal(errors.METADATA, field=name)
    return raw


def _validated(raw: RawMetadata) -> Metadata:
    # Python refuses to read numbers of thousands of digits with another error.
    for field, limit in (("version", VERSION_LIMIT), ("requires_python", SPECIFIER_LIMIT), ("summary", SUMMARY_LIMIT)):
        if len(str(raw.get(field, ""))) > limit:
            raise Refusal(errors.METADATA, field=field)
    if raw.get("metadata_version") in BEFORE_LICENSE_FILES:
        # setuptools wrote License-File for years before the standard had it: such files are many.
        raw = raw.copy()
        raw.pop("license_files", None)
    try:
        return Metadata.from_raw(raw, validate=True)
    except ExceptionGroup as group:
        first = next((error for error in group.exceptions if isinstance(error, InvalidMetadata)), None)
        raise Refusal(errors.METADATA, field=first.field if first else "–") from group
    except Exception as error:
        # As above: validators of single fields let errors of other kinds out.
        raise Refusal(errors.METADATA, field="–") from error


def _check_agreement(metadata: Metadata, declared: Declared) -> None:
    # What else the form says is neither kept nor compared: flit 4 gives another metadata version than it writes.
    if normalize(metadata.name) != declared.normalized:
        raise Refusal(errors.METADATA_DIFFERS, field="name", form=declared.name, file=metadata.name)
    if metadata.version != declared.version:
        raise Refusal(errors.METADATA_DIFFERS, field="version", form=declared.version, file=metadata.version)
    own = metadata.requires_python or SpecifierSet()
    if declared.requires_python is not None and declared.requires_python != own:
        form, file = declared.requires_python, metadata.requires_python or "–"
        raise Refusal(errors.METADATA_DIFFERS, field="requires_python", form=form, file=file)
