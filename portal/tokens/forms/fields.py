"""Fields from which limits are read, and what several forms share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from wtforms import BooleanField
from wtforms.validators import Optional, StopValidation

from portal.kernel.words import TranslationString, _, filled
from portal.projects.names import VERSION_LIMIT
from portal.tokens.limits import Limit, Networks, NewReleases, OneVersion, UploadsLeft
from portal.tokens.limits.own import network
from portal.web.forms import Form, TextField, vague

NETWORKS_LIMIT = 20
ENTRY_SHOWN, ENTRIES_SHOWN = 50, 5
"""Characters, and how many: what is wrong is repeated, but not without end."""
MOST_UPLOADS = 1000
LONGEST_YEARS = 10
FURTHER = ("networks", "version", "uploads", "only_new")
SEPARATORS = re.compile(r"[,;\s]+")
NETWORKS_HINT = _(
    "Addresses or networks, with spaces between them, for example 192.0.2.0/24. At most 20. From elsewhere the token "
    "is refused. A machine can have an IPv4 address and an IPv6 address: then enter both."
)
NETWORKS_HINT_HERE = _(
    "Addresses or networks, with spaces between them, for example 192.0.2.0/24. At most 20. From elsewhere the token "
    "is refused. Your own address is ${address}. A machine can have an IPv4 address and an IPv6 address: then enter "
    "both."
)
WRONG_NETWORKS = vague(
    _(
        "No address and no network: ${entries}. Write each like 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32, with spaces "
        "between them."
    )
)
TOO_MANY_NETWORKS = vague(_("Enter at most 20 addresses or networks, with spaces between them."))
PAST = vague(_("This day is past. Enter a later one."))
BEYOND = _("Enter ${day} or an earlier day. No API token works longer than that on this index.")
TOO_FAR = vague(_("Enter a day within the next ten years."))


class Offered:
    """A validator: what was chosen must be among the choices. `sentence` says what to do."""

    def __init__(self, sentence: TranslationString) -> None:
        self.sentence = sentence

    def __call__(self, form: Any, field: Any) -> None:
        chosen = field.data if isinstance(field.data, list) else [field.data]
        if any(choice not in field.choices for choice in chosen):
            raise StopValidation(self.sentence)


class WrongNetworks(ValueError):
    """Some of what was typed is no network: `entries`, as they stand there."""

    def __init__(self, entries: list[str]) -> None:
        super().__init__(entries)
        self.entries = entries


class LimitField(TextField):
    """A text that stands for a limit; empty for none. Where `read` raises ValueError, `wrong` is said.

    Where it says which entries it can't read, those are named.
    """

    def __init__(
        self, label: Any, read: Callable[[str], Limit], wrong: TranslationString, *, limit: int, **options: Any
    ) -> None:
        super().__init__(label, [Optional()], limit=limit, **options)
        self.read = read
        self.wrong = wrong
        self.chosen: Limit | None = None

    def pre_validate(self, form: Any) -> None:
        """Read the limit."""
        super().pre_validate(form)
        try:
            self.chosen = self.read(ascii_digits(self.data)) if self.data else None
        except WrongNetworks as error:
            named = ", ".join(entry[:ENTRY_SHOWN] for entry in error.entries[:ENTRIES_SHOWN])
            raise StopValidation(filled(WRONG_NETWORKS, {"entries": named})) from error
        except ValueError as error:
            raise StopValidation(self.wrong) from error


def ascii_digits(text: str) -> str:
    """The text with the digits of every script written as 0 to 9."""
    return "".join(str(unicodedata.decimal(char, char)) for char in text)


def parse_day(text: str) -> date | None:
    """A day in ISO 8601 (2030-12-31), in any script's digits; None where it is none."""
    try:
        return date.fromisoformat(ascii_digits(text))
    except ValueError:
        return None


def parse_number(text: str, most: int) -> int:
    """A whole number from 1 to `most`. Raises ValueError."""
    if not re.fullmatch("[0-9]{1,9}", text) or not 1 <= int(text) <= most:
        raise ValueError(text)
    return int(text)


