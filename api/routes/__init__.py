"""The routes of the network, by what they are about. Each asks one rule in `directory` and says what came of it."""

from flask_smorest import Api

from api.routes.changes import changes
from api.routes.company import company
from api.routes.contacts import contacts
from api.routes.network import network
from api.routes.webhooks import webhooks

ROUTES = (network, company, contacts, changes, webhooks)


def register(api: Api) -> None:
    for blueprint in ROUTES:
        api.register_blueprint(blueprint)
