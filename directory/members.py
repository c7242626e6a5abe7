"""Who asks: read from the records at each request, so that taking a role away takes effect at once."""

from typing import Any

from sqlalchemy import Connection, bindparam, literal, null, select

from directory.errors import NotAllowed, NotAMember
from directory.records import Prepared, Records
from directory.records.again import write_again
from directory.records.tables import CURRENT_CARD, card_versions, companies, firm_clients, members, now
from directory.regions import Regions
from directory.values import Asker, Kind, Plan, Role, Status, is_company_id

_firms = companies.alias("firms")
_COMPANY = (
    companies.c.id,
    companies.c.region,
    companies.c.kind,
    companies.c.plan,
    companies.c.status,
    companies.c.visible,
    card_versions.c.name,
    card_versions.c.city,
    card_versions.c.province,
)
_OWN = (
    select(members.c.role, null().label("firm_id"), *_COMPANY)
    .join(companies, companies.c.id == members.c.company_id)
    .join(card_versions, CURRENT_CARD)
    .where(~companies.c.erased)
)
_CLIENT = (
    select(literal(Role.ACCOUNTANT.value).label("role"), _firms.c.id.label("firm_id"), *_COMPANY)
    .select_from(members)
    .join(_firms, _firms.c.id == members.c.company_id)
    .join(firm_clients, firm_clients.c.firm_id == _firms.c.id)
    .join(companies, companies.c.id == firm_clients.c.client_id)
    .join(card_versions, CURRENT_CARD)
    .where(
        ~companies.c.erased,
        ~_firms.c.erased,
        _firms.c.kind == Kind.ACCOUNTING_FIRM,
        _firms.c.status == Status.ACTIVE,
    )
)
_MEMBER = (members.c.company_id == bindparam("company")) & (members.c.subject == bindparam("subject"))
_WHO = Prepared(_OWN.where(_MEMBER))
_WHO_ACTS = Prepared(_CLIENT.where(_MEMBER, firm_clients.c.client_id == bindparam("client")))


def identify(records: Records, subject: str, company_id: str, acting_for: str | None = None) -> Asker:
    """The member `subject` of the company, or of the firm `company_id` in the books of its client `acting_for`.

    Raises NotAMember: no such member, or no such company; NotAllowed: whoever it is may not act for that company, which
    is all that is said of it.
    """
    if acting_for is not None and not is_company_id(acting_for):
        raise NotAllowed
    if acting_for is None:
        found = records.ask(_WHO, company=company_id, subject=subject)
    else:
        found = records.ask(_WHO_ACTS, company=company_id, subject=subject, client=acting_for)
    if not found:
        raise NotAMember if acting_for is None else NotAllowed
    return asker_of(found[0], subject, found[0].firm_id)


def asker_of(row: Any, subject: str, firm_id: str | None = None) -> Asker:
    """Who asks, by a row of its company and its role there."""
    return Asker(
        subject=subject,
        role=Role(row.role),
        company_id=row.id,
        company_name=row.name,
        region=row.region,
        kind=Kind(row.kind),
        plan=Plan(row.plan),
        status=Status(row.status),
        visible=row.visible,
        city=row.city,
        province=row.province,
        firm_id=firm_id,
    )


def require_network(asker: Asker, regions: Regions) -> None:
    """Raises NotAMember for a firm's own books, an ended subscription and a region that is not served."""
    if asker.kind is not Kind.BUSINESS or asker.status is not Status.ACTIVE or not regions.serves(asker.region):
        raise NotAMember


def require_firm(asker: Asker) -> None:
    """Raises NotAllowed for everybody but a member of an active accounting firm that acts for itself."""
    if asker.kind is not Kind.ACCOUNTING_FIRM or asker.status is not Status.ACTIVE or asker.firm_id:
        raise NotAllowed


def ensure_member(records: Records, company_id: str, subject: str, role: Role) -> None:
    """Make `subject` a member of the company with this role, where it is none yet; an existing role stays as it is.

    Raises NotAMember if there is no such company.
    """

    def work(connection: Connection) -> None:
        if not _exists(connection, company_id):
            raise NotAMember
        if _role(connection, company_id, subject) is None:
            connection.execute(
                members.insert().values(company_id=company_id, subject=subject, role=role, created_at=now())
            )

    write_again(records, work)


def set_role(records: Records, company_id: str, subject: str, role: Role) -> None:
    """Make `subject` a member of the company with exactly this role."""
    ensure_member(records, company_id, subject, role)
    with records.writing() as connection:
        connection.execute(
            members.update().where(members.c.company_id == company_id, members.c.subject == subject).values(role=role)
        )


def _exists(connection: Connection, company_id: str) -> bool:
    return (
        connection.execute(select(companies.c.id).where(companies.c.id == company_id, ~companies.c.erased)).first()
        is not None
    )


def _role(connection: Connection, company_id: str, subject: str) -> str | None:
    return connection.execute(
        select(members.c.role).where(members.c.company_id == company_id, members.c.subject == subject)
    ).scalar_one_or_none()
