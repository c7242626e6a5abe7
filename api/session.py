"""Signing in and out of the pages: a token is exchanged for a cookie that scripts cannot read."""

import time
from typing import Any

from flask import Blueprint, Response, request, session

from api.bearer import Claims, NotSignedIn
from api.services import services
from api.sign_in import bearer_claims, check_cross_site, choose_client, leave_client, start_session
from directory.errors import InvalidInput, Message, NotFound
from directory.members import identify, set_role
from directory.values import KEPT_ROLES, Role

sessions = Blueprint("session", __name__)
DEV_SESSION_S = 12 * 60 * 60


@sessions.post("/session")
def sign_in() -> Response:
    """With a bearer token, or, where development sign-in is on, as any member: {"company", "role"}."""
    claims = bearer_claims()
    if claims is None:
        if not services().dev_sign_in:
            raise NotSignedIn
        check_cross_site()
        claims = _pick_member(request.get_json())
    elif "admin" in claims.scopes:
        raise NotSignedIn
    identify(services().records, claims.subject, claims.company)
    start_session(claims)
    return Response(status=204)


@sessions.delete("/session")
def sign_out() -> Response:
    check_cross_site()
    session.clear()
    return Response(status=204)


@sessions.put("/session/client")
def act_for_client() -> Response:
    """The pages of an accounting firm's member show the books of a client: {"company"}. Raises NotSignedIn, NotAllowed."""
    check_cross_site()
    wanted = request.get_json()
    company = wanted.get("company") if isinstance(wanted, dict) else None
    choose_client(company if isinstance(company, str) else "")
    return Response(status=204)


@sessions.delete("/session/client")
def act_for_nobody() -> Response:
    check_cross_site()
    leave_client()
    return Response(status=204)


def _pick_member(wanted: Any) -> Claims:
    company = wanted.get("company") if isinstance(wanted, dict) else None
    try:
        role = Role(wanted.get("role", Role.PRIMARY_ADMIN)) if isinstance(wanted, dict) else Role.PRIMARY_ADMIN
        KEPT_ROLES.index(role)
    except ValueError:
        raise InvalidInput({"role": Message("There is no such role.")}) from None
    if not isinstance(company, str) or not company.isprintable():
        raise NotFound
    subject = f"{role}@dev.invalid"
    set_role(services().records, company, subject, role)
    return Claims(subject, company, frozenset(), int(time.time()) + DEV_SESSION_S)
