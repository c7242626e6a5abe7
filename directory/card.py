"""The rules for what stands on a card. Cards are provided by the companies and not verified: these rules only say that
a value is well formed, in one normal form, and short enough."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import idna
import phonenumbers
from email_validator import EmailNotValidError, validate_email

from directory.errors import InvalidInput, Message
from directory.regions import known
from directory.text import BadText, clean
from directory.values import Card, Country
from mappings.folding import fold

LONGEST = {
    "name": 320, "email": 254, "phone": 40, "website": 300, "street": 200, "city": 100, "province": 100,
    "postal_code": 20, "country": 2,
}  # fmt: skip
MOST_OTHER_NAMES = 20
EXTENSION_IN_FRENCH = re.compile(r"[\s,;(]*(?<![^\W\d_])(?:poste|p\.)\W*(?=\d)", re.IGNORECASE)


def folded_name(name: str) -> str:
    """What companies and contacts are compared by: the folded name without its legal form, in one piece."""
    return fold(name).core_joined[: LONGEST["name"]]


def email_domain(email: str) -> str:
    return email.rpartition("@")[2].lower()


def marks(name: str, email: str) -> dict[str, str]:
    """What companies and contacts are found by equality with: columns of either."""
    return {"folded_name": folded_name(name), "email_domain": email_domain(email)}


def make_card(fields: Mapping[str, Any], region: str) -> Card:
    """A valid, normalised card from what somebody handed in. A missing field is empty.

    `region` (ISO 3166-1 alpha-2, lower case) is the country of a phone number that does not say its own, and of the
    card if that does not say it. Raises InvalidInput naming every field that is not acceptable.
    """
    problems: dict[str, Message] = {}

    def checked(field: str, rule: Callable[[str], str] = str) -> str:
        try:
            text = clean(fields.get(field) or "", LONGEST[field])
            return rule(text) if text else ""
        except BadText as bad:
            problems[field] = bad.message
            return ""

    country = checked("country", _country) or region.upper()
    card = Card(
        name=checked("name", _name),
        other_names=_other_names(fields.get("other_names") or (), problems),
        email=checked("email", _email),
        phone=checked("phone", lambda text: _phone(text, country)),
        website=checked("website", _website),
        street=checked("street"),
        city=checked("city"),
        province=checked("province"),
        postal_code=checked("postal_code"),
        country=country,
    )
    if not card.name:
        problems.setdefault("name", Message("A name is needed."))
    if problems:
        raise InvalidInput(problems)
    return card


def _name(text: str) -> str:
    if not fold(text).words:
        raise BadText(Message("A name needs at least one letter or digit."))
    return text


def _other_names(names: Any, problems: dict[str, Message]) -> tuple[str, ...]:
    try:
        cleaned = [_name(text) for text in (clean(name, LONGEST["name"]) for name in names) if text]
        if len(cleaned) > MOST_OTHER_NAMES:
            raise BadText(Message("More than %(most)s other names.", most=MOST_OTHER_NAMES))
    except BadText as bad:
        problems["other_names"] = bad.message
        return ()
    return tuple(dict.fromkeys(cleaned))


def _country(text: str) -> str:
    if text.lower() not in known():
        raise BadText(Message("Not a country code of two letters (ISO 3166-1)."))
    return text.upper()


def _email(text: str) -> str:
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        raise BadText(Message("Not an e-mail address.")) from None


@lru_cache(maxsize=4096)
def _phone(text: str, country: str) -> str:
    try:
        # The parser knows extensions by their English words only; other letters are digits to it.
        number = phonenumbers.parse(EXTENSION_IN_FRENCH.sub(" ext. ", text), country)
    except phonenumbers.NumberParseException:
        raise BadText(Message("Not a phone number.")) from None
    if number.extension:
        raise BadText(Message("A phone number without an extension is needed."))
    if not phonenumbers.is_valid_number(number):
        raise BadText(Message("Not a phone number of this country: %(country)s.", country=Country(country)))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _website(text: str) -> str:
    """An https URL. People write example.com; sites that still say http are asked for over https."""
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host = idna.encode(parts.hostname or "", uts46=True).decode()
        port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    except (ValueError, idna.IDNAError):
        raise BadText(Message("Not the address of a web site.")) from None
    last = host.rsplit(".", 1)[-1]
    if (
        parts.scheme.lower() not in ("http", "https")
        or "@" in parts.netloc
        or "." not in host
        or last.isdigit()
        or " " in text
    ):
        raise BadText(Message("Not the address of a web site."))
    url = urlunsplit(("https", host + port, parts.path or "/", parts.query, ""))
    if len(url) > LONGEST["website"]:
        raise BadText(Message("Longer than %(longest)s characters.", longest=LONGEST["website"]))
    return url
