"""What `carnet doctor` shows of addresses, and thinks of a Redis."""

import pytest

from carnet.cli.services_checks import check_queue, throws_jobs_away, without_secrets


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://admin:s3cret@search:9200#prefix-", "https://…@search:9200#prefix-"),
        ("https://admin:s3#cret@search:9200", "https://…@search:9200"),
        ("https://admin:s3/cret@search:9200", "https://…@search:9200"),
        ("https://admin:s3?cret@search", "https://…@search"),
        ("https://admin:s3@cret@search", "https://…@search"),
        ("https://admin:s3[cret@search", "https://…@search"),
        ("redis://redis:6379/0?password=s3cret", "redis://redis:6379/0?…"),
        ("https://search:9200", "https://search:9200"),
        ("embedded:/var/lib/carnet/index", "embedded:/var/lib/carnet/index"),
    ],
)
def test_no_part_of_a_password_is_shown_however_the_address_is_mistyped(url: str, shown: str) -> None:
    assert without_secrets(url) == shown


def test_an_address_that_is_none_is_said_to_be_none_without_being_quoted() -> None:
    with pytest.raises(ValueError, match="no address of a Redis") as told:
        check_queue("redis://:s3/cret@redis:6379/0")
    assert "s3" not in str(told.value)


@pytest.mark.parametrize(
    ("said", "throws"),
    [
        ({"maxmemory": "900000", "maxmemory-policy": "allkeys-lru"}, True),
        ({"maxmemory": "900000", "maxmemory-policy": "noeviction"}, False),
        ({"maxmemory": "0", "maxmemory-policy": "allkeys-lru"}, False),
        ({}, False),
    ],
)
def test_a_redis_throws_jobs_away_where_its_memory_is_bounded_and_it_may_evict(
    said: dict[str, str], throws: bool
) -> None:
    assert throws_jobs_away(said) is throws
