"""The whole mission told as a story, through HTTP only: each step is a sentence of what Carnet is for.

Two businesses in Québec, a firm and its accountant, a company of another region, and one on the Starter plan. They come in by
the accounting product's own API, and everything they do is a request that a form, a screen or a product would send.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.bills import INVOICE
from tests.conftest import Member

CARDS: dict[str, dict[str, Any]] = {
    "boreal": {"name": "Boulons Boréal inc.", "other_names": ["Boreal Bolts"], "city": "Laval", "province": "QC"},
    "cedre": {"name": "Menuiserie du Cèdre enr.", "city": "Longueuil", "province": "QC"},
    "petit": {"name": "Petit Atelier", "plan": "starter", "city": "Sorel", "province": "QC"},
    "zinc": {"name": "Boulons Zinc SARL", "region": "fr", "city": "Lyon"},
    "comptables": {"name": "Cabinet Comptes Clairs", "kind": "accounting_firm", "city": "Laval", "province": "QC"},
}


class Story:
    """The people in it, and the words they use."""

    def __init__(self, network: Any) -> None:
        self.network, self.product = network, network.product()
        for company, card in CARDS.items():
            email = {"email": f"bonjour@{company}.example.com"}
            self.product.ask(
                "PUT", f"/v1/admin/companies/{company}", {"region": "ca", "country": "", **email, **card}
            ).ok()
        network.drain()  # what a server's sweep does within a second: the first company of a region makes its index
        self.boreal, self.cedre, self.petit, self.zinc = map(self.joins, ("boreal", "cedre", "petit", "zinc"))
        self.accountant = self.joins("comptables", "accountant@comptables.example")

    def joins(self, company: str, subject: str = "", role: str = "primary_admin") -> Member:
        subject = subject or f"{role}@{company}.example"
        path = f"/v1/admin/companies/{company}/members/{subject}"
        assert self.product.ask("PUT", path, {"role": role}).status in (200, 201, 204)
        return Member(self.network.send, self.network.token(company, role, sub=subject))

    def acting_for(self, company: str) -> Member:
        def send(method: str, path: str, headers: Any, data: bytes | None) -> Any:
            return self.network.send(method, path, {**headers, "Carnet-Acting-For": company}, data)

        return replace(self.accountant, send=send)

    def becomes(self, company: str, **fields: str) -> None:
        """The accounting product says something new about a company."""
        email = {"email": f"bonjour@{company}.example.com"}
        body = {"region": "ca", "country": "", **email, **CARDS[company], **fields}
        self.product.ask("PUT", f"/v1/admin/companies/{company}", body).ok()


@pytest.fixture
def story(new_network: Callable[..., Any]) -> Story:
    return Story(new_network())


def news(member: Member, after: str) -> tuple[list[str], str]:
    page = member.ask("GET", f"/v1/changes?after={after}").ok()
    return [change["type"] for change in page["changes"]], page["next"]


def test_the_mission_from_the_first_card_to_the_last_bill(story: Story) -> None:
    boreal, cedre, petit, zinc = story.boreal, story.cedre, story.petit, story.zinc

    # 2. Membership is automatic: an active subscription is enough, and the company is visible with nothing to do.
    assert boreal.ask("GET", "/v1/company/visibility").ok()["visible"] is True

    # 1. The card, and nothing else about a company, is shown; its admins edit it; every answer says that it is unverified.
    assert boreal.edits(phone="450 555 0199", website="boreal.example.com").status == 200
    clerk = story.joins("boreal", "clerk@boreal.example", "standard_user")
    assert clerk.edits(phone="").code == "not_allowed"

    # 3. Typeahead: as the name is typed, matching companies appear, never one's own; in both languages' spellings (12).
    for text in ("boul", "BORÉAL", "boulons boreal inc", "boreal bol", "boulonsboreal", "boulobs bo"):
        answer = cedre.types(text).ok()
        assert [one["name"] for one in answer["suggestions"]] == ["Boulons Boréal inc."], text
        assert answer["unverified"] is True
        assert "@" not in str(answer)
    assert boreal.finds("boul") == []

    # 7. The region wall: a member of another region neither finds nor is found.
    assert zinc.finds("boreal") == []
    assert cedre.finds("zinc") == []

    # 4. Picking copies the card.
    picked = cedre.picks("boul")
    assert set(picked["card"]) - {"notice"} == {
        "name", "other_names", "email", "phone", "website", "street", "city", "province", "postal_code", "country",
    }  # fmt: skip
    assert (picked["card"]["phone"], picked["unverified"]) == ("+14505550199", True)
    assert "commercial" in picked["notice"]

    # 5. Saving links it, and from then on it keeps itself up to date.
    vendor = cedre.ask("POST", "/v1/contacts", {"relation": "vendor", "link": picked["link"]}).ok()["id"]
    customer = boreal.saves("cedre")
    cursor = cedre.ask("GET", "/v1/changes/latest").ok()["next"]
    assert boreal.edits(phone="450 555 0123").status == 200
    assert cedre.contact(vendor)["phone"] == "+14505550123"
    heard, cursor = news(cedre, cursor)
    assert heard == ["contact.updated"]

    # 6. Members only: a stranger learns nothing on any path.
    stranger = story.network.nobody()
    for path in ("/v1/typeahead?q=boreal", f"/v1/contacts/{vendor}", "/v1/changes", "/v1/bills", "/v1/company/reveals"):
        refused = stranger.ask("GET", path)
        assert (refused.status, refused.code) == (401, "not_signed_in")
        assert "Bor" not in refused.text

    # 10. An invoice to a linked customer arrives as a bill to review, only where the receiver linked the sender as a vendor.
    sent = boreal.ask("POST", "/v1/invoices", {"customer": customer, **INVOICE}).ok()["id"]
    bill = cedre.ask("GET", "/v1/bills").ok()["bills"][0]
    assert (bill["state"], bill["total"]) == ("for_review", INVOICE["total"])
    assert boreal.ask("POST", "/v1/invoices", {"customer": boreal.saves("petit"), **INVOICE}).code == "not_deliverable"
    petits_customer = petit.saves("cedre")
    assert petit.ask("POST", "/v1/invoices", {"customer": petits_customer, **INVOICE}).code == "not_deliverable"
    cedre.saves("petit", "vendor")
    assert petit.ask("POST", "/v1/invoices", {"customer": petits_customer, **INVOICE}).status == 201, (
        "a Starter may send"
    )
    assert cedre.ask("POST", f"/v1/bills/{bill['id']}/approve").ok()["state"] == "approved"
    assert cedre.ask("POST", f"/v1/bills/{bill['id']}/schedule", {"on": "2026-12-01"}).ok()["state"] == "scheduled"
    assert boreal.ask("GET", f"/v1/invoices/{sent}").ok()["state"] == "scheduled"

    # 8. Visibility off: from that answer on nobody finds it; who is connected keeps what they saved, without updates;
    # automation is off both ways; bills stay readable; it may still look others up, and its own contacts follow.
    receipt = boreal.turns(visible=False)
    assert receipt["visible"] is False
    assert cedre.finds("boul") == []
    boreal.edits(phone="450 555 0177")
    kept = cedre.contact(vendor)
    assert (kept["phone"], kept["linked"], kept["following"]) == ("+14505550123", True, False)
    assert (
        boreal.ask("POST", "/v1/invoices", {"customer": customer, **INVOICE, "number": "F-2"}).code == "automation_off"
    )
    assert cedre.ask("GET", f"/v1/bills/{bill['id']}").status == 200
    assert boreal.finds("menuis") == ["Menuiserie du Cèdre enr."]
    cedre.edits(phone="450 555 0144")
    assert boreal.contact(customer)["phone"] == "+14505550144"
    boreal.turns(visible=True)
    assert cedre.contact(vendor)["phone"] == "+14505550177"
    assert cedre.finds("boul") == ["Boulons Boréal inc."]
    heard, cursor = news(cedre, cursor)
    assert heard == ["contact.stopped", "contact.resumed"]
    assert boreal.ask("POST", "/v1/invoices", {"customer": customer, **INVOICE, "number": "F-2"}).status == 201

    # 11. No harvesting: the card's owner reads who looked; contact data comes only after a pick.
    assert "Menuiserie du Cèdre enr." in [
        one["viewer"] for one in boreal.ask("GET", "/v1/company/reveals").ok()["reveals"]
    ]
    assert story.network.send("GET", "/v1/companies", {}, None).status == 404

    # 9. Accountants: granted by the client's primary admin, in the client's books only, visibility included; the firm's own
    # books are never published; the client reads what was done.
    acting = story.acting_for("cedre")
    assert acting.types("boul").code == "not_allowed"
    assert cedre.ask("PUT", "/v1/company/firms/comptables", {}).status in (200, 201, 204)
    assert acting.finds("boul") == ["Boulons Boréal inc."]
    assert [one["name"] for one in story.accountant.ask("GET", "/v1/clients").ok()["clients"]] == [
        "Menuiserie du Cèdre enr."
    ]
    assert acting.turns(visible=False)["visible"] is False
    assert boreal.finds("menuis") == []
    assert acting.turns(visible=True)["visible"] is True
    assert story.accountant.types("boul").code == "not_a_member"
    assert cedre.finds("comptes") == []
    done = cedre.ask("GET", "/v1/company/audit").ok()
    assert "Cabinet Comptes Clairs" in str(done)
    assert cedre.ask("DELETE", "/v1/company/firms/comptables").status == 204
    assert acting.types("boul").code == "not_allowed"

    # 12. Two languages: errors too.
    assert "visib" in acting.in_french().types("boul").text or "rôle" in acting.in_french().types("boul").text

    # 2. An ended subscription ends membership: neither found nor able to look up; links freeze.
    story.becomes("petit", status="ended")
    assert cedre.finds("petit") == []
    assert petit.types("boul").code == "not_a_member"

    # 7. A region move takes it out of one region and into the other; whoever linked it keeps what they saw.
    story.becomes("boreal", region="fr")
    assert cedre.finds("boul") == []
    assert zinc.finds("boreal") == ["Boulons Boréal inc."]
    assert cedre.contact(vendor)["phone"] == "+14505550177"
    assert cedre.contact(vendor)["following"] is False

    _, cursor = news(cedre, cursor)
    followed = zinc.saves("boreal")
    zincs_cursor = zinc.ask("GET", "/v1/changes/latest").ok()["next"]

    # 9/6. Erased: nothing is left to find, and what others saved they keep.
    assert story.product.ask("DELETE", "/v1/admin/companies/boreal").status == 200
    assert zinc.finds("boreal") == []
    assert cedre.contact(vendor)["phone"] == "+14505550177"
    assert boreal.types("menuis").code == "not_a_member"
    assert zinc.contact(followed)["phone"] == "+14505550177"
    assert news(zinc, zincs_cursor)[0] == ["contact.stopped"], "whoever did not look before still hears of it"
    assert news(cedre, cursor)[0] == []
