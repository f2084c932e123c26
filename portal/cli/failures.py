"""What goes wrong in a command, told in a sentence to the person who ran it."""

from __future__ import annotations

from alembic.util.exc import CommandError
from sqlalchemy.exc import SQLAlchemyError

from portal.kernel.written import UnsafeSettings

EXPECTED = (UnsafeSettings, CommandError, SQLAlchemyError, OSError)
NEWER = (
    "The database was made by another version of Doorward, whose schema this one does not know."
    " Install the newest version, or restore a backup that this one has made."
)


def status(error: Exception) -> int:
    """2: the settings must be changed first; 1: it could not be done."""
    return 2 if isinstance(error, UnsafeSettings) else 1


def sentence(error: Exception) -> str:
    """What went wrong."""
    match error:
        case CommandError():
            return NEWER
        case SQLAlchemyError():
            cause = getattr(error, "orig", None) or error
            return f"The database can’t be used: {str(cause).strip().partition(chr(10))[0]}"
        case OSError():
            return f"Doorward can’t use {error.filename or 'this machine'}: {error.strerror or error}."
    return f"Doorward can’t use these settings. {error}"
