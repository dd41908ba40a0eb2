"""Alembic's entry: runs the migrations on the connection that `presswatch.store.upgrade` hands over.

Everything happens in that connection's transaction, so that a migration that
fails leaves the store as it was, on SQLite too.
"""

from alembic import context

from presswatch.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
