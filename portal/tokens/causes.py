"""Why a token is refused, as data."""

from __future__ import annotations

from portal.kernel.causes import Cause
from portal.kernel.words import _

USE_TOKEN = _("Use the user name __token__ and an API token as the password.")
CREATE_ONE = _("Create a new one in your account.")
OTHER_TOKEN = _("Use another token, or create one that allows this.")
FROM_OWNER = _("Use the token as its owner created it, or create another.")

MISSING = Cause("missing", _("This needs an API token."), USE_TOKEN, 401)
ILL_FORMED = Cause("ill-formed", _("The credentials can’t be read."), USE_TOKEN, 401)
USER_NAME = Cause("user-name", _("The user name “${name}” can’t be used here."), USE_TOKEN, 403)
NOT_OURS = Cause(
    "not-ours",
    _("This is not a token of this index."),
    _("It may be cut off or altered: copy the whole token again."),
    403,
)
ELSEWHERE = Cause(
    "not-ours",
    NOT_OURS.sentence,
    _("It may be cut off, or belong to the index at ${location}."),
    403,
)
REVOKED = Cause("revoked", _("This API token was revoked."), CREATE_ONE, 403)
EXPIRED = Cause("expired", _("This API token expired at ${time}."), CREATE_ONE, 403)
NOT_YET = Cause(
    "not-yet-valid", _("This API token works from ${time} on, not before."), _("Send the file again then."), 403
)
OTHER_PROJECT = Cause("other-project", _("This API token is not for the project “${project}”."), OTHER_TOKEN, 403)
OTHER_PROJECT_THAN = Cause(
    "other-project",
    _("This API token is not for the project “${project}”. It is for: ${allowed}."),
    OTHER_TOKEN,
    403,
)
OTHER_ACCOUNT = Cause(
    "other-account", _("This API token was limited to another account than its owner’s."), FROM_OWNER, 403
)
UNKNOWN_LIMIT = Cause(
    "unknown-limit",
    _("This API token holds a limit that this index does not know, so it can’t be used here."),
    FROM_OWNER,
    403,
)
OTHER_NETWORK = Cause(
    "other-network",
    _("This API token does not work from your network address, ${address}."),
    _("Upload from a network that it allows, or use another token."),
    403,
)
OTHER_VERSION = Cause(
    "other-version",
    _("This API token is not for version ${version}. It is for: ${allowed}."),
    OTHER_TOKEN,
    403,
)
OLD_RELEASE = Cause(
    "old-release",
    _(
        "This API token is only for releases that it makes itself, for 24 hours each. "
        "Version ${version} is not one of them."
    ),
    _("Choose another version, or use another token."),
    403,
)
USED_UP = Cause("used-up", _("This API token has no uploads left."), CREATE_ONE, 403)
PROJECT_EXISTS = Cause(
    "project-exists",
    _("This API token is for creating the project “${project}”, but somebody else has created it, or another token."),
    OTHER_TOKEN,
    403,
)
NO_ROLE = Cause(
    "no-role",
    _("Your account may not upload to the project “${project}”."),
    _("Ask an owner of it for a role."),
    403,
)
NO_SECOND_FACTOR = Cause(
    "no-2fa",
    _("This index takes uploads only from accounts with two-factor authentication."),
    _("Set it up in your account."),
    403,
)
WRONG_PASSWORD = Cause(
    "wrong-password", _("User name or password is wrong."), _("Try again. An API token works as well."), 403
)
PASSWORD_WITH_FACTOR = Cause(
    "password-with-2fa",
    _("Your account has two-factor authentication, so a password is not enough here."),
    USE_TOKEN,
    403,
)
ACCOUNT_CLOSED = Cause(
    "account-closed", _("This account is closed."), _("Sign in on the web if you want to keep it."), 403
)
CANNOT_UPLOAD = Cause(
    "cannot-upload", _("This API token is for downloads only."), _("Create one for uploads in your account."), 403
)
CANNOT_DOWNLOAD = Cause(
    "cannot-download", _("This API token is for uploads only."), _("Create one for downloads in your account."), 403
)
DOWNLOAD_TOKEN = Cause(
    "download-token",
    _("Only members read this index. Installing from it needs an API token for downloads."),
    _("Create one in your account. The user name is __token__, the password is the token."),
    401,
)
NARROWED_READER = Cause(
    "narrowed-reader",
    _("This API token holds limits of uploads, so it can’t be used for downloads."),
    _("Use one without such limits."),
    403,
)
CUT_OFF = Cause(
    "cut-off",
    _("An owner of the project “${project}” has cut this API token off from it."),
    _("Ask them why, or use another token."),
    403,
)
