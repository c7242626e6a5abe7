"""What all tables share. Times are whole milliseconds since 1970 (UTC), so that both databases compare them alike."""

import time

from sqlalchemy import BigInteger, Integer, MetaData, String

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)

ID = String(60)  # of a company, as the accounting product gives it
UUID = String(36)
SUBJECT = String(254)  # who somebody is, as their token says
# SQLite numbers rows by itself only where the key is spelled INTEGER.
SERIAL = BigInteger().with_variant(Integer, "sqlite")


def now() -> int:
    return time.time_ns() // 1_000_000
