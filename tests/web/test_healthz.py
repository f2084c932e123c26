"""Whether the process answers."""

from __future__ import annotations

from tests.support.site import Site


def test_it_answers_in_one_word_for_machines(site: Site) -> None:
    answer = site.get("/healthz")

    assert (answer.status_int, answer.content_type, answer.text) == (200, "text/plain", "ok\n")


def test_it_answers_whatever_the_host_is_called(site: Site) -> None:
    assert site.get("/healthz", extra_environ={"HTTP_HOST": "10.0.0.7:8080"}).status_int == 200
