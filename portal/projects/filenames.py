"""When two file names are names of the same file: a name has several spellings, and is still used once only."""

from __future__ import annotations

from packaging.utils import canonicalize_version, parse_sdist_filename, parse_wheel_filename


def file_key(filename: str) -> str:
    """The form in which two file names are equal: project, version, build and tags, in whatever spelling and order.

    What is no file name is its own key.
    """
    lower = filename.lower()
    try:
        if lower.endswith(".whl"):
            name, version, build, _tags = parse_wheel_filename(lower)
            tags = [".".join(sorted(set(part.split(".")))) for part in lower.removesuffix(".whl").split("-")[-3:]]
            number = [f"{build[0]}{build[1]}"] if build else []
            return "-".join([name.replace("-", "_"), canonicalize_version(version), *number, *tags]) + ".whl"
        name, version = parse_sdist_filename(lower)
    except ValueError:
        return lower
    return f"{name.replace('-', '_')}-{canonicalize_version(version)}.tar.gz"
