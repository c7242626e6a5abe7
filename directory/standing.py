"""What follows when a company changes: its card, its visibility, its region, its subscription, its kind, its erasure.

Whoever changes a company locks its row, asks `consequences` what follows, and hands that to `apply`, in one transaction.
So an edit, an import, the switch and the accounting product cannot differ in what members see afterwards. docs/standing.md
has the table; tests/unit/test_standing.py a test for each of its cells.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, and_, case, insert, select, update

from directory import outbox
from directory.card import folded_name, marks
from directory.look_alikes.finding import Edited, hold_look_alikes
from directory.records.tables import card_versions, changes, companies, contacts, former_regions, now
from directory.shown_version import shown_version
from directory.values import Card, Kind, Status


class News(StrEnum):
    """What a linked contact hears of its company. Why it stopped is nobody's business."""

    CARD = "card"
    STOPPED = "stopped"
    RESUMED = "resumed"


@dataclass(frozen=True, slots=True)
class Consequences:
    """`changed`: what of it, by name. `values`: of its row. `news`: (region whose members hear it, what, card version)."""

    company_id: str
    region: str
    changed: tuple[str, ...]
    values: Mapping[str, Any]
    new_card: Mapping[str, Any] | None
    news: tuple[tuple[str, News, int | None], ...]
    first_publication: int
    work: tuple[str, int] | None
    left: str | None  # the region that it leaves
    renamed: Edited | None  # where contacts come to see another name or e-mail domain
    last_seen_there: int
    at: int


_STANDING = ("region", "kind", "plan", "status", "visible", "erased")
_INDEXED = ("region", "kind", "status", "visible", "erased")


# `is_shown` as the records are asked it. `directory.companies.why_not_shown` says the same with the reason.
SHOWN = and_(
    companies.c.visible,
    companies.c.status == Status.ACTIVE,
    companies.c.kind == Kind.BUSINESS,
    ~companies.c.erased,
)


def is_shown(company: Mapping[str, Any]) -> bool:
    """Whether members of its region find it, by its row alone."""
    return bool(
        company["visible"]
        and company["status"] == Status.ACTIVE
        and company["kind"] == Kind.BUSINESS
        and not company["erased"]
    )


def consequences(
    company: Mapping[str, Any], wanted: Mapping[str, Any], card: Card | None = None, *, by: str
) -> Consequences | None:
    """What follows if these columns of the company's row (with its current card) become what is `wanted`.

    None where nothing changes. Pure: reads no clock but for the time that it notes, and no database.
    """
    current = Card.of(company)
    card = card or current
    changed = {name: wanted[name] for name in _STANDING if name in wanted and wanted[name] != company[name]}
    if not changed and card == current:
        return None
    at, after = now(), {**company, **changed}
    version = company["card_version"] + (card != current)
    news = _news(company, after, version, edited=card != current)
    reindex = card.indexed != current.indexed or any(name in changed for name in _INDEXED)
    index_version = company["index_version"] + reindex
    values = {
        **changed,
        "card_version": version,
        "index_version": index_version,
        "publication": company["publication"] + len(news),
        "changed_at": at,
    }
    if "visible" in changed:
        values["visible_since"] = at
    if "region" in changed:
        values["region_since"] = at
    if is_shown(after):
        values.update(published_version=version, **marks(card.name, card.email))
    new_card = {
        "company_id": company["id"],
        "version": version,
        "created_by": by,
        "created_at": at,
        "folded_name": folded_name(card.name),
        **card.fields(),
    }
    return Consequences(
        company_id=company["id"],
        region=after["region"],
        changed=(*changed, *(["card"] if card != current else [])),
        values=values,
        new_card=new_card if card != current else None,
        news=news,
        first_publication=company["publication"] + 1,
        work=(company["id"], index_version) if reindex else None,
        left=company["region"] if "region" in changed else None,
        renamed=_renamed(company, after, card, values, by),
        last_seen_there=company["published_version"],
        at=at,
    )


def _news(
    before: Mapping[str, Any], after: Mapping[str, Any], version: int, *, edited: bool
) -> tuple[tuple[str, News, int | None], ...]:
    was, shown = is_shown(before), is_shown(after)
    if before["region"] != after["region"]:
        stopped = ((before["region"], News.STOPPED, None),) if was else ()
        return stopped + (((after["region"], News.RESUMED, version),) if shown else ())
    if was and not shown:
        return ((before["region"], News.STOPPED, None),)
    if shown and not was:
        return ((after["region"], News.RESUMED, version),)
    return ((after["region"], News.CARD, version),) if shown and edited else ()


