"""The words of the domain as values: what a company, its card and a member are."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

LONGEST_ID = 60
_ID = re.compile(rf"[A-Za-z0-9][A-Za-z0-9:._-]{{0,{LONGEST_ID - 1}}}")


def is_company_id(text: str) -> bool:
    """Whether a company could have this id. Any other text is not worth a question, and some a database refuses."""
    return _ID.fullmatch(text) is not None


class Country(str):
    """The code of a country, which a sentence says by its name."""


class Kind(StrEnum):
    BUSINESS = "business"
    ACCOUNTING_FIRM = "accounting_firm"


class Plan(StrEnum):
    STARTER = "starter"
    ESSENTIALS = "essentials"
    PLUS = "plus"
    ADVANCED = "advanced"


class Status(StrEnum):
    ACTIVE = "active"
    ENDED = "ended"


class Relation(StrEnum):
    CUSTOMER = "customer"
    VENDOR = "vendor"


class Origin(StrEnum):
    """Where a value in the history of a contact came from."""

    LINKED = "linked"  # the card, when the contact was linked
    NETWORK = "network"  # the card, when the company changed it
    LOCAL = "local"  # a member wrote it
    REVERT = "revert"  # a member took an earlier value back
    UNLINKED = "unlinked"  # what the card said when the contact was unlinked
    HELD = "held"  # kept although the card changed, because the new value looks like somebody else's
    ERASED = "erased"  # what the card said when its company was erased


class Role(StrEnum):
    PRIMARY_ADMIN = "primary_admin"
    COMPANY_ADMIN = "company_admin"
    STANDARD_USER = "standard_user"
    ACCOUNTANT = "accountant"  # a member of a firm, in a client's books; never kept: it follows from firm_clients


NOBODY = ""  # stands where the records name a person, and none did it or may be named

KEPT_ROLES = (Role.PRIMARY_ADMIN, Role.COMPANY_ADMIN, Role.STANDARD_USER)


@dataclass(frozen=True, slots=True)
class Card:
    """A company's public contact card, already validated; see `directory.card` for what each field may hold."""

    name: str
    other_names: tuple[str, ...] = ()
    email: str = ""
    phone: str = ""
    website: str = ""
    street: str = ""
    city: str = ""
    province: str = ""
    postal_code: str = ""
    country: str = ""

    def fields(self) -> dict[str, Any]:
        return {**asdict(self), "other_names": list(self.other_names)}

    @classmethod
    def of(cls, fields: Mapping[Any, Any]) -> "Card":
        """The card in a row of the records, or in a mapping of all its fields."""
        return cls(**{name: fields[name] for name in CARD_FIELDS} | {"other_names": tuple(fields["other_names"])})

    @property
    def indexed(self) -> tuple[Any, ...]:
        """What the index must show of a card: a change of these raises the company's index version."""
        return (self.name, self.other_names, self.city, self.province)


CARD_FIELDS = tuple(Card.__dataclass_fields__)
CONTACT_FIELDS = tuple(field for field in CARD_FIELDS if field != "other_names")


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks and for which company, as the records say at this request.

    `firm_id`: the accounting firm that the asker acts for the company with; None for the company's own members.
    """

    subject: str
    role: Role
    company_id: str
    company_name: str
    region: str
    kind: Kind
    plan: Plan
    status: Status
    visible: bool
    city: str
    province: str
    firm_id: str | None = None
