"""Nothing of a file in a form is read before everything that stands in front of it is in order."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from webtest import TestRequest

from portal.kernel.work import Instance
from portal.uploads.leading import CHUNK
from tests.support.instances import Bed
from tests.support.people import last_form, make_person, sign_in, sign_in_limited
from tests.support.site import Site
from tests.uploads.artefacts import CONTENT_TYPE, joined, part

PATH = "/manage/projects/upload/"


class Counted(BytesIO):
    """A body that knows how much of it was taken."""

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        """A piece of the body."""
        piece = super().read(size)
        self.taken += len(piece)
        return piece


def sent(site: Site, form: Any, **headers: str) -> tuple[Any, int]:
    """Send the form with a file of many pieces; the answer, and how many bytes were taken of the body."""
    parts = [part(name, value) for name, value in form.submit_fields() if name and name != "content"]
    body = joined(*parts, part("content", b"x" * CHUNK * 8, "demo-1.0-py3-none-any.whl"))
    stream = Counted(body)
    environ = {**site.extra_environ, "wsgi.input": stream, "CONTENT_TYPE": CONTENT_TYPE}
    request = TestRequest.blank(form.action, method="POST", environ=environ, headers=headers)
    request.content_length = len(body)
    return site.do_request(request, expect_errors=True), stream.taken


def test_a_form_that_is_in_order_is_read_to_its_end(site: Site, instance: Instance) -> None:
    sign_in(site, make_person(instance))
    answer, taken = sent(site, last_form(site.get(PATH)))
    assert answer.status_int == 422
    assert "can’t be opened" in answer.text
    assert taken > CHUNK * 8


def test_a_wrong_form_token_or_another_sites_form_is_refused_before_its_file_is_read(
    site: Site, instance: Instance
) -> None:
    sign_in(site, make_person(instance))
    form = last_form(site.get(PATH))
    answer, taken = sent(site, form, **{"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_int, taken) == (403, CHUNK)
    form["_token"] = "A" * 40
    answer, taken = sent(site, form)
    assert (answer.status_int, taken) == (400, CHUNK)


@pytest.mark.parametrize("password", ["", "not the password"])
def test_a_wrong_password_in_limited_mode_is_told_before_the_file_is_read(bed: Bed, password: str) -> None:
    site = Site(bed.application, takes_cookies=False)
    handle = sign_in_limited(site, make_person(bed.application.instance))
    form = last_form(site.get(f"/~{handle}{PATH}"))
    form["confirm-password"] = password
    answer, taken = sent(site, form)
    assert (answer.status_int, taken) == (422, CHUNK)
