"""Webhooks: who sets them up, what they are told, where they may be, and what becomes of one that does not answer."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.webhooks import courier as calling
from api.webhooks.courier import HttpsCourier
from api.webhooks.deliverer import Deliverer
from directory.tokens import Tokens
from directory.updates.cursors import DAY_MS
from directory.updates.deliveries import Dispatch, deliver
from directory.updates.leases import BACK_OFF_MS, GIVE_UP_MS, take_due, wake
from directory.updates.numbering import number_committed
from tests.receiver import HOST, Receiver, answer, receiving


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    with receiving(tmp_path) as made:
        yield made


@pytest.fixture
def told(network: Any, receiver: Receiver) -> "Told":
    """`tremblay`, linked to bitfarms, with a webhook at the receiver."""
    return Told(network, receiver)


class Told:
    def __init__(self, network: Any, receiver: Receiver) -> None:
        self.network, self.receiver = network, receiver
        self.uses(receiver.courier())
        self.asker = network.member("tremblay")
        self.contact = self.asker.saves("bitf")
        made = self.asker.ask("POST", "/v1/webhooks", {"url": receiver.url}).ok()
        self.id, self.secret = made["id"], made["secret"]

    def uses(self, courier: HttpsCourier) -> None:
        self.courier = courier
        self.network.app.extensions["carnet"] = replace(self.network.services, courier=courier)

    @property
    def dispatch(self) -> Dispatch:
        services = self.network.services
        return Dispatch(
            services.records, services.tokens, services.regions, self.courier, self.network.settings.changes_days
        )

    def happens(self, times: int = 1) -> None:
        for _ in range(times):
            self.network.member("bitfarms").edits(email=f"e{time.monotonic_ns()}@bitfarms.example")

    def delivers(self) -> list[str]:
        """What the loop does every second, once; what became of each message."""
        number_committed(self.network.records)
        wake(self.network.records)
        return [str(one) for due in take_due(self.network.records, 10) for one in deliver(self.dispatch, due)]

    def delivers_later(self) -> list[str]:
        self.network.sql("UPDATE webhooks SET next_at = 0")
        return self.delivers()

    def messages(self) -> list[Any]:
        return self.receiver.messages(self.secret)

    def said(self) -> Any:
        (webhook,) = self.asker.ask("GET", "/v1/webhooks").ok()["webhooks"]
        return webhook

    def switches_on(self) -> Any:
        return self.asker.ask("POST", f"/v1/webhooks/{self.id}/switch-on", {}).ok()


def test_a_change_is_told_in_a_signed_message_that_says_which_contact_and_no_more(told: Told) -> None:
    told.happens()
    assert told.delivers() == ["delivered"]
    (message,) = told.messages()
    (change,) = told.asker.ask("GET", "/v1/changes").ok()["changes"]
    assert message == {
        "type": "contact.updated",
        "timestamp": change["at"],
        "data": {"contact": told.contact, "change": change["id"]},
    }
    headers, body = told.receiver.got[0]
    assert b"bitfarms" not in body.lower()
    assert (headers["Host"], headers["Content-Type"]) == (f"{HOST}:{told.receiver.port}", "application/json")
    assert told.delivers_later() == []


def test_what_happened_before_is_not_told(network: Any, receiver: Receiver) -> None:
    asker = network.member("tremblay")
    asker.saves("bitf")
    network.member("bitfarms").edits(email="before@bitfarms.example")
    told = Told(network, receiver)
    assert told.delivers() == []


def test_messages_come_in_the_order_of_the_feed_each_with_an_id_of_its_own(told: Told) -> None:
    told.happens(3)
    told.network.member("bitfarms").turns(visible=False)
    told.network.member("bitfarms").turns(visible=True)
    assert told.delivers() == ["delivered"] * 5
    feed = told.asker.ask("GET", "/v1/changes").ok()["changes"]
    assert [message["data"]["change"] for message in told.messages()] == [change["id"] for change in feed]
    assert [message["type"] for message in told.messages()][3:] == ["contact.stopped", "contact.resumed"]
    assert len(set(told.receiver.ids)) == 5


def test_a_webhook_that_rests_is_woken_by_what_concerns_it_and_by_nothing_else(told: Told) -> None:
    assert told.delivers() == []
    assert take_due(told.network.records, 10) == []
    told.network.member("heroux").edits(email="other@heroux.example")
    assert told.delivers() == []
    told.happens()
    assert told.delivers() == ["delivered"]


def test_news_that_comes_while_its_turn_lasts_is_not_slept_over(told: Told) -> None:
    told.happens()
    number_committed(told.network.records)
    (due,) = take_due(told.network.records, 10)
    turn = deliver(told.dispatch, due)
    assert next(turn) == "delivered"
    told.happens()
    number_committed(told.network.records)
    assert list(turn) == ["delivered"]
    told.happens()
    assert told.delivers() == ["delivered"]


def test_the_secret_is_said_once_and_not_kept_in_the_clear(told: Told) -> None:
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", told.secret)
    assert "secret" not in told.said()
    ((kept,),) = told.network.sql("SELECT secret FROM webhooks")
    assert told.secret.removeprefix("whsec_") not in kept
    assert Tokens(["new", *told.network.settings.token_secrets()]).open_secret(kept, told.id) == told.secret


def test_the_same_request_with_a_key_makes_one_webhook_and_says_its_secret_again(told: Told) -> None:
    first, again = (
        told.asker.ask("POST", "/v1/webhooks", {"url": told.receiver.url}, headers={"Idempotency-Key": "k"}).ok()
        for _ in range(2)
    )
    assert first == again
    assert len(told.asker.ask("GET", "/v1/webhooks").ok()["webhooks"]) == 2


def test_the_same_request_with_a_key_is_answered_where_the_address_is_not_known_for_now(told: Told) -> None:
    def post(url: str) -> Any:
        return told.asker.ask("POST", "/v1/webhooks", {"url": url}, headers={"Idempotency-Key": "k"})

    first = post(told.receiver.url).ok()
    told.uses(told.receiver.courier(find=lambda _host, _s: []))
    assert post(told.receiver.url).ok() == first
    assert post("ftp://elsewhere").code == "idempotency_key_reused"


def test_webhooks_are_for_admins_and_ones_own(told: Told) -> None:
    user, other = told.network.member("tremblay", "standard_user"), told.network.member("bitfarms")
    for method, path, body in (
        ("GET", "/v1/webhooks", None),
        ("POST", "/v1/webhooks", {"url": told.receiver.url}),
        ("DELETE", f"/v1/webhooks/{told.id}", None),
        ("POST", f"/v1/webhooks/{told.id}/switch-on", {}),
    ):
        assert user.ask(method, path, body).code == "not_allowed"
    assert other.ask("GET", "/v1/webhooks").ok() == {"webhooks": []}
    absent = other.ask("DELETE", "/v1/webhooks/00000000-0000-0000-0000-000000000000")
    theirs = other.ask("DELETE", f"/v1/webhooks/{told.id}")
    assert (absent.status, absent.text) == (theirs.status, theirs.text) == (404, absent.text)
    assert other.ask("POST", f"/v1/webhooks/{told.id}/switch-on", {}).status == 404


@pytest.mark.parametrize("body", [None, {}])
def test_switching_on_needs_no_body(told: Told, body: Any) -> None:
    answer = told.asker.ask("POST", f"/v1/webhooks/{told.id}/switch-on", body)
    assert (answer.status, answer.json["active"]) == (200, True)


def test_one_that_was_deleted_is_told_nothing_more_not_even_in_the_middle_of_its_turn(told: Told) -> None:
    told.happens(3)
    number_committed(told.network.records)
    (due,) = take_due(told.network.records, 10)
    turn = deliver(told.dispatch, due)
    assert next(turn) == "delivered"
    assert told.asker.ask("DELETE", f"/v1/webhooks/{told.id}").status == 204
    assert list(turn) == []
    assert told.asker.ask("GET", "/v1/webhooks").ok() == {"webhooks": []}


def test_a_company_has_ten_at_most(told: Told) -> None:
    for _ in range(9):
        told.asker.ask("POST", "/v1/webhooks", {"url": told.receiver.url}).ok()
    answered = told.asker.ask("POST", "/v1/webhooks", {"url": told.receiver.url})
    assert (answered.status, list(answered.json["errors"])) == (422, ["url"])


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/",
        "ftp://hooks.example/",
        "hooks.example",
        "https://",
        "https://:443/",
        "https://user:word@hooks.example/",
        "https://hooks.example/#here",
        "https://hooks.example/a b",
        "https://hooks.example/\r\nX: y",
        "https://hooks.example/é",
        "https://hooks.example:0/",
        "https://hooks.example:99999/",
        "https://[::1/",
        "https://hooks.example/" + "a" * 500,
        "",
    ],
)
def test_an_address_that_is_not_https_or_odd_is_refused(still_network: Any, url: str) -> None:
    answered = still_network.member("tremblay").ask("POST", "/v1/webhooks", {"url": url})
    assert (answered.status, list(answered.json["errors"])) == (422, ["url"])


def test_an_internal_address_and_a_name_that_is_not_known_are_refused_in_the_same_words(still_network: Any) -> None:
    asker = still_network.member("tremblay")
    urls = (
        "https://localhost/",
        "https://127.0.0.1/",
        "https://169.254.169.254/latest",
        "https://no-such-host.invalid/",
    )
    answers = [asker.ask("POST", "/v1/webhooks", {"url": url}) for url in urls]
    assert {answered.status for answered in answers} == {422}
    assert len({answered.text for answered in answers}) == 1
    french = asker.in_french().ask("POST", "/v1/webhooks", {"url": urls[0]}).json["errors"]["url"]
    assert french != answers[0].json["errors"]["url"]


def test_a_name_that_became_internal_since_is_not_called(told: Told) -> None:
    """DNS rebinding: the check at creation is not trusted later, and the connection is made to what was checked last."""
    told.happens()
    told.uses(told.receiver.courier(find=lambda _host, _s: ["10.0.0.1"], allowed=calling.is_public))
    assert told.delivers() == ["address"]
    assert told.receiver.got == []
    assert told.said()["last_failure"] == "address"
    asked: list[str] = []
    told.uses(told.receiver.courier(find=lambda host, _s: asked.append(host) or ["127.0.0.1"]))
    assert told.delivers_later() == ["delivered"]
    assert asked == [HOST]


def test_another_address_of_the_same_host_is_tried_where_the_first_does_not_answer(told: Told) -> None:
    told.happens()
    told.uses(told.receiver.courier(find=lambda _host, _s: ["127.0.0.3", "127.0.0.1"]))
    assert told.delivers() == ["delivered"]


def test_a_receiver_whose_certificate_is_not_trusted_or_another_names_is_not_told(told: Told) -> None:
    told.happens()
    told.uses(told.receiver.courier(context=None))
    assert told.delivers() == ["tls"]
    told.uses(told.receiver.courier())
    told.network.sql("UPDATE webhooks SET url = :url", url=told.receiver.url.replace(HOST, "other.example"))
    assert told.delivers_later() == ["tls"]
    assert told.receiver.got == []


def test_a_redirect_is_not_followed(told: Told) -> None:
    told.happens()
    told.receiver.answers = lambda request: answer(request, 307, {"Location": told.receiver.url})
    assert told.delivers() == ["refused"]
    assert (len(told.receiver.got), told.said()["last_failure"]) == (1, "status 307")


def drips(request: Any) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for _ in range(100):
        request.wfile.write(b"X: y\r\n")
        time.sleep(0.05)


def floods(request: Any) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for _ in range(90):
        request.wfile.write(b"X: " + b"y" * 60_000 + b"\r\n")


@pytest.mark.parametrize(
    ("behaves", "outcome"),
    [
        (drips, "timeout"),
        (lambda _request: time.sleep(2), "timeout"),
        (floods, "unreachable"),
        (lambda request: request.wfile.write(b"no HTTP at all\r\n\r\n"), "unreachable"),
        (lambda _request: None, "unreachable"),
    ],
    ids=["drips", "says nothing", "floods", "speaks otherwise", "hangs up"],
)
def test_a_receiver_that_drips_floods_or_stalls_costs_no_more_than_its_time(
    told: Told, monkeypatch: pytest.MonkeyPatch, behaves: Callable[[Any], None], outcome: str
) -> None:
    monkeypatch.setattr(calling, "TOTAL_S", 0.8)
    told.happens()
    told.receiver.answers = behaves
    started = time.monotonic()
    assert told.delivers() == [outcome]
    assert time.monotonic() - started < 2


def test_a_long_answer_is_not_read(told: Told) -> None:
    told.happens()

    def lectures(request: Any) -> None:
        answer(request, 200, {"Content-Length": str(10**12)})

    told.receiver.answers = lectures
    assert told.delivers() == ["delivered"]


def test_a_receiver_that_is_not_there_is_tried_again_later_with_the_same_id_and_the_order_holds(told: Told) -> None:
    told.happens(2)
    told.receiver.answers = lambda request: answer(request, 500)
    assert told.delivers() == ["refused"]
    said = told.said()
    assert (said["active"], said["failures"], said["last_failure"]) == (True, 1, "status 500")
    assert said["next_attempt_at"] > said["failing_since"]
    told.happens()  # which wakes none that waits after a failure
    assert told.delivers() == []
    told.receiver.answers = lambda request: answer(request, 200)
    assert told.delivers_later() == ["delivered"] * 3
    first, again, *others = told.receiver.ids
    assert first == again
    assert len({first, *others}) == 3
    assert (told.said()["failures"], "last_failure" in told.said(), "failing_since" in told.said()) == (0, False, False)


def test_it_is_tried_after_5_seconds_30_seconds_2_minutes_10_minutes_an_hour_and_then_every_6_hours(told: Told) -> None:
    told.receiver.answers = lambda request: answer(request, 503)
    told.happens()
    waited = []
    for _ in range(8):
        at = time.time() * 1000
        told.delivers_later()
        ((next_at,),) = told.network.sql("SELECT next_at FROM webhooks")
        waited.append(next_at - at)
    assert BACK_OFF_MS == (5_000, 30_000, 120_000, 600_000, 3_600_000, 21_600_000)
    for wait, meant in zip(waited, (*BACK_OFF_MS, 21_600_000, 21_600_000), strict=True):
        assert 0.8 * meant <= wait <= 1.2 * meant + 2_000


def test_after_five_days_of_nothing_but_failures_it_is_switched_off_and_says_so_and_the_operator_hears_of_it(
    told: Told,
) -> None:
    told.happens(2)
    told.receiver.answers = lambda request: answer(request, 404)
    assert told.delivers() == ["refused"]
    told.network.sql("UPDATE webhooks SET failing_since = failing_since - :days", days=GIVE_UP_MS)
    assert told.delivers_later() == ["refused"]
    said = told.said()
    assert (said["active"], said["switched_off_because"], said["last_failure"]) == (False, "failing", "status 404")
    assert told.network.sql("SELECT kind, company_id FROM signals") == [("webhook_off", "tremblay")]
    told.receiver.answers = lambda request: answer(request, 200)
    assert told.delivers_later() == []
    assert told.switches_on()["active"] is True
    assert told.delivers() == ["delivered"] * 2
    assert told.switches_on() == told.said()


def test_a_receiver_that_answers_410_is_switched_off_at_once(told: Told) -> None:
    told.happens()
    told.receiver.answers = lambda request: answer(request, 410)
    assert told.delivers() == ["gone"]
    assert (told.said()["active"], told.said()["switched_off_because"]) == (False, "gone")


def test_a_webhook_whose_secret_nobody_can_open_any_more_is_switched_off(told: Told) -> None:
    told.happens()
    number_committed(told.network.records)
    (due,) = take_due(told.network.records, 10)
    assert list(deliver(replace(told.dispatch, tokens=Tokens(["another secret"])), due)) == []
    assert told.said()["switched_off_because"] == "secret_lost"


def test_while_the_company_is_no_member_nothing_is_sent_and_afterwards_what_it_missed(told: Told) -> None:
    told.happens()
    told.network.sql("UPDATE companies SET status = 'ended' WHERE id = 'tremblay'")
    assert told.delivers() == []
    told.network.sql("UPDATE companies SET status = 'active' WHERE id = 'tremblay'")
    assert told.delivers_later() == ["delivered"]


def test_a_hidden_company_is_told_all_the_same(told: Told) -> None:
    told.asker.turns(visible=False)
    told.happens()
    assert told.delivers() == ["delivered"]


def test_after_its_own_move_it_is_told_to_read_its_contacts_again_and_nothing_of_the_region_that_it_left(
    told: Told,
) -> None:
    told.network.load(tremblay={"name": "Quincaillerie Tremblay ltée", "region": "us"})
    told.happens()
    assert told.delivers_later() == ["delivered"]
    (message,) = told.messages()
    assert (message["type"], message["data"]) == ("contacts.reset", {})
    assert told.delivers_later() == []


def test_where_what_it_was_not_told_is_too_old_it_is_told_to_read_its_contacts_again(told: Told) -> None:
    told.happens()
    number_committed(told.network.records)
    old = (told.network.settings.changes_days + 1) * DAY_MS
    told.network.sql("UPDATE changes SET at = at - :old", old=old)
    told.receiver.answers = lambda request: answer(request, 500)
    told.delivers()
    told.receiver.answers = lambda request: answer(request, 200)
    assert told.delivers_later() == ["delivered"]
    assert [message["type"] for message in told.messages()] == ["contacts.reset"] * 2
    assert len(set(told.receiver.ids)) == 1


def test_a_process_that_dies_after_the_receiver_took_a_message_sends_it_again_with_the_same_id(told: Told) -> None:
    told.happens(2)
    number_committed(told.network.records)
    (due,) = take_due(told.network.records, 10)

    class Dies(HttpsCourier):
        def deliver(self, *arguments: Any) -> Any:
            told.courier.deliver(*arguments)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(deliver(replace(told.dispatch, courier=Dies()), due))
    assert told.delivers() == []  # the dead one's lease holds
    told.network.sql("UPDATE webhooks SET leased_until = 1, next_at = 1")
    assert told.delivers() == ["delivered"] * 2
    assert told.receiver.ids[0] == told.receiver.ids[1] != told.receiver.ids[2]


def test_who_slept_through_its_lease_changes_nothing_any_more(told: Told) -> None:
    told.happens(2)
    number_committed(told.network.records)
    (sleeper,) = take_due(told.network.records, 10)
    told.network.sql("UPDATE webhooks SET leased_until = 1, next_at = 1")
    assert told.delivers() == ["delivered"] * 2
    before = told.network.sql("SELECT cursor, leased_until, next_at FROM webhooks")
    told.receiver.answers = lambda request: answer(request, 500)
    assert list(deliver(told.dispatch, sleeper)) == ["refused"]
    assert told.network.sql("SELECT cursor, leased_until, next_at FROM webhooks") == before
    assert told.said()["failures"] == 0


def test_deliveries_are_counted_by_what_became_of_them(told: Told) -> None:
    deliverer = Deliverer(told.dispatch)
    told.happens()
    deliverer.start()
    told.receiver.until(1)
    deliverer.stop()
    assert 'carnet_webhook_deliveries_total{outcome="delivered"}' in told.network.nobody().ask("GET", "/metrics").text


def test_what_an_admin_does_with_webhooks_is_in_the_audit_log(told: Told) -> None:
    told.asker.ask("DELETE", f"/v1/webhooks/{told.id}")
    done = told.network.sql("SELECT action, actor FROM audit WHERE company_id = 'tremblay' ORDER BY seq")
    assert [action for action, _ in done] == ["webhook_created", "webhook_deleted"]
