"""Which erasures are not finished, so that the sweep can go on with them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("company_id", sa.String(length=60), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("journaled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_erasures_company_id")),
        sa.PrimaryKeyConstraint("company_id", name=op.f("pk_erasures")),
    )
    # Of those erased before, cards go last: where one is left, something may be.
    op.execute(
        "INSERT INTO erasures (company_id, since, journaled) SELECT id, changed_at, false FROM companies "
        "WHERE erased AND EXISTS (SELECT 1 FROM card_versions WHERE company_id = companies.id)"
    )


def downgrade() -> None:
    op.drop_table("erasures")
