"""Who asks: read from the records at each request, so that taking a role away takes effect at once."""

from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from directory.errors import NotAllowed, NotAMember
from directory.records import Records
from directory.records.tables import card_versions, companies, members, now
from directory.regions import Regions
from directory.values import ADMINS, Asker, Kind, Plan, Role, Status

_WHO = (
    select(
        members.c.subject,
        members.c.role,
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
    .join(companies, companies.c.id == members.c.company_id)
    .join(
        card_versions,
        (card_versions.c.company_id == companies.c.id) & (card_versions.c.version == companies.c.card_version),
    )
    .where(~companies.c.erased)
)


def identify(records: Records, subject: str, company_id: str) -> Asker:
    """The member `subject` of the company. Raises NotAMember: no such member, or no such company."""
    with records.reading() as connection:
        row = connection.execute(
            _WHO.where(members.c.company_id == company_id, members.c.subject == subject)
        ).one_or_none()
    if row is None:
        raise NotAMember
    return Asker(
        subject=row.subject,
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
    )


def require_network(asker: Asker, regions: Regions) -> None:
    """Raises NotAMember for a firm's own books, an ended subscription and a region that is not served."""
    if asker.kind is not Kind.BUSINESS or asker.status is not Status.ACTIVE or not regions.serves(asker.region):
        raise NotAMember


def require_admin(asker: Asker) -> None:
    """Raises NotAllowed for a member who is neither the primary admin nor a company admin."""
    if asker.role not in ADMINS:
        raise NotAllowed


def ensure_member(records: Records, company_id: str, subject: str, role: Role) -> None:
    """Make `subject` a member of the company with this role, where it is none yet; an existing role stays as it is.

    Raises NotAMember if there is no such company.
    """
    with records.writing() as connection:
        if not _exists(connection, company_id):
            raise NotAMember
        if _role(connection, company_id, subject) is not None:
            return
        try:
            connection.execute(
                members.insert().values(company_id=company_id, subject=subject, role=role, created_at=now())
            )
        except IntegrityError:  # another process was first
            raise NotAMember from None


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
