"""Chameleon templates as a Pyramid renderer: one search path, strict, translated by the request's localizer."""

from __future__ import annotations

import os
from collections.abc import Iterable
from threading import RLock
from typing import Any

from chameleon import PageTemplateFile, PageTemplateLoader
from chameleon.loader import TemplateLoader
from pyramid.i18n import TranslationString

from portal.kernel.paths import TEMPLATES
from portal.kernel.words import DOMAIN, _, filled

BOOLEAN = {"checked", "selected", "disabled", "required", "hidden", "multiple", "readonly", "autofocus"}


COMPILING = RLock()
"""Templates are compiled by one thread at a time: Python 3.11 can fail where two compile.

Other threads may compile as well, for a traceback in a log. So a server compiles before it serves (`compile_all`).
"""


class SharedLoader(TemplateLoader):
    """Resolves `load:`. A layout is compiled once for all pages that use it, and not once for each."""

    known: dict[str, PageTemplateFile] = {}

    def load(self, spec: str, cls: Any = None) -> Any:
        """The template at a path relative to the one that asks. Raises ValueError where there is none."""
        path = os.path.normpath(os.path.join(self.search_path[0], spec.strip()))
        with COMPILING:
            if path not in self.known:
                self.known[path] = super().load(path, cls)
            return self.known[path]


class Template(PageTemplateFile):
    """A template whose compilation waits for those of other threads."""

    def __init__(self, filename: Any, **config: Any) -> None:
        super().__init__(filename, loader_class=SharedLoader, **config)

    def cook_check(self) -> bool:
        """Compile the template unless that has been done."""
        if self._cooked:
            return False
        with COMPILING:
            return super().cook_check()


def make_loader() -> PageTemplateLoader:
    """The loader of all templates, pages and letters."""
    return PageTemplateLoader(str(TEMPLATES), formats={"xml": Template}, strict=True, boolean_attributes=BOOLEAN)


def compile_all(loader: PageTemplateLoader, *, below: Iterable[str]) -> None:
    """Compile the templates below these folders, those that others load among them, before anybody asks for one."""
    with COMPILING:
        for path in sorted(path for folder in below for path in (TEMPLATES / folder).rglob("*.pt")):
            template = loader[str(path.relative_to(TEMPLATES))]
            SharedLoader.known.setdefault(str(path), template).cook_check()
            template.cook_check()


class ChameleonRenderer:
    """Renders one template with the variables of a view and of Pyramid."""

    def __init__(self, loader: PageTemplateLoader, name: str) -> None:
        self.loader = loader
        self.template = loader[name]

    def __call__(self, value: dict[str, Any], system: dict[str, Any]) -> str:
        request = system["request"]
        if request is not None:
            system = {**system, "_n": request.plural, **self.shared()}
        text: str = self.template(**{**system, **value, "translate": translator(request.localizer)})
        return text

    def shared(self) -> dict[str, Any]:
        """What every template may use: `_` for sentences in expressions, and the macros of forms and of the frame."""
        return {"_": _, "forms": self.loader["forms/macros.pt"].macros, "parts": self.loader["parts/frame.pt"].macros}


def translator(localizer: Any) -> Any:
    """The function that Chameleon calls for every message, bound to one locale."""

    def translate(  # noqa: PLR0917 - the signature is Chameleon’s
        msgid: Any,
        domain: str | None = None,
        mapping: dict[str, Any] | None = None,
        context: str | None = None,
        target_language: str | None = None,
        default: str | None = None,
    ) -> Any:
        if msgid is None:
            return None
        if not hasattr(msgid, "interpolate"):
            msgid = TranslationString(msgid, domain=domain or DOMAIN, default=default, mapping=mapping, context=context)
        inner = {name: part for name, part in (msgid.mapping or {}).items() if isinstance(part, TranslationString)}
        if inner:
            msgid = filled(msgid, {name: translate(part) for name, part in inner.items()})
        return localizer.translate(msgid)

    return translate


def includeme(config: Any) -> None:
    """Add the renderer for names that end in `.pt`."""
    loader = make_loader()
    config.registry.template_loader = loader
    config.add_renderer(".pt", lambda info: ChameleonRenderer(loader, info.name))
