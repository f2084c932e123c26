"""What the search reads: a full-text table of each database's own kind, which no model describes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE search_documents USING fts5(project_id UNINDEXED, name, summary, keywords,"
            # Marks belong to their letters: many scripts write vowels with them.
            " description, tokenize = \"unicode61 remove_diacritics 0 categories 'L* N* Co M*'\", prefix = '2 3')"
        )
        return
    op.create_table(
        "search_documents",
        sa.Column("project_id", sa.Uuid(), primary_key=True),
        sa.Column("words", postgresql.TSVECTOR(), nullable=False),
    )
    op.create_index("ix_search_documents_words", "search_documents", ["words"], postgresql_using="gin")


def downgrade() -> None:
    """Drop it; it is filled again from the projects."""
    op.execute("DROP TABLE search_documents")
