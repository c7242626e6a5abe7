"""One's own company: its card and its visibility."""

from typing import Any

from api.routes.blueprint import if_match, moment, network_blueprint, permits
from api.routes.headers import ETAG, header
from api.schemas.base import CardFields
from api.schemas.company import OwnCard, Visibility, VisibilityChange
from api.services import services
from api.sign_in import asker
from directory.companies import VersionedCard, edit_own_card, read_own_card
from directory.errors import PreconditionMissing
from directory.permissions import Action
from directory.visibility import Receipt, read_visibility, set_visibility

company = network_blueprint("company", __name__, "One's own card, and whether others find it.")


@company.get("/company/card")
@company.response(200, OwnCard, headers=ETAG)
@permits(Action.READ_CARD)
def get_card() -> tuple[dict[str, Any], int, dict[str, str]]:
    """One's own card, with its version as the ETag."""
    return _said(read_own_card(services().records, asker().company_id))


@company.put("/company/card")
@company.doc(parameters=[header("If-Match", "The ETag of the card that was read.", required=True)])
@company.arguments(CardFields)
@company.response(200, OwnCard, headers=ETAG)
@permits(Action.EDIT_CARD)
def put_card(fields: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Replace one's own card. Needs `If-Match` with the ETag that was read; a field left out is emptied."""
    return _said(edit_own_card(services().records, services().publisher, asker(), fields, _expected_version()))


@company.get("/company/visibility")
@company.response(200, Visibility)
@permits(Action.READ_VISIBILITY)
def get_visibility() -> dict[str, Any]:
    """Whether others find the company, and since when."""
    return say_receipt(read_visibility(services().records, asker().company_id))


@company.put("/company/visibility")
@company.arguments(VisibilityChange)
@company.response(200, Visibility)
@permits(Action.SET_VISIBILITY)
def put_visibility(change: dict[str, Any]) -> dict[str, Any]:
    """Turn visibility on or off. Once this has answered "off", no search received later shows the company."""
    carnet = services()
    return say_receipt(set_visibility(carnet.records, carnet.journal, carnet.publisher, asker(), change["visible"]))


def _said(versioned: VersionedCard) -> tuple[dict[str, Any], int, dict[str, str]]:
    body = {**versioned.card.fields(), "version": versioned.version, "unverified": True}
    return body, 200, {"ETag": f'"{versioned.version}"'}


def _expected_version() -> int:
    version = if_match()
    if version is None:
        raise PreconditionMissing
    return version


def say_receipt(receipt: Receipt) -> dict[str, Any]:
    return {
        "visible": receipt.visible,
        "index_version": receipt.index_version,
        "effective_at": moment(receipt.effective_at),
        "index_confirmed": receipt.index_confirmed,
    }
