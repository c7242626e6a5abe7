"""Whether a company may have a contact already, said before it is saved once more. Only ever a hint: saving is not refused.

Invariant: what a contact does not show is not compared, so that no answer tells more than the contacts themselves do.
"""

from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import OSA
from sqlalchemy import ColumnElement, and_, func, or_

from directory.card import email_domain, folded_name
from directory.companies import shown_card
from directory.contacts.rows import SHOWN_NAME, reading, shown_fields
from directory.records import Records
from directory.records.tables import OPENED, card_versions, contacts
from directory.tokens import Tokens
from directory.values import Asker, Relation
from mappings.folding import fold
from mappings.free_mail import is_free_mail

MOST = 10
_LOOKED_AT = 200
_NEAR = 0.7  # of the letters agree


class Because(StrEnum):
    """Why a contact is likely the same, the surest first."""

    COMPANY = "same_company"
    NAME = "same_name"
    EMAIL = "same_email_domain"


@dataclass(frozen=True, slots=True)
class Duplicate:
    contact_id: str
    relation: Relation
    name: str
    city: str
    province: str
    because: Because


@dataclass(frozen=True, slots=True)
class _Wanted:
    company_id: str | None
    name: str
    domain: str


def find_duplicates(
    records: Records,
    tokens: Tokens,
    asker: Asker,
    relation: Relation | None,
    name: str,
    email: str = "",
    link: str = "",
) -> list[Duplicate]:
    """One's own contacts that are likely what is about to be saved, the likeliest first, at most ten.

    With a `link`, its company, and its e-mail where none is given. Reads the asker's own list once, joined with its cards.
    Raises NotFound for a link that expired, is another company's, or whose company may no longer be shown.
    """
    company_id = tokens.open_link(link, asker.company_id) if link else None
    with records.reading() as connection:
        if company_id:
            card = shown_card(connection, company_id, asker.region).card
            name, email = name or card.name, email or card.email
        domain = email_domain(email.strip())
        domain = domain if domain.isprintable() else ""  # no text for a database
        wanted = _Wanted(company_id, name, "" if is_free_mail(domain) else domain)
        candidates = reading(asker).where(or_(*_likely(wanted))).order_by(contacts.c.id).limit(_LOOKED_AT)
        if relation:
            candidates = candidates.where(contacts.c.relation == relation)
        rows = connection.execute(candidates).all()
    found = []
    for row in rows:
        shown = shown_fields(row)
        because = _why(row.linked_company_id, shown["name"], shown["email"], wanted)
        if because:
            found.append(
                Duplicate(row.id, Relation(row.relation), shown["name"], shown["city"], shown["province"], because)
            )
    order = list(Because)
    return sorted(found, key=lambda one: order.index(one.because))[:MOST]


def _likely(wanted: _Wanted) -> list[ColumnElement[bool]]:
    """What the records can tell; `_why` decides, by what each contact shows."""
    tests: list[ColumnElement[bool]] = [SHOWN_NAME.in_([folded_name(wanted.name)])]
    if wanted.company_id:
        tests.append(contacts.c.linked_company_id == wanted.company_id)
    if wanted.domain:
        card_says = func.lower(card_versions.c.email).endswith(f"@{wanted.domain}", autoescape=True)
        tests.append(contacts.c.email_domain == wanted.domain)
        tests.append(and_(contacts.c.email_domain == "", OPENED, card_says))
    return tests


def _why(company_id: str | None, name: str, email: str, wanted: _Wanted) -> Because | None:
    if wanted.company_id and company_id == wanted.company_id:
        return Because.COMPANY
    if folded_name(name) and folded_name(name) == folded_name(wanted.name):
        return Because.NAME
    if wanted.domain and email_domain(email) == wanted.domain and _near(name, wanted.name):
        return Because.EMAIL
    return None


def _near(one: str, other: str) -> bool:
    """A word of three letters or more in common that is no legal form, or most letters the same."""
    words = [{word for word in fold(name).core if len(word) > 2} for name in (one, other)]
    return bool(words[0] & words[1]) or OSA.normalized_similarity(folded_name(one), folded_name(other)) >= _NEAR
