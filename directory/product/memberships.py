"""Who belongs to which company, as the accounting product says. A change counts at the member's next request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection, insert, select

from directory.companies import absent, lock_companies
from directory.errors import CarnetError, InvalidInput, Message
from directory.records import Records
from directory.records.again import write_again
from directory.records.tables import audit, members, now
from directory.values import KEPT_ROLES, Role

LONGEST_SUBJECT = 254


@dataclass(frozen=True, slots=True)
class Membership:
    """`role` is None for somebody who is to be no member."""

    company_id: str
    subject: str
    role: Role | None


def make_membership(company_id: str, subject: str, role: str | None) -> Membership:
    """Raises InvalidInput for a role that is not kept, or a subject that no token can carry."""
    if not 1 <= len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
        raise InvalidInput(
            {"subject": Message("Must be 1 to %(longest)s printable characters.", longest=LONGEST_SUBJECT)}
        )
    if role is not None and role not in KEPT_ROLES:
        raise InvalidInput({"role": Message("There is no such role.")})
    return Membership(company_id, subject, None if role is None else Role(role))


def change_members(records: Records, service: str, wanted: Sequence[Membership]) -> list[CarnetError | None]:
    """Make them so, in one transaction; an error a membership where there is no such company, or it was erased."""
    return write_again(records, partial(_change, service=service, wanted=wanted))


def _change(connection: Connection, service: str, wanted: Sequence[Membership]) -> list[CarnetError | None]:
    found = lock_companies(connection, {one.company_id for one in wanted})
    errors = [absent(found.get(one.company_id)) for one in wanted]
    after = {
        (one.company_id, one.subject): one.role for one, error in zip(wanted, errors, strict=True) if error is None
    }
    before = _existing(connection, after)
    at, notes = now(), []
    for (company_id, subject), role in after.items():
        if (was := before.get((company_id, subject))) == role:
            continue
        key = {"company_id": company_id, "subject": subject}
        here = (members.c.company_id == company_id) & (members.c.subject == subject)
        if role is None:
            connection.execute(members.delete().where(here))
        elif was is None:
            connection.execute(members.insert().values(**key, role=role, created_at=at))
        else:
            connection.execute(members.update().where(here).values(role=role))
        action = "member_removed" if role is None else "member_set"
        note = {"actor": service, "action": action, "company_id": company_id, "region": found[company_id].region}
        notes.append({**note, "at": at, "detail": {"subject": subject, **({"role": role} if role else {})}})
    if notes:
        connection.execute(insert(audit), notes)
    return errors


def _existing(connection: Connection, keys: Mapping[tuple[str, str], object]) -> dict[tuple[str, str], str]:
    rows = connection.execute(
        select(members.c.company_id, members.c.subject, members.c.role).where(
            members.c.company_id.in_({company for company, _ in keys}),
            members.c.subject.in_({subject for _, subject in keys}),
        )
    )
    return {(row.company_id, row.subject): row.role for row in rows}
