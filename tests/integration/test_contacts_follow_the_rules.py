"""Whatever sequence of edits, local edits, off and on, unlinking, relinking, moves and ends: every contact equals what a
small model says, and its history holds no value of the network that was never published to it.

The model: a contact is what its owner last saw of the card, with its own values over it; and it sees the card whenever
the company is shown where the owner is.
"""

from itertools import count
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from directory import standing
from directory.card import make_card
from directory.companies import lock_company
from directory.values import CONTACT_FIELDS

FIELDS = ("name", "email", "city")
VALUES = {
    "name": st.sampled_from(["Atelier Un", "Atelier Deux", "Atelier Trois"]),
    "email": st.sampled_from(["", "un@atelier.example", "deux@atelier.example", "trois@atelier.example"]),
    "city": st.sampled_from(["", "Laval", "Gaspé"]),
}
CHANGE = st.sampled_from(FIELDS).flatmap(lambda field: st.tuples(st.just(field), VALUES[field]))
LOCAL_CHANGE = st.sampled_from(FIELDS).flatmap(lambda field: st.tuples(st.just(field), st.none() | VALUES[field]))
WHICH = st.integers(0, 9)
ELSEWHERE = {"ca": "us", "us": "ca"}
FIRST = {"name": "Atelier Un", "email": "un@atelier.example", "city": "Laval", "phone": "+15145550134", "country": "CA"}
number = count()


class Kept:
    """A contact in the model."""

    def __init__(self, contact_id: str) -> None:
        self.id, self.linked = contact_id, False
        self.seen: dict[str, str] = {}
        self.own: dict[str, str] = {}
        self.ever_seen: set[tuple[str, str]] = set()

    def sees(self, card: dict[str, str]) -> None:
        self.seen = dict(card)
        self.ever_seen |= set(card.items())

    def links(self, card: dict[str, str]) -> None:
        if not self.linked:
            self.linked = True
            self.own = {field: value for field, value in self.own.items() if value and value != card[field]}
            self.sees(card)

    def unlinks(self) -> None:
        if self.linked:
            self.own, self.linked, self.seen = self.shown(), False, {}

    def sets(self, field: str, value: str | None) -> None:
        if self.linked and value in (None, self.seen[field]):
            self.own.pop(field, None)
        else:
            self.own[field] = value or ""

    def shown(self) -> dict[str, str]:
        return {**dict.fromkeys(CONTACT_FIELDS, ""), **self.seen, **self.own}


