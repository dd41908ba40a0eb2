"""What webhooks send of an edition: kept with it, so that it is the same bytes at every attempt."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("digests", sa.Column("event", sa.Text(), nullable=False, server_default=""))
