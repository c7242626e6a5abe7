"""Run by Alembic with a connection that `directory.records.schema` hands over; there is no alembic.ini to keep."""

from alembic import context

from directory.records.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
