"""Who may do what: the one table. Roles are read from the records at each request, so that a change counts at once.

docs/roles.md is this table in words; tests/integration/test_roles.py walks it, every role against every route.
"""

from enum import StrEnum

from directory.errors import NotAllowed
from directory.values import Asker, Role


class Action(StrEnum):
    """What a member may want to do in a company's books. Each network route names its one."""

    LOOK_UP = "look up companies, see a card after a pick, match a list"
    READ_CARD = "read one's own card"
    EDIT_CARD = "edit one's own card"
    READ_VISIBILITY = "read the visibility"
    SET_VISIBILITY = "turn visibility on and off"
    READ_LEDGER = "read who looked at one's card"
    SEE_AS_OTHERS = "see what others find of one"
    READ_AUDIT = "read what was done in one's books by whom"
    GRANT_FIRMS = "let an accounting firm act for the company, and end it"
    READ_CONTACTS = "read customers and vendors"
    WRITE_CONTACTS = "add, edit and unlink customers and vendors"
    READ_CHANGES = "read the feed of changes"
    MANAGE_WEBHOOKS = "set up webhooks"
    SEND_INVOICES = "send invoices, and read what became of them"
    READ_BILLS = "read bills and the cash flow"
    DECIDE_BILLS = "approve, schedule, pay and reject bills"


_ANYONE = frozenset(Role)
_ADMINS = frozenset({Role.PRIMARY_ADMIN, Role.COMPANY_ADMIN})

ALLOWED: dict[Action, frozenset[Role]] = {
    Action.LOOK_UP: _ANYONE,
    Action.READ_CARD: _ANYONE,
    Action.EDIT_CARD: _ADMINS,
    Action.READ_VISIBILITY: _ANYONE,
    Action.SET_VISIBILITY: _ADMINS | {Role.ACCOUNTANT},
    Action.READ_LEDGER: _ADMINS,
    Action.SEE_AS_OTHERS: _ANYONE,
    Action.READ_AUDIT: _ADMINS,
    Action.GRANT_FIRMS: frozenset({Role.PRIMARY_ADMIN}),
    Action.READ_CONTACTS: _ANYONE,
    Action.WRITE_CONTACTS: _ANYONE,
    Action.READ_CHANGES: _ANYONE,
    Action.MANAGE_WEBHOOKS: _ADMINS,
    Action.SEND_INVOICES: _ANYONE,
    Action.READ_BILLS: _ANYONE,
    Action.DECIDE_BILLS: _ADMINS | {Role.ACCOUNTANT},
}


def require(asker: Asker, action: Action) -> None:
    """Raises NotAllowed where the asker's role may not do this."""
    if asker.role not in ALLOWED[action]:
        raise NotAllowed
