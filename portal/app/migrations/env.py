"""Run by Alembic for each command; the engine comes from `portal.app.schema`."""

from typing import Any, Literal

from alembic import context

from portal.kernel.model import Base, UtcDateTime


def render_item(kind: str, item: Any, _autogen: object) -> str | Literal[False]:
    """Write our own column types as what the database sees, so that old migrations never change with them."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


with context.config.attributes["engine"].connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=context.config.attributes.get("batch", True),
        render_item=render_item,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
