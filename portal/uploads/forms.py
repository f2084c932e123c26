"""What a file is uploaded with on a page."""

from __future__ import annotations

from wtforms import FileField

from portal.kernel.words import _
from portal.web.forms import Form


class FileForm(Form):
    """One file."""

    content = FileField(
        _("File"),
        render_kw={"accept": ".whl,.gz", "dir": "ltr"},
    )
