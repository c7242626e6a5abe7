"""The routes of the network, by what they are about. Each asks one rule in `directory` and says what came of it."""

from flask_smorest import Api

from api.routes.admin import admin
from api.routes.admin_members import admin_members
from api.routes.clients import clients
from api.routes.company import company
from api.routes.contacts import contacts
from api.routes.firms import firms
from api.routes.network import network

ROUTES = (network, company, contacts, firms, clients, admin, admin_members)


def register(api: Api) -> None:
    for blueprint in ROUTES:
        api.register_blueprint(blueprint)
