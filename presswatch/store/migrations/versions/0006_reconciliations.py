"""The weekly look through everything that a site lists: when, what came late, what was there before the watch."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "reconciliations",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("done_at", TIME, nullable=True),
        sa.Column("next_at", TIME, nullable=False),
        sa.Column("compared", sa.Integer(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source"),
    )
    op.create_table(
        "passed_over",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("url"),
    )
    op.add_column("visits", sa.Column("late", sa.Integer(), nullable=False, server_default="0"))
