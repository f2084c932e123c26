"""Why an upload is refused, and what to do: every refusal with an address of its own."""

from __future__ import annotations

from typing import Any

from portal.uploads.catalogue import general, one_each, sections
from portal.web.help import upload_url
from portal.web.options import PageView, page


@page("uploads.help", access="anyone")
class Help(PageView):
    """Help with uploads."""

    def __call__(self) -> dict[str, Any]:
        """The upload address, and the catalogue."""
        found = [
            (section.title, [(cause.code, general(cause.sentence), general(cause.remedy)) for cause in causes])
            for section in sections()
            if (causes := one_each(section.causes))
        ]
        return {"upload_url": upload_url(self.request), "sections": found}
