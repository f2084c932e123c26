"""Look after projects: put one into quarantine, or release it."""

from __future__ import annotations

import argparse
import unicodedata

from portal.cli.actions import add_actions, carry_out
from portal.cli.arguments import Failure
from portal.kernel.work import Work
from portal.projects import service as projects
from portal.projects.lifecycle import service
from portal.projects.lifecycle.errors import InQuarantine, NotInQuarantine
from portal.projects.lifecycle.service import REASON_LIMIT
from portal.projects.models import Project

TOLD = "Everybody who works on it gets a letter when Doorward runs."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, and with which project."""
    for name, one in add_actions(parser, ACTIONS):
        one.add_argument("name", metavar="NAME", help="the name of the project, in any spelling")
        if ACTIONS[name] is quarantine:
            one.add_argument("--reason", default="", help="why; installers show it to anybody")


def run(arguments: argparse.Namespace) -> int:
    """Do it in one transaction. Raises Failure."""
    return carry_out(arguments, ACTIONS)


def quarantine(work: Work, arguments: argparse.Namespace) -> str:
    """Keep a project from being installed, read and changed, until it is released."""
    reason = _line(arguments.reason)
    project = _project(work, arguments.name)
    try:
        service.quarantine(work, project, reason, by=None)
    except InQuarantine as error:
        raise Failure(f"{project.name} is in quarantine already. Nothing was changed.") from error
    return f"{project.name} is in quarantine. {TOLD}"


def release(work: Work, arguments: argparse.Namespace) -> str:
    """End the quarantine of a project; it has the status again that it had before."""
    project = _project(work, arguments.name)
    try:
        status = service.release(work, project, by=None)
    except NotInQuarantine as error:
        raise Failure(f"{project.name} is not in quarantine. Nothing was changed.") from error
    return f"{project.name} is released from quarantine. Its status is: {status}. {TOLD}"


def _project(work: Work, name: str) -> Project:
    project = projects.find_or_none(work, name)
    if project is None:
        raise Failure(f"There is no project {name}. Nothing was changed.")
    return project


def _line(text: str) -> str:
    """The reason as a page would take it. Raises Failure."""
    composed = unicodedata.normalize("NFC", text).strip()
    if len(composed) > REASON_LIMIT or not composed.isprintable():
        raise Failure(f"Give the reason in one line of at most {REASON_LIMIT} characters. Nothing was changed.")
    return composed


ACTIONS = {"quarantine": quarantine, "release": release}
