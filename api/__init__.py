"""HTTP: sign-in, schemas, the routes and the web pages. Rules live in `directory`; here they are asked for and said."""

from api.app import create_app
from api.services import Services

__all__ = ["Services", "create_app"]
