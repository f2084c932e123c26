"""The releases of a project and their files, as its owners manage them."""

from __future__ import annotations

from typing import Any, ClassVar

from packaging.version import Version
from pyramid.httpexceptions import HTTPSeeOther

from portal.kernel.words import TranslationString, _
from portal.projects import policy
from portal.projects import service as projects
from portal.projects.models import File, Project
from portal.projects.models import Release as ReleaseRow
from portal.projects.releases import service
from portal.projects.releases.forms import OFFERED, WITHDRAWN, SureForm, SureReleaseForm, YankForm
from portal.projects.views.common import outside_quarantine
from portal.web.forms import Form, vague
from portal.web.options import FormView, PageView, page

OTHER_VERSION = vague(_("This is another version. Type it as it stands on this page."))
OTHER_NAME = vague(_("This is another name. Type it as it stands on this page, with capital and small letters."))


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
        return {"project": project, "rows": rows, "takes_files": projects.takes_files(self.work, project)}


@page("projects.release")
class Release(Shelf, PageView):
    """One release with its files."""

    def __call__(self) -> dict[str, Any]:
        """The files, whether all are withdrawn, and why."""
        named = self.named()
        files = service.files_of(self.work, named["release"])
        yanked = bool(files) and all(file.yanked for file in files)
        return {**named, "files": files, "yanked": yanked, "reason": service.reason_of(files)}


class ChangeShelf(Shelf, FormView):
    """A form that changes what lies in a project, unless that is in quarantine."""

    def __call__(self) -> Any:
        """Show the form, or act."""
        return outside_quarantine(self.request, self.project(), super().__call__)


class YankView(ChangeShelf):
    """Withdraw with a reason, or offer again: whatever is possible now. What is so already stays so."""

    form_class = YankForm

    def files(self, named: dict[str, Any]) -> list[File]:
        """The files that it is about."""
        return [named["file"]] if "file" in named else service.files_of(self.work, named["release"])

    def blank(self) -> Form:
        """The one thing that can be done; where some files are withdrawn and some are not, the others follow."""
        withdrawn = [file.yanked for file in self.files(self.named())]
        return YankForm(data={"state": OFFERED if withdrawn and all(withdrawn) else WITHDRAWN})

    def show(self, form: Form) -> dict[str, Any]:
        """What it is about, what would be done, and why it was withdrawn."""
        named = self.named()
        reason = service.reason_of(self.files(named))
        return {**named, "again": form["state"].data == OFFERED, "reason": reason}

    def submit(self, form: Any) -> Any:
        """Do what the page offered, unless it is so already."""
        named = self.named()
        if form.state.data == WITHDRAWN:
            return self.to_release(self.withdraw(named, form.reason.data.strip()), named)
        if form.state.data == OFFERED:
            return self.to_release(self.restore(named), named)
        return self.refuse(self.blank())

    def withdraw(self, named: dict[str, Any], reason: str) -> TranslationString:
        """Withdraw; the result."""
        raise NotImplementedError

    def restore(self, named: dict[str, Any]) -> TranslationString:
        """Offer again; the result."""
        raise NotImplementedError


@page("projects.yank_release", confirm="either")
class YankRelease(YankView):
    """All files of a release."""

    def withdraw(self, named: dict[str, Any], reason: str) -> TranslationString:
        """All that are not withdrawn."""
        by, version = self.request.person.account_id, {"version": named["release"].version}
        if service.yank_release(self.work, named["project"], named["release"], reason, by=by):
            return _("Release ${version} withdrawn", mapping=version)
        return _("Nothing changed: release ${version} was withdrawn already", mapping=version)

    def restore(self, named: dict[str, Any]) -> TranslationString:
        """All of them."""
        by, version = self.request.person.account_id, {"version": named["release"].version}
        if service.restore_release(self.work, named["project"], named["release"], by=by):
            return _("Release ${version} is offered again", mapping=version)
        return _("Nothing changed: release ${version} was offered already", mapping=version)


@page("projects.yank_file", confirm="either")
class YankFile(YankView):
    """One file."""

    def withdraw(self, named: dict[str, Any], reason: str) -> TranslationString:
        """This one."""
        by, filename = self.request.person.account_id, {"filename": named["file"].filename}
        if service.yank_file(self.work, named["project"], named["file"], reason, by=by):
            return _("File ${filename} withdrawn", mapping=filename)
        return _("Nothing changed: file ${filename} was withdrawn already", mapping=filename)

    def restore(self, named: dict[str, Any]) -> TranslationString:
        """This one."""
        by, filename = self.request.person.account_id, {"filename": named["file"].filename}
        if service.restore_file(self.work, named["project"], named["file"], by=by):
            return _("File ${filename} is offered again", mapping=filename)
        return _("Nothing changed: file ${filename} was offered already", mapping=filename)


class DeleteView(ChangeShelf):
    """Delete what the name was typed of."""

    form_class: ClassVar[type[Form]] = SureForm
    other = OTHER_NAME

    def show(self, form: Form) -> dict[str, Any]:
        """What it is about."""
        return self.named()

    def is_sure(self, form: Any, name: str) -> bool:
        """Whether this very name was typed."""
        return bool(form.name.data.strip() == name)

    def other_name(self, form: Any) -> Any:
        """The form once more."""
        form.refuse("name", self.other)
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

    form_class = SureReleaseForm
    other = OTHER_VERSION

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
