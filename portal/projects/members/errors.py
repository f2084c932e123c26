"""Why the people of a project can't be changed in this way."""

from __future__ import annotations

from datetime import datetime

from portal.kernel.errors import Conflict, Gone, Refused


class NotOwner(Refused):
    """Only owners of the project may do this."""


class LastOwner(Refused):
    """Nobody would own the project any more."""


class AlreadyMember(Conflict):
    """The person has a role in the project."""


class AlreadyInvited(Conflict):
    """The person has been invited and may answer until `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


class InvitedTooOften(Conflict):
    """This person was invited to this project `limit` times within the life of an invitation."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class TooManyInvitations(Conflict):
    """`limit` people have been invited to the project and have not answered."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class InvitationOver(Gone):
    """The invitation was answered or withdrawn, or its time is over."""
