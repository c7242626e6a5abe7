"""The routes of the network, by what they are about. Each asks one rule in `directory` and says what came of it."""

from flask_smorest import Api

from api.routes.company import company
from api.routes.contact_past import contact_past
from api.routes.contacts import contacts
from api.routes.matching import matching
from api.routes.network import network

ROUTES = (network, company, contacts, contact_past, matching)


def register(api: Api) -> None:
    for blueprint in ROUTES:
        api.register_blueprint(blueprint)
