"""What members see after each change of a company: docs/standing.md, through HTTP and the import."""

from typing import Any

import pytest

BITFARMS = {"name": "Bitfarms Ltd.", "city": "Toronto", "province": "ON"}
TREMBLAY = {"name": "Quincaillerie Tremblay ltée", "city": "Longueuil", "province": "QC"}


class Story:
    """`tremblay` follows `bitfarms`, both of region ca; `ajax` asks in the other, us."""

    def __init__(self, network: Any) -> None:
        self.network = network
        self.asker, self.owner = network.member("tremblay"), network.member("bitfarms")
        self.contact_id = self.asker.saves("bitf", "vendor")

    def edits(self, email: str) -> None:
        """The company edits its card, as far as it still may, else the accounting product does."""
        answer = self.owner.edits(email=email) if self.owner.ask("GET", "/v1/company/card").status == 200 else None
        if answer is None:
            self.puts(email=email)

    def puts(self, company: str = "bitfarms", **fields: Any) -> None:
        read = self.network.product().ask("GET", f"/v1/admin/companies/{company}").ok()
        kept = ("card_version", "index_version", "created_at", "changed_at", "id", "visible")
        body = {name: value for name, value in read.items() if name not in kept}
        self.network.product().ask("PUT", f"/v1/admin/companies/{company}", {**body, **fields}).ok()

    def moves(self, company: str, region: str) -> None:
        self.puts(company, region=region)

    @property
    def sees(self) -> tuple[str, bool]:
        contact = self.network.member("tremblay").contact(self.contact_id)
        return contact["email"], contact["following"]

    def news(self) -> list[tuple[str, str]]:
        rows = self.network.sql(
            "SELECT kind, region, publication FROM changes WHERE company_id = 'bitfarms' ORDER BY seq"
        )
        assert [row[2] for row in rows] == list(range(1, len(rows) + 1))
        return [(kind, region) for kind, region, _ in rows]


@pytest.fixture
def story(network: Any) -> Story:
    return Story(network)


FIRST = "compta@bitfarms.example"
GONE = {
    "hidden": ({"visible": False}, {"visible": True}),
    "ended": ({"status": "ended"}, {"status": "active"}),
    "a firm": ({"kind": "accounting_firm"}, {"kind": "business"}),
    "elsewhere": ({"region": "us"}, {"region": "ca"}),
}


def turn(story: Story, change: dict[str, Any]) -> None:
    if "visible" in change:
        story.owner.turns(**change)
    else:
        story.puts(**change)


@pytest.mark.parametrize("how", GONE)
def test_what_is_edited_while_a_company_is_gone_is_seen_by_nobody_until_it_is_back(story: Story, how: str) -> None:
    away, back = GONE[how]
    turn(story, away)
    assert story.asker.finds("bitf") == []
    assert story.sees == (FIRST, False)
    story.edits("one@bitfarms.example")
    story.edits("two@bitfarms.example")
    assert story.sees == (FIRST, False)
    turn(story, back)
    assert story.sees == ("two@bitfarms.example", True)
    assert story.asker.finds("bitf") == ["Bitfarms Ltd."]


@pytest.mark.parametrize("how", GONE)
def test_who_follows_hears_that_it_stopped_and_that_it_is_back_and_nothing_in_between(story: Story, how: str) -> None:
    away, back = GONE[how]
    turn(story, away)
    story.edits("one@bitfarms.example")
    turn(story, back)
    story.edits("two@bitfarms.example")
    here = [kind for kind, region in story.news() if region == "ca"]
    assert here == ["stopped", "resumed", "card"]


@pytest.mark.parametrize("how", ["ended", "a firm"])
def test_two_reasons_at_once_are_over_only_when_both_are(story: Story, how: str) -> None:
    away, back = GONE[how]
    story.owner.turns(visible=False)
    turn(story, away)
    story.edits("one@bitfarms.example")
    turn(story, back)
    assert story.sees == (FIRST, False)
    story.owner.turns(visible=True)
    assert story.sees == ("one@bitfarms.example", True)
    assert [kind for kind, _ in story.news()] == ["stopped", "resumed"]


def test_another_plan_changes_nothing_that_members_see(story: Story) -> None:
    before = story.sees
    story.puts(plan="starter")
    assert story.sees == before
    assert story.news() == []
    assert story.asker.finds("bitf") == ["Bitfarms Ltd."]


def test_a_hidden_company_still_looks_up_and_its_own_contacts_still_follow(story: Story) -> None:
    story.asker.turns(visible=False)
    story.edits("new@bitfarms.example")
    assert story.sees == ("new@bitfarms.example", True)
    assert story.asker.finds("heroux") == ["Héroux-Devtek inc."]


