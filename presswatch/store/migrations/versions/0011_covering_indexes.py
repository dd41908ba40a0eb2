"""Indexes that hold all that is asked: when a source's articles are of, and what a name's commitments add up to."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("articles_of_source", table_name="articles")
    op.create_index("articles_of_source", "articles", ["source", "dated_at"])
    op.drop_index("commitments_sums", table_name="commitments")
    op.create_index(
        "commitments_sums",
        "commitments",
        ["counted", "kind", "unit", "year", "value", "qualifier", "story", "announced_at"],
    )
