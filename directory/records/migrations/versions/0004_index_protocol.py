"""The index protocol: leases with a number, a log of index events, and what the last comparison found."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_EVENTS = sa.table(
    "index_events",
    sa.column("at", sa.BigInteger()),
    sa.column("region", sa.String()),
    sa.column("event", sa.String()),
    sa.column("build", sa.String()),
    sa.column("detail", sa.JSON()),
)
_AUDIT = sa.table(
    "audit",
    sa.column("seq", sa.BigInteger()),
    sa.column("at", sa.BigInteger()),
    sa.column("actor", sa.String()),
    sa.column("action", sa.String()),
    sa.column("region", sa.String()),
    sa.column("detail", sa.JSON()),
)
_NAMES = {"build_started": "started", "build_live": "live", "build_dropped": "dropped"}


def upgrade() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "index_events",
        sa.Column("seq", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("region", sa.String(length=2), nullable=False),
        sa.Column("event", sa.String(length=20), nullable=False),
        sa.Column("build", sa.String(length=80), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_index_events")),
    )
    op.create_index("ix_index_events_region_seq", "index_events", ["region", "seq"], unique=False)
    op.create_table(
        "index_checks",
        sa.Column("region", sa.String(length=2), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("build", sa.String(length=80), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("compared", "missing", "stale", "shown", "orphan", "ahead", "left", "took_ms")
        ),
        sa.PrimaryKeyConstraint("region", name=op.f("pk_index_checks")),
    )
    _move_events_out_of_the_audit_log()


def _move_events_out_of_the_audit_log() -> None:
    connection = op.get_bind()
    ours = _AUDIT.c.action.in_(_NAMES) & (_AUDIT.c.actor == "indexer")
    found = connection.execute(sa.select(_AUDIT).where(ours).order_by(_AUDIT.c.seq)).all()
    if found:
        connection.execute(
            _EVENTS.insert(),
            [
                {
                    "at": row.at,
                    "region": row.region,
                    "event": _NAMES[row.action],
                    "build": row.detail["build"],
                    "detail": {},
                }
                for row in found
            ],
        )
        connection.execute(_AUDIT.delete().where(ours))


def downgrade() -> None:
    op.drop_table("index_checks")
    op.drop_index("ix_index_events_region_seq", table_name="index_events")
    op.drop_table("index_events")
    op.drop_table("leases")
