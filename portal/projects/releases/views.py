"""The releases of a project and their files, as its owners manage them."""

from __future__ import annotations

from typing import Any

from packaging.version import Version
from pyramid.httpexceptions import HTTPSeeOther

from portal.kernel.words import TranslationString, _
from portal.projects import policy
from portal.projects import service as projects
from portal.projects.models import File, Project
from portal.projects.models import Release as ReleaseRow
from portal.projects.releases import service
from portal.projects.releases.forms import OFFERED, WITHDRAWN, SureForm, YankForm
from portal.projects.views.common import outside_quarantine
from portal.web.forms import Form
from portal.web.options import FormView, PageView, page

OTHER_NAME = _("This is another name. Type it as it stands above, with capital and small letters.")


class Shelf:
    """What the address of such a page names. Each raises NotFound for everybody but an owner."""

    request: Any
    work: Any

    def project(self) -> Project:
        """The project."""
        return policy.ownership(self.work, self.request.matchdict["name"], self.request.person.account_id).project

    def release(self, project: Project) -> ReleaseRow:
        """The release."""
        return service.find_release(self.work, project, self.request.matchdict["version"])

    def file(self, release: ReleaseRow) -> File:
        """The file."""
        return service.find_file(self.work, release, self.request.matchdict["filename"])

    def named(self) -> dict[str, Any]:
        """Project, release and file, as far as the address names them."""
        found: dict[str, Any] = {"project": self.project()}
        if "version" in self.request.matchdict:
            found["release"] = self.release(found["project"])
        if "filename" in self.request.matchdict:
            found["file"] = self.file(found["release"])
        return found

    def to_release(self, sentence: TranslationString, named: dict[str, Any]) -> Any:
        """The page of the release, with the result."""
        self.request.tell(sentence)
        address = {"name": named["project"].normalized, "version": named["release"].version}
        return HTTPSeeOther(self.request.page_path("projects.release", **address))


@page("projects.releases")
class Releases(Shelf, PageView):
    """All releases, the newest version first."""

    def __call__(self) -> dict[str, Any]:
        """Each with its files."""
        project = self.project()
        files = projects.files(self.work, project.id)
        found = sorted(projects.releases(self.work, project.id), key=lambda one: Version(one.version), reverse=True)
        rows = [(release, [file for file in files if file.release_id == release.id]) for release in found]
        return {"project": project, "rows": rows}


@page("projects.release")
class Release(Shelf, PageView):
    """One release with its files."""

    def __call__(self) -> dict[str, Any]:
        """The files, and whether all are withdrawn."""
        named = self.named()
        files = service.files_of(self.work, named["release"])
        return {**named, "files": files, "yanked": bool(files) and all(file.yanked for file in files)}


class ChangeShelf(Shelf, FormView):
    """A form that changes what lies in a project, unless that is in quarantine."""

    def __call__(self) -> Any:
        """Show the form, or act."""
        return outside_quarantine(self.request, self.project(), super().__call__)


class YankView(ChangeShelf):
    """Withdraw with a reason, or offer again; what is so already stays so, whoever made it so."""

    form_class = YankForm

    def files(self, named: dict[str, Any]) -> list[File]:
        """The files that it is about."""
        return [named["file"]] if "file" in named else service.files_of(self.work, named["release"])

    def blank(self) -> Form:
        """As it is now; nothing is chosen where some files are withdrawn and some are not."""
        found = self.files(self.named())
        states = {WITHDRAWN if file.yanked else OFFERED for file in found}
        reason = next((file.yanked_reason for file in found if file.yanked_reason), "")
        return YankForm(data={"state": states.pop() if len(states) == 1 else None, "reason": reason})

    def show(self, form: Form) -> dict[str, Any]:
        """What it is about."""
        return self.named()


@page("projects.yank_release", confirm="either")
class YankRelease(YankView):
    """All files of a release."""

    def submit(self, form: Any) -> Any:
        """Withdraw or offer again."""
        named, by = self.named(), self.request.person.account_id
        release, mapping = named["release"], {"version": named["release"].version}
        if form.state.data == WITHDRAWN:
            service.yank_release(self.work, named["project"], release, form.reason.data.strip(), by=by)
            return self.to_release(_("Release ${version} withdrawn", mapping=mapping), named)
        service.restore_release(self.work, named["project"], release, by=by)
        return self.to_release(_("Release ${version} is offered again", mapping=mapping), named)


@page("projects.yank_file", confirm="either")
class YankFile(YankView):
    """One file."""

    def submit(self, form: Any) -> Any:
        """Withdraw or offer again."""
        named, by = self.named(), self.request.person.account_id
        file, mapping = named["file"], {"filename": named["file"].filename}
        if form.state.data == WITHDRAWN:
            service.yank_file(self.work, named["project"], file, form.reason.data.strip(), by=by)
            return self.to_release(_("File ${filename} withdrawn", mapping=mapping), named)
        service.restore_file(self.work, named["project"], file, by=by)
        return self.to_release(_("File ${filename} is offered again", mapping=mapping), named)


class DeleteView(ChangeShelf):
    """Delete what the name was typed of."""

    form_class = SureForm

    def show(self, form: Form) -> dict[str, Any]:
        """What it is about."""
        return self.named()

    def is_sure(self, form: Any, name: str) -> bool:
        """Whether this very name was typed."""
        return bool(form.name.data.strip() == name)

    def other_name(self, form: Any) -> Any:
        """The form once more."""
        form.refuse("name", OTHER_NAME)
        return self.refuse(form)


@page("projects.delete_file", confirm="either")
class DeleteFile(DeleteView):
    """One file."""

    def submit(self, form: Any) -> Any:
        """Delete it for good."""
        named = self.named()
        file = named["file"]
        if not self.is_sure(form, file.filename):
            return self.other_name(form)
        service.delete_file(self.work, named["project"], file, by=self.request.person.account_id)
        return self.to_release(_("File ${filename} deleted", mapping={"filename": file.filename}), named)


@page("projects.delete_release", confirm="either")
class DeleteRelease(DeleteView):
    """One release with its files."""

    def submit(self, form: Any) -> Any:
        """Delete it for good."""
        named = self.named()
        release = named["release"]
        if not self.is_sure(form, release.version):
            return self.other_name(form)
        service.delete_release(self.work, named["project"], release, by=self.request.person.account_id)
        self.request.tell(_("Release ${version} deleted", mapping={"version": release.version}))
        return HTTPSeeOther(self.request.page_path("projects.releases", name=named["project"].normalized))


@page("projects.delete_project", confirm="either")
class DeleteProject(DeleteView):
    """A whole project."""

    def submit(self, form: Any) -> Any:
        """Delete it for good."""
        project = self.named()["project"]
        name = project.name
        if not self.is_sure(form, name):
            return self.other_name(form)
        service.delete_project(self.work, project, by=self.request.person.account_id)
        self.request.tell(_("Project ${project} deleted", mapping={"project": name}))
        return HTTPSeeOther(self.request.page_path("projects.list"))
