"""One's own card."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e


def ready(visitor):
    expect(visitor.page.locator("#card-form")).to_have_attribute("aria-busy", "false")
    return visitor


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_is_saved_on_the_card_is_what_linked_contacts_show(visit, language):
    owner = visit(language).signs_in("PUDO Inc.", then="/card")
    other = visit(language).signs_in("Aimia Inc.")
    other.picks("pudo", "PUDO Inc.")
    other.saves_and_sees_the_list().get_by_role("link").click()
    expect(other.page.locator("[data-field=email]")).to_be_visible()

    ready(owner).page.locator("#email").fill(f"hello-{language}@pudo.example.com")
    owner.page.locator("#other_names").fill(f"Colis Zébulon {language}\n\n  Parcels Zebulon {language} ")
    owner.saves()
    saved = owner.say("The card was saved. Contacts linked to your company show it from now on.")
    expect(owner.page.locator("#saved")).to_have_text(saved)
    assert owner.value("other_names").split("\n") == [f"Colis Zébulon {language}", f"Parcels Zebulon {language}"]
    owner.shoots("card")

    other.page.reload()
    expect(other.page.locator("[data-field=email]")).to_contain_text(f"hello-{language}@pudo.example.com")
    other.page.goto("/customers/new")
    other.finds("zebulon", "PUDO Inc.")
    expect(other.options.first.locator(".option-other mark").first).to_have_text("Zébulon")


def test_while_the_card_is_on_its_way_nobody_types_what_it_would_replace(visit):
    visitor = visit().signs_in("PUDO Inc.")
    waiting = []
    visitor.page.route("**/v1/company/card", lambda route: waiting.append(route))  # noqa: PLW0108 - it marks its handler
    with visitor.page.expect_request("**/v1/company/card"):
        visitor.page.goto("/card")
    email = visitor.page.locator("#email")
    expect(email).to_be_disabled()
    waiting.pop().continue_()
    expect(email).to_be_enabled()
    expect(email).not_to_have_value("")


def test_what_is_typed_while_the_card_is_saved_stays(visit):
    visitor = ready(visit().signs_in("EXFO Inc.", then="/card"))
    waiting = []
    visitor.page.route("**/v1/company/card", lambda route: waiting.append(route))  # noqa: PLW0108 - as above
    visitor.page.locator("#city").fill("Laval")
    with visitor.page.expect_request("**/v1/company/card"):
        visitor.saves()
    visitor.page.locator("#street").fill("9 Example Street")
    waiting.pop().continue_()
    visitor.page.unroute("**/v1/company/card")
    expect(visitor.page.locator("#saved")).to_contain_text("The card was saved.")
    assert (visitor.value("city"), visitor.value("street")) == ("Laval", "9 Example Street")
    with visitor.page.expect_response("**/v1/company/card"):
        visitor.saves()
    visitor.page.reload()
    expect(ready(visitor).page.locator("#street")).to_have_value("9 Example Street")


def test_a_change_made_meanwhile_is_never_overwritten_and_nothing_typed_is_lost(visit):
    first, second = (ready(visit().signs_in("AXMIN Inc.", then="/card")) for _ in range(2))
    first.page.locator("#city").fill("Laval")
    first.saves()
    expect(first.page.locator("#saved")).to_contain_text("The card was saved.")

    second.expects_refusal("/v1/company/card")
    second.page.locator("#street").fill("9 Example Street")
    second.saves()
    expect(second.page.locator("main form [role=alert]")).to_contain_text("Somebody changed this in the meantime.")
    assert second.value("street") == "9 Example Street"
    second.page.get_by_role("button", name="Show the card as it stands now").click()
    expect(second.page.locator("#city")).to_have_value("Laval")
    expect(second.page.get_by_role("status")).to_be_focused()
    second.page.locator("#street").fill("9 Example Street")
    second.saves()
    expect(second.page.locator("#saved")).to_contain_text("The card was saved.")


def test_what_is_wrong_with_a_card_is_said_beside_the_field(visit):
    visitor = ready(visit().signs_in("Mene Inc.", then="/card"))
    visitor.expects_refusal("/v1/company/card")
    visitor.page.locator("#name").fill("")
    visitor.page.locator("#phone").fill("five")
    visitor.saves()
    expect(visitor.page.locator("#name-error")).to_have_text("A name is needed.")
    expect(visitor.page.locator("#phone-error")).to_have_text("Not a phone number.")
    assert visitor.value("phone") == "five"


def test_a_standard_user_reads_the_card_and_cannot_change_it(visit):
    visitor = ready(visit().signs_in("Mene Inc.", "standard_user", "/card"))
    expect(visitor.page.locator("#name")).to_have_value("Mene Inc.")
    expect(visitor.page.locator("#name")).not_to_be_editable()
    expect(visitor.page.get_by_role("button", name="Save card")).to_have_count(0)
