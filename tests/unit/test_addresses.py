"""Which addresses a webhook may be on."""

import pytest

from api.webhooks.addresses import is_public, resolve
from api.webhooks.courier import HttpsCourier


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",  # noqa: S104
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "100.64.0.1",  # carrier-grade NAT
        "100.100.100.200",  # a cloud's metadata
        "169.254.169.254",  # most clouds' metadata
        "168.63.129.16",  # a cloud's own services
        "192.0.0.192",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "192.88.99.1",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::1",
        "2001:0:7f00:1::1",
        "2001:db8::1",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "hooks.example",
        "",
    ],
)
def test_what_is_not_on_the_public_internet_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "142.44.1.1", "2606:4700::1111", "2a00:1450:4007::200e"])
def test_what_is_on_the_public_internet_may_be_called(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "::1", ""]
)
def test_however_this_machine_is_spelled_it_may_not_be_called(host: str) -> None:
    assert not HttpsCourier().may_call(f"https://[{host}]/" if ":" in host else f"https://{host}/")


def test_a_host_of_which_any_address_is_internal_may_not_be_called() -> None:
    found = {"mixed.example": ["8.8.8.8", "10.0.0.1"], "good.example": ["8.8.8.8", "2606:4700::1111"]}
    courier = HttpsCourier(find=lambda host, _s: found[host])
    assert not courier.may_call("https://mixed.example/")
    assert courier.may_call("https://good.example/")


def test_a_name_that_is_not_known_is_an_error_within_the_time_that_it_was_given() -> None:
    with pytest.raises(OSError):
        resolve("no-such-host.invalid", 3)