class Machine(RuleBasedStateMachine):
    network: Any

    @initialize()
    def two_companies(self) -> None:
        self.asker, self.company = (f"{what}{next(number)}" for what in ("asker", "atelier"))
        self.region = {self.asker: "ca", self.company: "ca"}
        self.visible, self.ended = True, False
        self.card = {**dict.fromkeys(CONTACT_FIELDS, ""), **FIRST}
        self.imported = dict(FIRST)
        self.contacts: list[Kept] = []
        self.imports(self.company, FIRST)
        self.imports(self.asker, {"name": "Quincaillerie"})
        self.me, self.them = self.network.member(self.asker), self.network.member(self.company)
        self.adds()

    @property
    def shown(self) -> bool:
        return self.visible and not self.ended and self.region[self.company] == self.region[self.asker]

    @property
    def link(self) -> str:
        return self.network.services.tokens.link(self.company, self.asker)

    def imports(self, company: str, fields: dict[str, str]) -> None:
        row = {**fields, "region": self.region[company]}
        self.network.imports(self.network.write("rows.csv", {company: row}))

    def which(self, at: int) -> Kept:
        return self.contacts[at % len(self.contacts)]

    def happened(self) -> None:
        for kept in self.contacts:
            if kept.linked and self.shown:
                kept.sees(self.card)

    @precondition(lambda self: len(self.contacts) < 3)
    @rule()
    def adds(self) -> None:
        answer = self.me.ask("POST", "/v1/contacts", {"relation": "vendor", "link": self.link})
        assert answer.status == (201 if self.shown else 404)
        if self.shown:
            self.contacts.append(Kept(answer.json["id"]))
            self.contacts[-1].links(self.card)

    @rule(change=CHANGE)
    def edits_the_card(self, change: tuple[str, str]) -> None:
        self.card[change[0]] = change[1]
        if self.ended:
            self.changes({}, make_card(self.card, "ca"))
        else:
            assert self.them.edits(**dict([change])).status == 200
        self.happened()

    @rule(change=st.none() | CHANGE)
    def the_company_moves(self, change: tuple[str, str] | None) -> None:
        self.region[self.company] = ELSEWHERE[self.region[self.company]]
        if change and self.imported.get(change[0], "") != change[1]:
            self.imported[change[0]] = self.card[change[0]] = change[1]
        self.imports(self.company, self.imported)
        self.happened()

    @rule()
    def the_asker_moves(self) -> None:
        self.region[self.asker] = ELSEWHERE[self.region[self.asker]]
        self.imports(self.asker, {"name": "Quincaillerie"})
        self.happened()

    @precondition(lambda self: not self.ended)
    @rule()
    def turns_it_off_or_on(self) -> None:
        self.visible = not self.visible
        self.them.turns(visible=self.visible)
        self.happened()

    @rule()
    def the_subscription_ends_or_comes_back(self) -> None:
        self.ended = not self.ended
        self.changes({"status": "ended" if self.ended else "active"}, None)
        self.happened()

    def changes(self, wanted: dict[str, str], card: Any) -> None:
        with self.network.records.writing() as connection:
            standing.change(connection, lock_company(connection, self.company), wanted, card, by="product")

    @precondition(lambda self: self.contacts)
    @rule(at=WHICH, change=LOCAL_CHANGE)
    def edits_a_contact(self, at: int, change: tuple[str, str | None]) -> None:
        kept, (field, value) = self.which(at), change
        answer = self.me.ask("PATCH", f"/v1/contacts/{kept.id}", {field: value})
        if field == "name" and value is None and not kept.linked:
            assert answer.status == 422
            return
        assert answer.status == 200
        kept.sets(field, value)

    @precondition(lambda self: self.contacts)
    @rule(at=WHICH)
    def unlinks_a_contact(self, at: int) -> None:
        self.me.ask("POST", f"/v1/contacts/{self.which(at).id}/unlink").ok()
        self.which(at).unlinks()

    @precondition(lambda self: self.contacts)
    @rule(at=WHICH)
    def links_a_contact(self, at: int) -> None:
        answer = self.me.ask("POST", f"/v1/contacts/{self.which(at).id}/link", {"link": self.link})
        assert answer.status == (200 if self.shown else 404)
        if self.shown:
            self.which(at).links(self.card)

    @precondition(lambda self: self.contacts)
    @rule(at=WHICH, back=st.integers(0, 20))
    def reverts_a_field(self, at: int, back: int) -> None:
        kept = self.which(at)
        history = [entry for entry in self.history(kept) if entry["field"] in FIELDS]
        if not history:
            return
        entry = history[back % len(history)]
        answer = self.me.ask("POST", f"/v1/contacts/{kept.id}/revert", {"field": entry["field"], "to": entry["id"]})
        if entry["value"] is None and not kept.linked:
            assert answer.status == 422
            return
        assert answer.status == 200
        kept.sets(entry["field"], entry["value"])

    def history(self, kept: Kept) -> list[Any]:
        return self.me.ask("GET", f"/v1/contacts/{kept.id}/history?limit=500").ok()["history"]

    @invariant()
    def every_contact_is_as_the_model_says(self) -> None:
        for kept in self.contacts:
            read = self.me.contact(kept.id)
            assert {field: read[field] for field in CONTACT_FIELDS} == kept.shown()
            assert (read["linked"], read["following"]) == (kept.linked, kept.linked and self.shown)
            if kept.linked:
                assert set(read["overrides"]) == set(kept.own)
                offered = {field: kept.seen[field] for field, own in kept.own.items() if kept.seen[field] != own}
                assert {field: offer["value"] for field, offer in read["offers"].items()} == offered

    @invariant()
    def no_history_holds_what_was_never_published_to_it(self) -> None:
        for kept in self.contacts:
            said = {
                (one["field"], one["value"]) for one in self.history(kept) if one["origin"] in ("network", "linked")
            }
            assert said <= kept.ever_seen


def test_every_contact_equals_what_the_rules_say_whatever_happened(used_network: Any) -> None:
    class OnThis(Machine):
        network = used_network

    run_state_machine_as_test(
        OnThis,
        settings=settings(
            max_examples=10,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],  # a failure is long enough to read, and shrinking takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
