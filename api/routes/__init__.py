"""The routes of the network, by what they are about. Each asks one rule in `directory` and says what came of it."""

from flask_smorest import Api

from api.routes.bills import bills
from api.routes.company import company
from api.routes.contacts import contacts
from api.routes.invoices import invoices
from api.routes.network import network
from api.routes.outlook import outlook

ROUTES = (network, company, contacts, invoices, bills, outlook)


def register(api: Api) -> None:
    for blueprint in ROUTES:
        api.register_blueprint(blueprint)
