"""What lists show: stories in brief, their tags and names, their commitments. `outline.py` fills them on opening."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_index("articles_in_short", "articles", ["id", "level", "language", "source", "dated_at"])
    op.create_table(
        "briefs",
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("date", TIME, nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.Column("versions", sa.Integer(), nullable=False),
        sa.Column("brief", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["story"], ["stories.id"]),
        sa.PrimaryKeyConstraint("story"),
    )
    op.create_index("briefs_by_date", "briefs", ["told", "date", "story"])
    op.create_index("briefs_by_change", "briefs", ["told", "changed_at", "story"])
    op.create_table(
        "story_tags",
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("date", TIME, nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["story"], ["stories.id"]),
        sa.PrimaryKeyConstraint("story", "kind", "name"),
    )
    op.create_index("story_tags_by_date", "story_tags", ["kind", "name", "told", "date", "story"])
    op.create_index("story_tags_by_change", "story_tags", ["kind", "name", "told", "changed_at", "story"])
    op.create_table(
        "story_names",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("stories", sa.Integer(), nullable=False),
        sa.Column("first_at", TIME, nullable=False),
        sa.Column("last_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("kind", "name"),
    )
    op.create_index("story_names_by_count", "story_names", ["kind", "stories", "name"])
    _commitments()
    op.create_table(
        "made",
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("what"),
    )


def _commitments() -> None:
    op.create_table(
        "commitments",
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("value", sa.Float(53), nullable=False),
        sa.Column("qualifier", sa.Text(), nullable=False),
        sa.Column("announced_at", TIME, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Text(), nullable=True),
        sa.Column("due_words", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("where", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("quote_en", sa.Text(), nullable=False),
        sa.Column("part_of", sa.Integer(), nullable=True),
        sa.Column("repeats", sa.Text(), nullable=True),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["story"], ["stories.id"]),
        sa.PrimaryKeyConstraint("story", "position"),
    )
    op.create_index("commitments_by_key", "commitments", ["key"])
    op.create_index("commitments_by_date", "commitments", ["announced_at", "story", "position"])
    op.create_index("commitments_of_kind", "commitments", ["kind", "unit", "announced_at", "story", "position"])
    op.create_index("commitments_sums", "commitments", ["counted", "kind", "unit", "year", "value", "qualifier"])
    op.create_index("commitments_due", "commitments", ["due_on"])
