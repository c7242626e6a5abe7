"""Keys of requests that were done are found by their age, so that old ones can be forgotten."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "SET LOCAL lock_timeout = '5s'"
        )  # or whoever posts with a key would wait behind it, however long it waits
    op.create_index("ix_idempotency_keys_at", "idempotency_keys", ["at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_idempotency_keys_at", table_name="idempotency_keys")