def end_of(day: date) -> datetime:
    """The instant at which a day ends, UTC."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def check_day(text: str, now: datetime, latest: datetime | None = None) -> date:
    """The last day of a token. Raises StopValidation for what is none, is past, or lies ten years ahead.

    The same for a day that ends behind `latest`, where the index sets such a bound.
    """
    day, today = parse_day(text), now.astimezone(UTC).date()
    if day is None:
        raise StopValidation(_("Enter the last day as year, month and day, for example 2030-12-31."))
    if day < today:
        raise StopValidation(PAST)
    if day > today + timedelta(days=366 * LONGEST_YEARS):
        raise StopValidation(TOO_FAR)
    if latest is not None and end_of(day) > latest:
        raise StopValidation(filled(BEYOND, {"day": last_day(latest).isoformat()}))
    return day


def last_day(latest: datetime) -> date:
    """The last day, UTC, that has ended by then."""
    return latest.astimezone(UTC).date() - timedelta(days=1)


def read_networks(text: str) -> Networks:
    """The limit to the networks in a text. Raises WrongNetworks, and ValueError for none or too many."""
    found, wrong = [], []
    for part in filter(None, SEPARATORS.split(text)):
        try:
            found.append(network(part))
        except ValueError:
            wrong.append(part)
    if wrong:
        raise WrongNetworks(wrong)
    if not 1 <= len(found) <= NETWORKS_LIMIT:
        raise ValueError(text)
    return Networks.of(found)


class LimitsForm(Form):
    """The further limits of a token, each of them free to choose.

    `address` is shown as that of the reader; None where it may be shown in part only, which nobody should copy.
    """

    networks = LimitField(
        _("Networks"),
        read_networks,
        TOO_MANY_NETWORKS,
        limit=1000,
        render_kw={"dir": "ltr", "spellcheck": "false"},
    )
    version = LimitField(
        _("Version"),
        OneVersion.of,
        vague(_("Enter a version such as 1.4.0 (PEP 440).")),
        limit=VERSION_LIMIT,
        description=_("The only version that the token uploads, for example 1.4.0."),
        render_kw={"dir": "ltr", "spellcheck": "false"},
    )
    uploads = LimitField(
        _("Number of uploads"),
        lambda text: UploadsLeft(parse_number(text, MOST_UPLOADS)),
        vague(_("Enter a number from 1 to 1000.")),
        limit=9,
        description=_("How many files the token uploads, from 1 to 1000. A release often has two files."),
        render_kw={"dir": "ltr", "inputmode": "numeric"},
    )
    only_new = BooleanField(
        _("New releases only"),
        description=_("The token adds files only to releases that it makes itself, for 24 hours each."),
    )

    def __init__(self, formdata: Any = None, *, address: str | None, data: Any = None) -> None:
        super().__init__(formdata, data=data)
        self.networks.description = filled(NETWORKS_HINT_HERE, {"address": address}) if address else NETWORKS_HINT

    def __iter__(self) -> Iterator[Any]:
        """These fields stand behind those of the form itself."""
        return iter(sorted(super().__iter__(), key=lambda field: field.name in FURTHER))

    def leave_out(self, *names: str) -> None:
        """Drop fields, those that are there."""
        for name in names:
            if name in self:
                del self[name]

    @property
    def more(self) -> list[Any]:
        """The fields of further limits that are there."""
        return [self[name] for name in FURTHER if name in self]

    @property
    def further(self) -> list[Limit]:
        """The limits that were chosen. Call it on a valid form."""
        typed = [field.chosen for field in self.more if isinstance(field, LimitField) and field.chosen is not None]
        return [*typed, *([NewReleases()] if "only_new" in self and self.only_new.data else [])]

    @property
    def opened(self) -> bool:
        """Whether there is something to be seen in one of these fields."""
        return any(field.data or field.errors for field in self.more)
