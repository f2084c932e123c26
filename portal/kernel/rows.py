"""One row read past the ORM: for the few answers that installers ask for thousands of times."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select

from portal.kernel.database import Database


class PreparedRow:
    """A SELECT that is put into words once and then only sent.

    `statement` names its parameters with `bindparam`; all of them are texts. Columns come back as their types say.
    """

    def __init__(self, database: Database, statement: Select[*tuple[Any, ...]]) -> None:
        dialect = database.engine.dialect
        compiled = statement.compile(dialect=dialect)
        self._database = database
        self._text = compiled.string
        self._order = compiled.positiontup
        self._constants = dict(compiled.params)
        types = [column.type.dialect_impl(dialect) for column in statement.selected_columns]
        self._readers = [found.result_processor(dialect, None) for found in types]

    def read(self, **values: str) -> tuple[Any, ...] | None:
        """The first row, or None."""
        named = self._constants | values
        given: Any = named if self._order is None else [named[name] for name in self._order]
        with self._database.reading() as connection:
            cursor = connection.cursor()
            try:
                cursor.execute(self._text, given)
                row = cursor.fetchone()
            finally:
                # On SQLite an open cursor holds its transaction.
                cursor.close()
        if row is None:
            return None
        return tuple(
            value if reader is None else reader(value) for reader, value in zip(self._readers, row, strict=True)
        )
