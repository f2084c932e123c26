"""Chameleon templates as a Pyramid renderer: one search path, strict, translated by the request's localizer."""

from __future__ import annotations

from typing import Any

from chameleon import PageTemplateLoader
from pyramid.i18n import TranslationString

from portal.kernel.paths import TEMPLATES
from portal.kernel.words import DOMAIN, _

BOOLEAN = {"checked", "selected", "disabled", "required", "hidden", "multiple", "readonly", "autofocus"}


def make_loader() -> PageTemplateLoader:
    """The loader of all templates, pages and letters."""
    return PageTemplateLoader(str(TEMPLATES), strict=True, boolean_attributes=BOOLEAN)


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
        return localizer.translate(msgid)

    return translate


def includeme(config: Any) -> None:
    """Add the renderer for names that end in `.pt`."""
    loader = make_loader()
    config.registry.template_loader = loader
    config.add_renderer(".pt", lambda info: ChameleonRenderer(loader, info.name))