def _renamed(
    before: Mapping[str, Any], after: Mapping[str, Any], card: Card, values: Mapping[str, Any], by: str
) -> Edited | None:
    """What to compare with the vendors of connected companies. Where contacts may see another version than the current
    one, which of them changed is for the records to say."""
    if not is_shown(after):
        return None
    seen_is_current = before["published_version"] == before["card_version"] and before["region"] == after["region"]
    if seen_is_current and all(before.get(column) == values[column] for column in ("folded_name", "email_domain")):
        return None
    return Edited(before["id"], before["region"], before["published_version"], after["region"], card, by)


def apply(connection: Connection, many: Sequence[Consequences]) -> None:
    """Write what follows for companies that the caller has locked."""
    for one in many:
        if one.renamed:  # before anything is written: what contacts show now is what they keep
            hold_look_alikes(connection, one.renamed, one.at)
    if cards := [one.new_card for one in many if one.new_card]:
        connection.execute(insert(card_versions), cards)
    for one in many:
        connection.execute(update(companies).where(companies.c.id == one.company_id).values(**one.values))
        if one.left:
            _move(connection, one, one.left)
        for region, what, _ in one.news:
            if what is News.RESUMED:
                _wake(connection, one.company_id, region)
    if rows := [row for one in many for row in _changes(one)]:
        connection.execute(insert(changes), rows)
    outbox.add(connection, [one.work for one in many if one.work])


def _changes(one: Consequences) -> list[dict[str, Any]]:
    return [
        {
            "company_id": one.company_id,
            "region": region,
            "kind": kind,
            "card_version": version,
            "publication": publication,
            "at": one.at,
        }
        for publication, (region, kind, version) in enumerate(one.news, one.first_publication)
    ]


def _move(connection: Connection, one: Consequences, left: str) -> None:
    """Members of the region that it leaves keep what they saw last; and so does the company of theirs."""
    entered = one.values["region"]
    here = (former_regions.c.company_id == one.company_id) & (former_regions.c.region == left)
    seen = {"published_version": one.last_seen_there}
    if not connection.execute(update(former_regions).where(here).values(**seen)).rowcount:
        connection.execute(insert(former_regions).values(company_id=one.company_id, region=left, **seen))
    if "published_version" not in one.values:  # not shown in the new region: members there must not see what others saw
        seen_there = select(former_regions.c.published_version).where(
            former_regions.c.company_id == one.company_id, former_regions.c.region == entered
        )
        if (version := connection.execute(seen_there).scalar_one_or_none()) is not None:
            connection.execute(
                update(companies).where(companies.c.id == one.company_id).values(published_version=version)
            )
    _rest_own_contacts(connection, one.company_id, left, entered)


def _rest_own_contacts(connection: Connection, company_id: str, left: str, entered: str) -> None:
    """The mover's own contacts stay at what they show now, but for companies that are shown in the new region."""
    met = and_(companies.c.region == entered, SHOWN)
    where_it_was = and_(former_regions.c.company_id == companies.c.id, former_regions.c.region == left)
    resting = (
        select(case((met, None), else_=shown_version(left)))
        .select_from(companies.outerjoin(former_regions, where_it_was))
        .where(companies.c.id == contacts.c.linked_company_id)
        .scalar_subquery()
    )
    mine = (contacts.c.company_id == company_id) & contacts.c.linked_company_id.is_not(None)
    connection.execute(update(contacts).where(mine).values(resting_version=resting))


def _wake(connection: Connection, company_id: str, region: str) -> None:
    """Contacts that rested, of members of the region where the company is shown again, follow it again."""
    connection.execute(
        update(contacts)
        .where(
            contacts.c.linked_company_id == company_id,
            contacts.c.resting_version.is_not(None),
            contacts.c.company_id.in_(select(companies.c.id).where(companies.c.region == region)),
        )
        .values(resting_version=None)
    )


def change(
    connection: Connection, row: Row[Any], wanted: Mapping[str, Any], card: Card | None = None, *, by: str
) -> Mapping[str, Any]:
    """`consequences` and `apply` for one locked company; its row as it is then."""
    company = row._asdict()
    found = consequences(company, wanted, card, by=by)
    if found is None:
        return company
    apply(connection, [found])
    return {**company, **found.values}
