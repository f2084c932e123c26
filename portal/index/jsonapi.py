"""The JSON API: `/pypi/NAME/json` and `/pypi/NAME/VERSION/json`, in the words of PyPI's.

What this index does not keep is told as PyPI tells it of a project that has none: no vulnerabilities,
download counts of -1, no signatures. MD5 digests are not kept; SHA-256 and BLAKE2b are told.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC
from typing import Any
from uuid import UUID

from packaging.utils import NormalizedName
from packaging.version import Version

from portal.index.reading import ReleasePage, ReleaseRead
from portal.index.simple import file_url
from portal.projects.models import File

TEXTS = (
    "author",
    "author_email",
    "download_url",
    "home_page",
    "license",
    "license_expression",
    "maintainer",
    "maintainer_email",
)
LISTS = ("classifiers", "dynamic", "license_files", "provides_extra", "requires_dist")
UNCOUNTED = {"last_day": -1, "last_month": -1, "last_week": -1}


def as_json(told: dict[str, Any]) -> bytes:
    """The document as it is sent."""
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def project_json(found: ReleasePage, base_url: str, serial: int) -> dict[str, Any]:
    """What is told of the latest release of a project, and the files of all its releases, oldest version first."""
    files: dict[UUID, list[File]] = defaultdict(list)
    for file in found.all_files:
        files[file.release_id].append(file)
    ascending = sorted(found.releases, key=lambda release: Version(release.version))
    releases = {release.version: _files(files[release.id], base_url) for release in ascending}
    return {**release_json(found, base_url, serial), "releases": releases}


def release_json(found: ReleaseRead, base_url: str, serial: int) -> dict[str, Any]:
    """What is told of one release."""
    return {
        "info": _info(found, base_url),
        "last_serial": serial,
        "ownership": {
            "organization": None,
            "roles": [
                {"role": "Owner" if member.owner else "Maintainer", "user": member.username} for member in found.members
            ],
        },
        "urls": _files(found.files, base_url),
        "vulnerabilities": [],
    }


def _info(found: ReleaseRead, base_url: str) -> dict[str, Any]:
    release, metadata, name = found.release, found.release.core_metadata, NormalizedName(found.project.normalized)
    project_url = f"{base_url}/project/{name}/"
    keywords = metadata.get("keywords")
    yanked = bool(found.files) and all(file.yanked for file in found.files)
    return {
        **{field: metadata.get(field) for field in TEXTS},
        **{field: metadata.get(field) or None for field in LISTS},
        "classifiers": metadata.get("classifiers") or [],
        "bugtrack_url": None,
        "description": release.description,
        "description_content_type": release.description_content_type or None,
        "docs_url": None,
        "downloads": UNCOUNTED,
        "keywords": ",".join(keywords) if isinstance(keywords, list) else keywords,
        "name": found.project.name,
        "package_url": project_url,
        "platform": ",".join(metadata.get("platforms") or []) or None,
        "project_url": project_url,
        "project_urls": metadata.get("project_urls") or None,
        "release_url": f"{project_url}{release.version}/",
        "requires_python": release.requires_python,
        "summary": release.summary,
        "version": release.version,
        "yanked": yanked,
        "yanked_reason": next((file.yanked_reason for file in found.files if file.yanked_reason), None),
    }


def _files(files: Iterable[File], base_url: str) -> list[dict[str, Any]]:
    return [_file(file, base_url) for file in files]


def _file(file: File, base_url: str) -> dict[str, Any]:
    at = file.uploaded_at.astimezone(UTC)
    return {
        "comment_text": None,
        "digests": {"blake2b_256": file.blake2_256, "sha256": file.sha256},
        "downloads": -1,
        "filename": file.filename,
        "has_sig": False,
        "packagetype": file.filetype,
        "python_version": file.python_version,
        "requires_python": file.requires_python,
        "size": file.size,
        "upload_time": at.strftime("%Y-%m-%dT%H:%M:%S"),
        "upload_time_iso_8601": at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "url": base_url + file_url(file.path),
        "yanked": file.yanked,
        "yanked_reason": file.yanked_reason,
    }
