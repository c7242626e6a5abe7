"""The pages and their addresses. A page that needs somebody signed in sends anyone else to /sign-in."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeAlias

from flask import Blueprint, Response, current_app, g, redirect, render_template, request, url_for
from flask_babel import get_locale
from werkzeug.wrappers import Response as AnyResponse

from api.pages import assets
from api.pages.arrival import safe_next
from api.pages.countries import countries
from api.pages.description import subjects
from api.pages.language import page_address_in, page_address_without_language, remember_language
from directory.permissions import ALLOWED, Action
from directory.values import Asker, Kind

Page: TypeAlias = str | AnyResponse
P = ParamSpec("P")

pages = Blueprint("pages", __name__, template_folder="../templates")
assets.init_blueprint(pages)
pages.before_request(remember_language)

ROLES = ("primary_admin", "company_admin", "standard_user")


def signed_in(view: Callable[P, Page]) -> Callable[P, Page]:
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Page:
        if g.get("asker") is None:
            return redirect(url_for("pages.sign_in", next=page_address_without_language()))
        return view(*args, **kwargs)

    return guarded


def in_books(view: Callable[P, Page]) -> Callable[P, Page]:
    """Of the books that take part in the network: a firm's own do not, so its members choose a client first."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Page:
        if g.asker.kind is Kind.ACCOUNTING_FIRM:
            return redirect(url_for("pages.clients"))
        return view(*args, **kwargs)

    return signed_in(guarded)


def _may(asker: Asker | None, action: Action) -> bool:
    return asker is not None and asker.role in ALLOWED[action]


def _tag(language: str, asker: Asker | None) -> str:
    """French is that of Canada; English that of the asker's region, where a `$` of no named country is their own."""
    if language == "fr":
        return "fr-CA"
    return f"en-{asker.region.upper()}" if asker else "en"


@pages.context_processor
def shell() -> dict[str, Any]:
    """What every page needs. Whether somebody may edit is only for showing: the API decides when they save."""
    asker = g.get("asker")
    language = get_locale().language
    other = "en" if language == "fr" else "fr"
    return {
        "asker": asker,
        "language": language,
        "language_tag": _tag(language, asker),
        "other_language": other,
        "other_language_address": page_address_in(other),
        "acting": asker is not None and asker.firm_id is not None,
        "read_only": not _may(asker, Action.EDIT_CARD),
        "may_switch": _may(asker, Action.SET_VISIBILITY),
        "is_firm": asker is not None and asker.kind == "accounting_firm",
    }


@pages.after_request
def keep_private(response: Response) -> Response:
    """Pages say who is signed in, so nobody may keep them; the scripts and styles are the same for everyone."""
    if request.endpoint != "pages.static":
        response.headers["Cache-Control"] = "no-store"
        response.vary.update(("Cookie", "Accept-Language"))
    return response


@pages.get("/")
def home() -> Page:
    return render_template("home.html")


@pages.get("/privacy")
def privacy() -> Page:
    return render_template("privacy.html")


@pages.get("/docs")
def docs() -> Page:
    return render_template("api.html", subjects=subjects())


@pages.get("/sign-in")
def sign_in() -> Page:
    destination = safe_next(request.args.get("next"))
    if not current_app.config.get("DEV_SIGN_IN"):
        return render_template("sign_in_elsewhere.html")
    text = request.args.get("q", "").strip()
    role = request.args.get("role")
    return render_template(
        "sign_in.html",
        companies=current_app.extensions["carnet"].dev_companies(text),
        destination=destination,
        next=request.args.get("next"),
        role=role if role in ROLES else ROLES[0],
        text=text,
    )


@pages.get("/customers/new", defaults={"relation": "customer"})
@pages.get("/vendors/new", defaults={"relation": "vendor"})
@in_books
def new_contact(relation: str) -> Page:
    return render_template("contact_new.html", relation=relation, countries=countries(get_locale().language))


@pages.get("/customers", defaults={"relation": "customer"})
@pages.get("/vendors", defaults={"relation": "vendor"})
@in_books
def contacts(relation: str) -> Page:
    return render_template("contact_list.html", relation=relation)


@pages.get("/customers/match", defaults={"relation": "customer"})
@pages.get("/vendors/match", defaults={"relation": "vendor"})
@in_books
def match(relation: str) -> Page:
    return render_template("match.html", relation=relation)


@pages.get("/contacts/<contact_id>")
@in_books
def contact(contact_id: str) -> Page:
    return render_template("contact.html", contact_id=contact_id, countries=countries(get_locale().language))


@pages.get("/bills")
@in_books
def bills() -> Page:
    return render_template("bill_list.html")


@pages.get("/bills/<bill_id>")
@in_books
def bill(bill_id: str) -> Page:
    return render_template("bill.html", bill_id=bill_id)


@pages.get("/invoices")
@in_books
def invoices() -> Page:
    return render_template("invoice_list.html")


@pages.get("/card")
@in_books
def card() -> Page:
    return render_template("card.html", countries=countries(get_locale().language))


@pages.get("/visibility")
@in_books
def visibility() -> Page:
    return render_template("visibility.html")


@pages.get("/reveals")
@in_books
def reveals() -> Page:
    return render_template("reveals.html")


@pages.get("/as-others-see-it")
@in_books
def as_others() -> Page:
    return render_template("as_others.html")


@pages.get("/clients")
@signed_in
def clients() -> Page:
    return render_template("clients.html")
