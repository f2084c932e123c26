"""What this index asks of metadata beyond the standard's own form: classifiers, addresses, dependencies, licenses.

The rules are PyPI's; those that only a public index needs are asked where `package_rules = public` (docs/uploads.md).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from packaging.metadata import Metadata, RawMetadata
from trove_classifiers import all_classifiers, deprecated_classifiers

from portal.kernel.settings import Settings
from portal.uploads import errors, flaws
from portal.uploads.errors import Refusal
from portal.uploads.receive import Form

SUMMARY_LIMIT = 512
LABEL_LIMIT = 32
URL_LIMIT = 2000
PRIVATE = "Private ::"
EMAIL = re.compile(r"[^@<>\s,;:\"()\[\]\\]{1,64}@[^@<>\s,;:\"()\[\]\\]{1,255}")
KNOWN = frozenset(all_classifiers)


@dataclass(frozen=True)
class Rules:
    """What the operator chose: whether only such packages are taken as a public index takes."""

    public: bool = False

    @classmethod
    def of(cls, settings: Settings) -> Rules:
        """The rules of an instance."""
        return cls(public=settings.package_rules == "public")


def check_form(form: Form, rules: Rules) -> None:
    """Raise Refusal for what is wrong already in the form: what is refused before the file comes costs nobody time."""
    if len(form.one("summary")) > SUMMARY_LIMIT:
        raise Refusal(flaws.SUMMARY, limit=SUMMARY_LIMIT)
    for classifier in form.fields.get("classifiers", []):
        _check_classifier(classifier.strip(), rules)


def check_rules(metadata: Metadata, raw: RawMetadata, rules: Rules) -> None:
    """Raise Refusal for the first rule that is not kept."""
    if len(raw.get("summary", "")) > SUMMARY_LIMIT:
        raise Refusal(flaws.SUMMARY, limit=SUMMARY_LIMIT)
    if rules.public and metadata.version.local is not None:
        raise Refusal(errors.LOCAL_VERSION, version=metadata.version)
    for field in ("author_email", "maintainer_email"):
        _check_emails(field, str(raw.get(field, "")))
    for classifier in metadata.classifiers or ():
        _check_classifier(classifier, rules)
    _check_urls(metadata)
    if raw.get("license") and raw.get("license_expression"):
        raise Refusal(flaws.LICENSE_TWICE)
    for requirement in metadata.requires_dist or () if rules.public else ():
        if requirement.url:
            raise Refusal(flaws.DIRECT_URL, requirement=requirement)


def _check_classifier(classifier: str, rules: Rules) -> None:
    if classifier in deprecated_classifiers:
        instead = ", ".join(deprecated_classifiers[classifier]) or "–"
        raise Refusal(flaws.CLASSIFIER_OLD, classifier=classifier, replacement=instead)
    if classifier.startswith(PRIVATE):
        if rules.public:
            raise Refusal(flaws.CLASSIFIER_PRIVATE, classifier=classifier)
    elif classifier not in KNOWN:
        raise Refusal(flaws.CLASSIFIER, classifier=classifier)


def _check_urls(metadata: Metadata) -> None:
    for field, address in (("Home-page", metadata.home_page), ("Download-URL", metadata.download_url)):
        if address and address != "UNKNOWN":
            _check_url(field, address)
    for label, address in (metadata.project_urls or {}).items():
        if not label.strip() or len(label) > LABEL_LIMIT:
            raise Refusal(flaws.URL_LABEL, label=label, limit=LABEL_LIMIT)
        _check_url("Project-URL", address)


def _check_url(field: str, address: str) -> None:
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        host = None
    odd = len(address) > URL_LIMIT or any(char <= " " or char == "\x7f" for char in address)
    if odd or not host or parts.scheme not in {"http", "https"}:
        raise Refusal(flaws.URL, field=field, url=address)


def _check_emails(field: str, text: str) -> None:
    """One or more addresses, each alone or behind a name: ``Name <name@example.org>``."""
    if text in {"", "UNKNOWN"}:
        return
    bare = re.sub(r'"[^"]*"', "", text)
    for one in bare.split(","):
        inside = one.partition("<")[2].partition(">") if "<" in one else (one, ">", "")
        if not inside[1] or inside[2].strip() or not EMAIL.fullmatch(inside[0].strip()):
            raise Refusal(flaws.EMAIL, field=field, email=one.strip())
