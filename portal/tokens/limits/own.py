"""The limits that only this index knows: tags from 100."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

from packaging.utils import canonicalize_version
from packaging.version import InvalidVersion, Version

from portal.kernel.networks import address_of
from portal.kernel.words import TranslationString, _
from portal.projects.names import VERSION_LIMIT
from portal.tokens import errors
from portal.tokens.limits.base import Limit, Target, TargetLimit, Use, When
from portal.tokens.limits.pypi import texts

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

RELEASE_OPEN = timedelta(hours=24)
"""How long a token that is for new releases may add files to one it made."""
MAPPED_BITS = 96
"""The prefix below which all of IPv4 lies inside IPv6."""


def network(text: str) -> Network:
    """A network in CIDR notation (RFC 4632), or one address. Raises ValueError, for one with a zone as well (RFC 4007).

    IPv4 inside IPv6 (RFC 4291 §2.5.5.2) is IPv4 again, as the addresses are that it is compared with.
    """
    if "%" in text or ("/" in text and not text.partition("/")[2].isdigit()):
        raise ValueError(text)
    found = ipaddress.ip_network(text, strict=False)
    if isinstance(found, ipaddress.IPv6Network) and found.prefixlen >= MAPPED_BITS:
        mapped = found.network_address.ipv4_mapped
        return found if mapped is None else ipaddress.IPv4Network((mapped, found.prefixlen - MAPPED_BITS))
    return found


@dataclass(frozen=True)
class Networks(Limit):
    """Networks from which the token works."""

    tag = 100
    networks: tuple[Network, ...]

    @classmethod
    def of(cls, networks: Iterable[Network]) -> Self:
        """These networks; those that lie in another are left out."""
        given = tuple(networks)
        four = ipaddress.collapse_addresses(n for n in given if isinstance(n, ipaddress.IPv4Network))
        return cls((*four, *ipaddress.collapse_addresses(n for n in given if isinstance(n, ipaddress.IPv6Network))))

    @classmethod
    def parse(cls, facts: list[Any]) -> Self | None:
        """One list of networks in CIDR notation."""
        if len(facts) != 1 or not texts(facts[0]):
            return None
        try:
            return cls.of([network(text) for text in facts[0]])
        except ValueError:
            return None

    def facts(self) -> list[Any]:
        """The networks in their order."""
        return [[str(one) for one in self.networks]]

    def check(self, use: Use) -> None:
        """The address lies in one of them."""
        address = address_of(use.address)
        if address is None or not any(address in one for one in self.networks):
            raise errors.other_network(use.address)

    def sentence(self, when: When) -> TranslationString:
        """Which networks."""
        return _("It works only from: ${networks}.", mapping={"networks": ", ".join(map(str, self.networks))})

    def joined(self, other: Self) -> Self:
        """Where two overlap, the smaller."""
        pairs = ((one, two) for one in self.networks for two in other.networks if one.version == two.version)
        return self.of([max(pair, key=lambda one: one.prefixlen) for pair in pairs if pair[0].overlaps(pair[1])])


@dataclass(frozen=True)
class OneVersion(TargetLimit):
    """The version of a release, as it was typed; 1.0 and 1.0.0 are the same. More than one is none."""

    tag = 101
    versions: frozenset[str]

    @classmethod
    def of(cls, version: str) -> Self:
        """This version. Raises InvalidVersion."""
        if len(version) > VERSION_LIMIT:
            raise InvalidVersion(version)
        return cls(frozenset([str(Version(version))]))

    @classmethod
    def parse(cls, facts: list[Any]) -> Self | None:
        """One version (PEP 440)."""
        if len(facts) != 1 or not isinstance(facts[0], str):
            return None
        try:
            return cls.of(facts[0])
        except InvalidVersion:
            return None

    def facts(self) -> list[Any]:
        """The version."""
        return sorted(self.versions)

    def check_target(self, use: Use, target: Target) -> None:
        """It is this version."""
        if target.version not in self.canonical:
            raise errors.other_version(target.told, self.versions)

    def sentence(self, when: When) -> TranslationString:
        """Which version."""
        return _("It uploads version ${version} only.", mapping={"version": ", ".join(sorted(self.versions))})

    def joined(self, other: Self) -> Self:
        """This one, if the other is the same."""
        return type(self)(frozenset(one for one in self.versions if canonicalize_version(one) in other.canonical))

    @property
    def canonical(self) -> frozenset[str]:
        """What the versions are compared by."""
        return frozenset(map(canonicalize_version, self.versions))


@dataclass(frozen=True)
class Bare(TargetLimit):
    """A limit of which nothing is to be said but that it is there."""

    @classmethod
    def parse(cls, facts: list[Any]) -> Self | None:
        """Nothing more."""
        return None if facts else cls()

    def facts(self) -> list[Any]:
        """Nothing more."""
        return []

    def joined(self, other: Self) -> Self:
        """The same again."""
        return self


@dataclass(frozen=True)
class DownloadsOnly(Bare):
    """What a token for downloads says of itself to whoever narrows a copy: the index itself goes by the row."""

    tag = 103

    def check_target(self, use: Use, target: Target) -> None:
        """Nothing is uploaded with it."""
        raise errors.other_purpose("upload")

    def sentence(self, when: When) -> TranslationString:
        """What it can't do."""
        return _("It uploads nothing.")


@dataclass(frozen=True)
class NewReleases(Bare):
    """Only files of releases that this token made, within 24 hours of making them."""

    tag = 102

    def check_target(self, use: Use, target: Target) -> None:
        """The release is yet to be made, or is this token's and young."""
        if target.made_at is None:
            return
        if target.made_by != use.token_id or use.now >= target.made_at + RELEASE_OPEN:
            raise errors.old_release(target.told)

    def sentence(self, when: When) -> TranslationString:
        """What is new."""
        return _("It uploads only to releases that it makes itself, for 24 hours each.")