def test_a_company_that_moved_there_and_back_is_followed_again_and_was_not_while_it_was_away(story: Story) -> None:
    story.moves("bitfarms", "us")
    assert story.network.member("ajax").finds("bitf") == ["Bitfarms Ltd."]
    there = story.network.member("ajax").saves("bitf")
    story.edits("us@bitfarms.example")
    assert story.sees == (FIRST, False)
    assert story.network.member("ajax").contact(there)["email"] == "us@bitfarms.example"
    story.moves("bitfarms", "ca")
    story.edits("back@bitfarms.example")
    assert story.sees == ("back@bitfarms.example", True)
    ajax = story.network.member("ajax").contact(there)
    assert (ajax["email"], ajax["following"]) == ("us@bitfarms.example", False)
    assert story.news() == [
        ("stopped", "ca"), ("resumed", "us"), ("card", "us"), ("stopped", "us"), ("resumed", "ca"), ("card", "ca"),
    ]  # fmt: skip


def test_a_company_that_comes_back_hidden_shows_what_was_seen_here_before_it_left(story: Story) -> None:
    story.moves("bitfarms", "us")
    story.edits("us@bitfarms.example")
    story.owner.turns(visible=False)
    story.edits("secret@bitfarms.example")
    story.moves("bitfarms", "ca")
    assert story.sees == (FIRST, False)
    story.owner.turns(visible=True)
    assert story.sees == ("secret@bitfarms.example", True)


def test_the_movers_own_contacts_rest_and_come_back_with_it(story: Story) -> None:
    story.moves("tremblay", "us")
    assert story.sees == (FIRST, False)
    story.edits("one@bitfarms.example")
    assert story.sees == (FIRST, False)
    story.moves("tremblay", "ca")
    assert story.sees == ("one@bitfarms.example", True)


def test_a_mover_that_meets_a_company_in_the_new_region_follows_it_again_there(story: Story) -> None:
    story.moves("tremblay", "us")
    story.edits("one@bitfarms.example")
    story.moves("bitfarms", "us")
    assert story.sees == ("one@bitfarms.example", True)
    story.edits("two@bitfarms.example")
    assert story.sees == ("two@bitfarms.example", True)


def test_a_company_that_follows_the_mover_hidden_shows_nothing_that_was_published_where_it_was_not(
    story: Story,
) -> None:
    story.moves("tremblay", "us")
    story.edits("ca-only@bitfarms.example")
    story.owner.turns(visible=False)
    story.moves("bitfarms", "us")
    assert story.sees == (FIRST, False)
    story.owner.turns(visible=True)
    assert story.sees == ("ca-only@bitfarms.example", True)


def test_a_mover_that_arrives_where_a_company_is_hidden_sees_no_more_than_it_saw(story: Story) -> None:
    story.moves("bitfarms", "us")
    story.edits("us-only@bitfarms.example")
    story.owner.turns(visible=False)
    assert story.sees == (FIRST, False)
    story.moves("tremblay", "us")
    assert story.sees == (FIRST, False)
    story.owner.turns(visible=True)
    assert story.sees == ("us-only@bitfarms.example", True)
    story.edits("then@bitfarms.example")
    assert story.sees == ("then@bitfarms.example", True)


def test_a_mover_whose_company_is_hidden_and_edited_sees_what_it_saw_and_back_again_too(story: Story) -> None:
    story.owner.turns(visible=False)
    story.edits("secret@bitfarms.example")
    story.moves("tremblay", "us")
    assert story.sees == (FIRST, False)
    story.moves("tremblay", "ca")
    assert story.sees == (FIRST, False)
    story.owner.turns(visible=True)
    assert story.sees == ("secret@bitfarms.example", True)


def test_a_company_that_moved_is_found_in_one_region_and_is_a_tombstone_in_the_other(story: Story) -> None:
    def held(region: str) -> tuple[int, int]:
        (build,) = story.network.sql("SELECT name FROM index_builds WHERE region = :r AND state = 'live'", r=region)
        count = story.network.engine.count(build[0])
        return count.visible, count.hidden

    here, there = held("ca"), held("us")
    story.moves("bitfarms", "us")
    assert (held("ca"), held("us")) == ((here[0] - 1, here[1] + 1), (there[0] + 1, there[1]))
    story.moves("bitfarms", "ca")
    assert (held("ca"), held("us")) == (here, (there[0], there[1] + 1))


def test_only_the_switch_is_written_to_the_journal(story: Story) -> None:
    from directory.journal import replay

    for away, back in (GONE["ended"], GONE["a firm"], GONE["elsewhere"]):
        turn(story, away)
        turn(story, back)
    assert list(replay(story.network.settings.journal)) == []
    story.owner.turns(visible=False)
    assert [entry.state for entry in replay(story.network.settings.journal)] == ["hidden"]
