"""Companies that the operator made up, to notice those who go through the whole network."""

from directory.companies import lock_company
from directory.records import Records
from directory.records.tables import companies, now


def set_canary(records: Records, company_id: str, *, canary: bool) -> None:
    """Members see no difference, and neither does the company's own audit log. Raises NotFound."""
    with records.writing() as connection:
        lock_company(connection, company_id)
        connection.execute(
            companies.update().where(companies.c.id == company_id).values(canary=canary, changed_at=now())
        )
