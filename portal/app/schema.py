"""The schema: every package's tables, and the migrations that bring a database there."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData

import portal
from portal.kernel.database import Database
from portal.kernel.model import Base

MIGRATIONS = Path(__file__).resolve().parent / "migrations"


def all_tables() -> MetaData:
    """The metadata of every table, after importing every module that defines some."""
    for module in pkgutil.walk_packages(portal.__path__, "portal."):
        if module.name.endswith((".models", ".once")):
            importlib.import_module(module.name)
    return Base.metadata


def migrate(database: Database) -> None:
    """Bring the database to the newest revision; nothing happens where it is there already."""
    all_tables()
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = database.engine
    command.upgrade(config, "head")
