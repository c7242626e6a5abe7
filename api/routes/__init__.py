"""The routes of the network, by what they are about. Each asks one rule in `directory` and says what came of it."""

from collections.abc import Callable

from flask_smorest import Api

from api.routes.admin import admin
from api.routes.admin_members import admin_members
from api.routes.bills import bills
from api.routes.changes import changes
from api.routes.clients import clients
from api.routes.company import company
from api.routes.contact_past import contact_past
from api.routes.contacts import contacts
from api.routes.firms import firms
from api.routes.headers import FOR_A_CLIENT
from api.routes.invoices import invoices
from api.routes.matching import matching
from api.routes.network import network
from api.routes.outlook import outlook
from api.routes.seen import look_ups, seen
from api.routes.webhooks import webhooks

OF_MEMBERS = (
    network, company, contacts, contact_past, matching, changes, webhooks, seen, invoices, bills, outlook, firms,
)  # fmt: skip
OF_OTHERS = (clients, admin, admin_members)

# What else counts as looking up, and as how often: `get_typeahead` counts itself, while the index works.
LOOK_UPS: dict[str, int | Callable[[], int]] = {
    "network.post_reveal": 1,
    "seen.get_as_others_see_it": look_ups,
}


def register(api: Api) -> None:
    for blueprint in OF_MEMBERS:
        api.register_blueprint(blueprint, parameters=[FOR_A_CLIENT])
    for blueprint in OF_OTHERS:
        api.register_blueprint(blueprint)
