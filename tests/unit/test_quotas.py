"""The arithmetic of quotas: what counts, and when there is room again."""

import pytest

from directory.errors import QuotaReached
from directory.harvesting.quotas import DAY_MS, HOUR_MS, Quotas, Seen, check_company, check_firm

AT = 100 * DAY_MS


def seen(number: int, ago: int, *, saved: bool = False, first_ago: int | None = None) -> list[Seen]:
    first = AT - (ago if first_ago is None else first_ago)
    return [Seen(f"{saved}-{ago}-{n}", first, AT - ago, saved) for n in range(number)]


def wait_s(companies: list[Seen], *, newcomer: bool = False, saved: bool = False) -> int:
    """0 where one more may be shown."""
    try:
        check_company(Quotas(), companies, AT, newcomer=newcomer, saved=saved)
    except QuotaReached as reached:
        return reached.wait_s
    return 0


def test_thirty_an_hour_a_hundred_a_day_twenty_for_a_newcomer_three_hundred_saved() -> None:
    minute, morning = 60_000, 10 * HOUR_MS
    assert wait_s(seen(29, minute)) == 0
    assert wait_s(seen(30, minute)) == 3_540
    assert wait_s(seen(99, morning)) == 0
    assert wait_s(seen(100, morning)) == 14 * 3_600
    assert wait_s(seen(19, morning), newcomer=True) == 0
    assert wait_s(seen(20, morning), newcomer=True) == 14 * 3_600
    assert wait_s(seen(299, morning, saved=True), newcomer=True) == 0
    assert wait_s(seen(300, morning, saved=True)) == 14 * 3_600


def test_of_two_quotas_reached_the_longer_wait_is_told() -> None:
    assert wait_s(seen(70, 10 * HOUR_MS) + seen(30, 60_000)) == 14 * 3_600
    assert wait_s(seen(31, 60_000)) == 3_540


def test_with_more_than_the_quota_there_is_room_only_once_enough_have_left() -> None:
    """It was lowered meanwhile, or contacts were removed."""
    assert wait_s(seen(5, 20 * HOUR_MS) + seen(100, 10 * HOUR_MS)) == 14 * 3_600


def test_a_company_first_seen_this_morning_and_again_just_now_is_not_of_this_hour() -> None:
    assert wait_s(seen(30, 60_000, first_ago=5 * HOUR_MS)) == 0


def test_one_that_is_saved_already_meets_only_the_quota_of_the_saved() -> None:
    assert wait_s(seen(100, 60_000), saved=True) == 0
    assert wait_s(seen(300, 60_000, saved=True), saved=True) > 0


def test_a_firm_may_be_shown_five_hundred_a_day_that_are_not_saved() -> None:
    check_firm(Quotas(), seen(499, 60_000) + seen(900, 60_000, saved=True), AT)
    with pytest.raises(QuotaReached):
        check_firm(Quotas(), seen(500, 60_000), AT)


@pytest.mark.parametrize("value", ["0", "-1", "many", "1.5", "", "9" * 10])
def test_a_quota_is_a_whole_number_of_one_or_more(value: str) -> None:
    with pytest.raises(ValueError, match="CARNET_QUOTA_SAVED_DAY"):
        Quotas.parse({"CARNET_QUOTA_SAVED_DAY": value})


def test_every_number_has_a_setting_and_newcomers_may_be_treated_as_everybody() -> None:
    read = Quotas.parse({"CARNET_QUOTA_UNSAVED_HOUR": "7", "CARNET_QUOTA_NEWCOMER_DAYS": "0", "OTHER": "x"})
    assert (read.unsaved_hour, read.newcomer_days, read.unsaved_day) == (7, 0, 100)
