"""Refusals around sessions."""

from __future__ import annotations

from portal.kernel.errors import Gone, NotFound, Refused


class NoSession(NotFound):
    """The handle is unknown, or its session was ended."""


class SessionOver(NoSession):
    """The session with which this request began was over before the request was done; nothing is left of it."""


class TwoAccounts(Refused):
    """A cookie and a handle arrived together for different accounts: neither acts."""


class StepOver(Gone):
    """The password step is used, too old, out of tries, or the account's credentials have changed since."""


class NeedsCookies(Refused):
    """This can't be done in limited mode."""


class MembersNeedCookies(NeedsCookies):
    """What lies on an index that only members read is not shown in limited mode."""
