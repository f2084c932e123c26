"""Run by Alembic for each command; the engine comes from `portal.app.schema`."""

from alembic import context

from portal.kernel.model import Base

with context.config.attributes["engine"].connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
