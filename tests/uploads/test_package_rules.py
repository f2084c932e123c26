"""The operator's `package_rules` hold by tool, in a dry run and by hand."""

from __future__ import annotations

import pytest

from portal.uploads import errors, flaws
from portal.uploads.errors import Cause
from tests.support.instances import Bed
from tests.support.people import make_person, sign_in
from tests.support.site import Site
from tests.uploads.artefacts import WHEEL_FILE, Artefact, wheel
from tests.uploads.conftest import Uploader
from tests.uploads.test_add import START, Sender, shown
from tests.uploads.test_dry_run import check

LINUX = "cp312-cp312-linux_x86_64"
FOR_LINUX = wheel(**{"demo-1.0.dist-info__WHEEL": WHEEL_FILE.replace("py3-none-any", LINUX)})
ONLY_PRIVATE = pytest.mark.parametrize(
    ("artefact", "cause"),
    [
        (wheel("demo", "1.0+cpu"), errors.LOCAL_VERSION),
        (FOR_LINUX.called(f"demo-1.0-{LINUX}.whl").saying(pyversion="cp312"), flaws.PLAIN_LINUX),
    ],
    ids=["local version", "some Linux"],
)


@ONLY_PRIVATE
def test_by_tool_a_public_index_refuses_what_a_private_one_takes(
    bed: Bed, uploader: Uploader, artefact: Artefact, cause: Cause
) -> None:
    strict = Uploader(bed.assemble(package_rules="public").instance, uploader.account_id, uploader.token)
    refusal = strict.send(artefact)
    assert (refusal.status, refusal.code) == (400, cause.code)
    assert check(strict, artefact).code == cause.code
    assert strict.filenames() == []
    assert uploader.send(artefact).new


@ONLY_PRIVATE
def test_by_hand_a_public_index_refuses_what_a_private_one_takes(bed: Bed, artefact: Artefact, cause: Cause) -> None:
    person = make_person(bed.application.instance)
    strict, usual = Site(bed.assemble(package_rules="public")), Site(bed.application)
    sign_in(strict, person)
    page = Sender(strict).send(artefact, START)
    assert page.status_int == 422
    told = {errors.LOCAL_VERSION: "“1.0+cpu” is a local version", flaws.PLAIN_LINUX: "The platform linux_x86_64 does"}
    assert shown(page)[0].startswith(told[cause])
    sign_in(usual, person)
    assert Sender(usual).send(artefact, START).status_int == 303
