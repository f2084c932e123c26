"""The application with a few more views, for what no page of the product does on purpose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pyramid.response import Response

from portal.app import Application
from portal.web.forms import Filled, Form, TextField
from portal.web.options import FormView, PageView
from tests.support.instances import Bed
from tests.support.planted import build
from tests.support.site import Site

Look = Callable[[Any], Any]


class WordForm(Form):
    """One field."""

    word = TextField("Word", [Filled("Enter a word.")], limit=10)  # type: ignore[arg-type]


class Stage:
    """What the views below do, set by a test."""

    def __init__(self) -> None:
        self.look: Look = lambda request: "seen"
        self.told: list[str] = []


class Probe(Site):
    """A browser in front of that application."""

    def __init__(self, application: Application, stage: Stage) -> None:
        super().__init__(application)
        self.stage = stage

    def see(self, look: Look, path: str = "/probe/page/", **options: Any) -> Any:
        """The answer to a GET of a page whose view does `look(request)`."""
        self.stage.look = look
        return self.get(path, **options)

    def raises(self, error: BaseException) -> Any:
        """The answer when a view raises."""

        def look(_request: Any) -> Any:
            raise error

        return self.see(look, expect_errors=True)

    def hidden(self, path: str = "/probe/form/") -> dict[str, str]:
        """The hidden fields of the form as it is shown now."""
        lines = self.get(path).text.splitlines()
        return dict(line.split("=", 1) for line in lines if line.startswith("_"))

    def send(self, fields: dict[str, str], look: Look | None = None, **headers: str) -> Any:
        """The answer to a POST of the form."""
        if look:
            self.stage.look = look
        return self.post("/probe/form/", fields, headers=headers, expect_errors=True)


def add_views(stage: Stage) -> Callable[[Any], None]:
    """The function that adds them to an application."""

    class Page(PageView):
        def __call__(self) -> Any:
            return answered(stage.look(self.request))

    class Once(FormView):
        form_class = WordForm
        single_use = True

        def render(self, form: Form) -> Any:
            shown = super().render(form)
            lines = [f"{name}={value}" for name, value in self.request.hidden_fields()]
            return answered(
                "\n".join([*lines, *(str(error) for _name, error in shown["form"].problems())]), self.request
            )

        def submit(self, form: Form) -> Any:
            stage.told.append(form["word"].data)
            return answered(stage.look(self.request))

    def include(config: Any) -> None:
        config.add_page_route("probe.page", "/probe/page/")
        config.add_page_route("probe.form", "/probe/form/")
        config.add_page_route("probe.own", "/probe/own/")
        config.add_plain_route("probe.plain", "/probe/plain")
        config.add_plain_route("probe.exempt", "/probe/exempt")
        config.add_view(Page, route_name="probe.page", access="anyone")
        config.add_view(Page, route_name="probe.plain", access="anyone")
        config.add_view(Once, route_name="probe.form", access="anyone")
        config.add_view(Once, route_name="probe.own")
        config.add_view(lambda request: Response("taken"), route_name="probe.exempt", access="anyone", exempt=True)

    return include


def answered(found: Any, request: Any = None) -> Response:
    """What a test's view gave, as a response."""
    if isinstance(found, Response):
        return found
    response = request.response if request is not None else Response()
    response.text = str(found)
    return response


@pytest.fixture(scope="session")
def probes() -> dict[int, tuple[Application, Stage]]:
    """One such application for each kind of database."""
    return {}


@pytest.fixture
def probe(bed: Bed, probes: dict[int, tuple[Application, Stage]]) -> Probe:
    """A browser in front of the application with its views as new."""
    if id(bed) not in probes:
        stage = Stage()
        probes[id(bed)] = (build(bed, add_views(stage)), stage)
    application, stage = probes[id(bed)]
    vars(stage).update(vars(Stage()))
    return Probe(application, stage)
