"""Which user names and e-mail addresses can be, and when two of them are the same."""

from __future__ import annotations

import re

from portal.accounts.models import EMAIL_LIMIT, USERNAME_LIMIT

USERNAME = re.compile(rf"[A-Za-z0-9](?:[A-Za-z0-9._-]{{0,{USERNAME_LIMIT - 2}}}[A-Za-z0-9])")
LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
LOCAL_PART_LIMIT = 64
LOOK_ALIKES = str.maketrans("01i", "oll")
LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


def username_key(username: str) -> str:
    """What two user names are compared by: ``Ann.Lee``, ``annlee`` and ``ann1ee`` look alike and are one name.

    Names are ASCII, so these are all confusables there are in most fonts: 0 and o, 1 and l and i, rn
    and m, vv and w; case and separators do not count.
    """
    key = username.lower().replace("rn", "m").replace("vv", "w").translate(LOOK_ALIKES)
    return re.sub(r"[-_.]+", "", key)


RESERVED = frozenset(
    username_key(word)
    for word in """
    about abuse account accounts admin admins administrator administrators anonymous api certificates contact
    deleted deleted-user doorward everyone ghost guest help host hostmaster index info install legal login
    logout mail mailer-daemon maintainer maintainers manage me moderator moderators nobody no-reply noreply
    null operator operators owner owners package packages packaging pip postmaster privacy pypi python register
    root security server service simple site staff status support sysadmin system team token tokens twine
    undefined unknown user users usenet uucp webmaster www you
    """.split()  # noqa: SIM905 - words read better as words
)


def is_username(text: str) -> bool:
    """Whether it can be a user name: 2 to 50 ASCII letters, digits, ``. _ -``, with a letter or digit at both ends."""
    return USERNAME.fullmatch(text) is not None


def is_reserved(username: str) -> bool:
    """Whether the name would speak for the site or a role of it (RFC 2142, ``__token__``)."""
    return username_key(username) in RESERVED


def email_key(email: str) -> str:
    """What two addresses are compared by. RFC 5321 lets the local part keep its case; people do not."""
    return email.lower()


def is_email(text: str) -> bool:
    """Whether letters can be sent there: an ordinary ASCII address (RFC 5321 §4.1.2, no quoted forms), ≤ 254."""
    local, at, host = text.rpartition("@")
    if not at or len(text) > EMAIL_LIMIT or len(local) > LOCAL_PART_LIMIT or not LOCAL_PART.fullmatch(local):
        return False
    labels = host.split(".")
    return len(labels) > 1 and not labels[-1].isdigit() and all(LABEL.fullmatch(label) for label in labels)


def parts(username: str, email: str) -> list[str]:
    """The words in them that an attacker would try in a password."""
    words = {username, email, *re.split(r"[^A-Za-z0-9]+", f"{username} {email}")}
    return sorted(word for word in words if word)
