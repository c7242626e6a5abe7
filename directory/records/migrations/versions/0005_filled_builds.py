"""Builds say since when they are filled: from then on writers refresh them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("index_builds", sa.Column("filled_at", sa.BigInteger(), nullable=True))
    builds = sa.table("index_builds", sa.column("filled_at"), sa.column("changed_at"), sa.column("state"))
    read = builds.c.state.in_(("live", "retiring"))
    op.execute(builds.update().where(read).values(filled_at=builds.c.changed_at))


def downgrade() -> None:
    op.drop_column("index_builds", "filled_at")
