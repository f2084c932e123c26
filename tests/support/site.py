"""A person's browser in front of the whole WSGI application."""

from __future__ import annotations

from typing import Any

from webtest import TestApp

from portal.app import Application
from tests.support.instances import READER

NOBODY = "localhost:80"
"""What WebTest says where no host was chosen."""
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0"


class Site(TestApp):  # type: ignore[misc]
    """A browser that says where a request comes from, as all do since 2023; `takes_cookies=False` blocks cookies."""

    __test__ = False

    def __init__(self, application: Application, *, takes_cookies: bool = True, **environ: str) -> None:
        self.application = application
        self.takes_cookies = takes_cookies
        said = {
            "HTTP_HOST": application.instance.settings.host,
            "HTTP_USER_AGENT": BROWSER,
            "HTTP_SEC_FETCH_SITE": "same-origin",
            "HTTP_SEC_FETCH_DEST": "document",
            "REMOTE_ADDR": READER.address,
        }
        super().__init__(application.wsgi, extra_environ=said | environ)

    def do_request(self, req: Any, *args: Any, **options: Any) -> Any:
        """Send one request to the host of the instance; a browser that takes no cookie forgets those of the answer."""
        if req.environ["HTTP_HOST"] == NOBODY:
            req.environ["HTTP_HOST"] = self.application.instance.settings.host
        answer = super().do_request(req, *args, **options)
        if not self.takes_cookies:
            self.reset()
        return answer

    def encode_multipart(self, params: Any, files: Any) -> tuple[str, bytes]:
        """A form with a file, with a boundary as browsers and standards have it (RFC 2046): WebTest's holds a `$`."""
        kind, body = super().encode_multipart(params, files)
        boundary = kind.partition("boundary=")[2]
        plain = boundary.replace("$", "x")
        return kind.replace(boundary, plain), body.replace(boundary.encode(), plain.encode())
