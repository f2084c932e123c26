"""What was typed into a form, taken along while projects are chosen for it among many on a page of its own.

It travels in the address, as the ticked projects do: nothing of it is a secret. What was typed to confirm belongs to
no field named here, so it never stands in one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from pyramid.httpexceptions import HTTPSeeOther

from portal.kernel.words import filled
from portal.web.forms import TOO_LONG, TextField

FEW = 20
"""Up to so many projects are offered on the page itself; among more one chooses on a page of its own."""
CHOOSE = "choose"
"""The button of a form that leads there."""
KEPT = ("purpose", "name", "scope", "new_project", "expires", "date", "networks", "version", "uploads", "only_new")
"""The fields that are taken along."""


def reduce(form: Any, *, always: bool = False) -> int:
    """Show of many projects only the chosen ones; how many there are, 0 where all are shown."""
    if "projects" not in form or (len(form.projects.choices) <= FEW and not always):
        return 0
    count = len(form.projects.choices)
    chosen = set(form.projects.data or ())
    form.projects.choices = {key: name for key, name in form.projects.choices.items() if key in chosen}
    return count


def with_chosen(path: str, chosen: Collection[str], more: Iterable[tuple[str, str]] = ()) -> str:
    """A path whose query carries chosen projects, and more."""
    query = urlencode([*more, *(("project", name) for name in sorted(chosen))])
    return f"{path}?{query}" if query else path


def kept(values: Mapping[str, str]) -> dict[str, str]:
    """What a query carries of a form that was begun."""
    return {name: values[name] for name in KEPT if values.get(name)}


def typed(form: Any) -> dict[str, str]:
    """What stands in the fields of a form that are taken along."""
    data = {name: form[name].data for name in KEPT if name in form}
    return {name: "on" if value is True else str(value) for name, value in data.items() if value}


def wants_to_choose(request: Any) -> bool:
    """Whether the button was pressed, by somebody who was signed in when the form was opened, and is."""
    return request.method == "POST" and CHOOSE in request.POST and not request.resumed and not request.opened_before


def lead(view: Any, form: Any, **more: str) -> Any:
    """Off to choose projects, with all that was typed; the form again where that is too long for an address."""
    long = [field for field in form if isinstance(field, TextField) and len(field.data or "") > field.limit]
    for field in long:
        form.refuse(field.name, filled(TOO_LONG, {"limit": field.limit}))
    if long:
        return view.refuse(form)
    chosen = form.projects.data or () if "projects" in form else ()
    path = view.request.page_path("tokens.choose")
    return HTTPSeeOther(with_chosen(path, chosen, [*more.items(), *typed(form).items()]))
