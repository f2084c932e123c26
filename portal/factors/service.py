"""Second factors of an account: whether there is one, and whether a code counts.

Either kind of code is typed into the same field. A code from an authenticator app has six digits;
everything else is read as a recovery code.
"""

from __future__ import annotations

from uuid import UUID

from portal.factors.recovery import service as recovery
from portal.factors.totp import service as totp
from portal.factors.typed import LONGEST, fold, is_totp_code
from portal.factors.verdict import Outcome, Verdict
from portal.kernel.work import Work

__all__ = ["Outcome", "Verdict", "check_code", "has_factor", "recovery_codes_left"]


def has_factor(work: Work, account_id: UUID) -> bool:
    """Whether signing in to this account asks for a code."""
    return totp.has_authenticator(work, account_id)


def check_code(work: Work, account_id: UUID, text: str) -> Verdict:
    """Use up a code of either kind, after a right password only.

    Enters and may compute without a transaction (raises TransactionOpen), then uses the code up in
    one that the caller commits. An accepted recovery code is recorded here; other outcomes are not.
    """
    work.require_settled()
    folded = fold(text[:LONGEST])
    if is_totp_code(folded):
        return totp.take_code(work, account_id, folded)
    return recovery.take_code(work, account_id, folded)


def recovery_codes_left(work: Work, account_id: UUID) -> int:
    """How many recovery codes of the account are unused."""
    return recovery.codes_left(work, account_id)
