"""Who asks, by bearer token or by the session cookie of the pages."""

import time
from contextlib import suppress

from flask import Flask, Request, current_app, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect, generate_csrf, validate_csrf
from werkzeug.exceptions import RequestEntityTooLarge
from wtforms import ValidationError

from api.bearer import Claims, NotSignedIn
from api.services import services
from directory.accountants.acting import note_acting
from directory.errors import CarnetError, Message, NotAllowed, NotAMember
from directory.members import identify, require_firm, require_network
from directory.values import Asker

ACTING_FOR = "Carnet-Acting-For"
SIGNED_IN_AS = "Carnet-Signed-In-As"  # a page says whose it was made
_CLIENT = "client"  # in the session: in whose books its pages are
_PROOF = "csrf_token"  # in the session, as Flask-WTF calls it
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_csrf = CSRFProtect()


class CrossSite(CarnetError):
    code = "csrf"

    def __init__(self) -> None:
        super().__init__(Message("This form is too old, or comes from another site. Reload the page and try again."))


class OtherCompany(CarnetError):
    code = "other_company"

    def __init__(self) -> None:
        super().__init__(Message("The session is another company's by now."))


class _Sessions(SecureCookieSessionInterface):
    """Derives the keys of cookies only for a request that has one: who sends a token has none."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if self.get_cookie_name(app) in request.cookies:
            return super().open_session(app, request)
        return self.session_class()

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002
        """A cookie that was given over HTTPS never travels without it; a demo on http://127.0.0.1 still has one."""
        return request.is_secure


def init_app(app: Flask) -> None:
    app.session_interface = _Sessions()
    app.config.update(
        WTF_CSRF_CHECK_DEFAULT=False,  # only what a cookie signs in for needs it: see `check_cross_site`
        WTF_CSRF_TIME_LIMIT=None,
        SESSION_COOKIE_NAME="carnet_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    _csrf.init_app(app)


def require_member() -> None:
    """Before a network route: sets `g.claims`, and `g.asker` where the route does not find out by itself who asks (see
    `asks_by_itself`). Raises NotSignedIn, NotAMember, NotAllowed, OtherCompany, CrossSite.
    """
    g.claims = claims = _member_claims()
    acting_for = request.headers.get(ACTING_FOR) or None
    if acting_for is None and hasattr(current_app.view_functions[request.endpoint or ""], "asks_by_itself"):
        return
    _identify(claims, acting_for)


def require_member_if_not_yet() -> None:
    """Where a route that `asks_by_itself` will not come to do so: whoever may not ask is told that, and no more."""
    if "claims" in g and "asker" not in g:
        _identify(g.claims, None)


def _identify(claims: Claims, acting_for: str | None) -> None:
    asker = identify(services().records, claims.subject, claims.company, acting_for)
    require_network(asker, services().regions)
    g.asker = asker
    if asker.firm_id:
        note_acting(services().records, asker, request.method, request.endpoint or "")


def require_firm_member() -> None:
    """Before a firm's own routes: sets `g.asker`. Raises as `require_member` does."""
    claims = _member_claims()
    g.asker = identify(services().records, claims.subject, claims.company)
    require_firm(g.asker)


def _member_claims() -> Claims:
    """Whoever holds a body back, or sends it slowly, is asked for in the records once all of it has come: what they may do by
    then counts, and not what they might when they began.
    """
    claims = _claims()
    if "admin" in claims.scopes:  # a service is nobody's member
        raise NotAllowed
    if request.method not in _SAFE:
        with suppress(RequestEntityTooLarge):  # said when it is looked at, to who may ask
            request.get_data()
    return claims


def require_service() -> None:
    """Before the accounting product's routes: sets `g.service`, who it is. A cookie never gets here."""
    claims = bearer_claims()
    if claims is None:
        raise NotSignedIn
    if "admin" not in claims.scopes:
        raise NotAllowed
    g.service = claims.subject


def service() -> str:
    """The accounting product that asks, as its token calls it."""
    found: str = g.service
    return found


def asker() -> Asker:
    found: Asker = g.asker
    return found


def asker_if_known() -> Asker | None:
    """None in a route that `asks_by_itself`, which then has nothing but the `claims`."""
    found: Asker | None = g.get("asker")
    return found


def claims() -> Claims:
    """Of the token or the session: who says that it is, of which company or firm."""
    found: Claims = g.claims
    return found


def read_session() -> None:
    """Before a page: sets `g.asker`, to None where nobody is signed in, and in a client's books while that was chosen and
    is granted. Pages of a company that has left say so."""
    g.asker = None
    claims = _session_claims()
    if claims:
        try:
            g.asker = _on_pages(claims)
        except NotAMember:
            session.clear()


def _on_pages(claims: Claims) -> Asker:
    if _CLIENT in session:
        try:
            return identify(services().records, claims.subject, claims.company, session[_CLIENT])
        except NotAllowed:
            session.pop(_CLIENT)
    return identify(services().records, claims.subject, claims.company)


def choose_client(company_id: str) -> None:
    """From the next page on, the pages of this session show this client's books, and ask the API for them: what an
    answer of the API is about, its own header alone decides. Raises NotSignedIn, NotAllowed."""
    claims = _session_claims()
    if claims is None:
        raise NotSignedIn
    identify(services().records, claims.subject, claims.company, company_id)
    session[_CLIENT] = company_id


def leave_client() -> None:
    session.pop(_CLIENT, None)


def start_session(claims: Claims) -> None:
    """Whoever signs in again, in another tab, can still save what stands in the first: its pages' proof stays good, and
    the client whose books they show stays chosen. Each page asks anew whether that is granted."""
    again = (session.get("subject"), session.get("company")) == (claims.subject, claims.company)
    kept = {name: session[name] for name in (_PROOF, _CLIENT) if again and name in session}
    session.clear()
    session.update(kept, subject=claims.subject, company=claims.company, until=claims.until)
    generate_csrf()  # or two pages that are opened at once would each make one


def check_cross_site() -> None:
    """A browser sends the cookie with requests that other sites make, so those that change something prove their page."""
    for secret in services().session_secrets:  # a page may be older than the secret that is new, as its session may be
        with suppress(ValidationError):
            validate_csrf(request.headers.get("X-CSRFToken"), secret)
            return
    raise CrossSite


def bearer_claims() -> Claims | None:
    """What the Authorization header says; None where there is none. Raises NotSignedIn for any but a valid bearer token."""
    header = request.headers.get("Authorization")
    if header is None:
        return None
    kind, _, token = header.partition(" ")
    if kind.lower() != "bearer" or not token:
        raise NotSignedIn
    return services().verifier.verify(token.strip())


def _claims() -> Claims:
    claims = bearer_claims()
    if claims is None:
        claims = _session_claims()
        if claims is None:
            raise NotSignedIn
        _check_company(claims)
        if request.method not in _SAFE:
            check_cross_site()
    return claims


def _check_company(claims: Claims) -> None:
    """The tabs of a browser have one session: what a page shows under the name of one company is never another's."""
    if request.headers.get(SIGNED_IN_AS, claims.company) != claims.company:
        raise OtherCompany


def _session_claims() -> Claims | None:
    if session.get("until", 0) <= time.time():
        return None
    return Claims(session["subject"], session["company"], frozenset(), session["until"])
