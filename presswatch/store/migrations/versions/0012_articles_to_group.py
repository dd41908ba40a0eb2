"""An index that holds all that grouping asks of an article, so that SQLite does not walk through its text."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.create_index(
            "articles_to_group",
            "articles",
            [
                "dated_at", "id", "url", "language", "published_at", "first_seen_at", "story", "level", "simhash",
                "slug", "traits", "alternates",
            ],
        )
