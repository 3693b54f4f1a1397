"""Which addresses calls to others' servers may reach."""

import pytest

from kit.egress import EgressPolicy

NOT_PUBLIC = (
    *("127.0.0.1", "127.255.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.1", "100.64.0.1"),
    *("100.100.100.200", "169.254.169.254", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1", "198.18.0.1"),
    *("198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "168.63.129.16"),
    *("::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1"),
    *("100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::", "fc00::1", "fd00:ec2::254", "fe80::1"),
    *("fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1"),
)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_what_is_not_public_is_refused(address: str) -> None:
    assert not EgressPolicy().permits(address, 443)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "168.63.129.15", "2001:4860:4860::8888", "2606:4700::1111"])
def test_what_is_public_is_permitted(address: str) -> None:
    assert EgressPolicy().permits(address, 443)


def test_an_allowed_network_opens_itself_alone() -> None:
    policy = EgressPolicy.of("10.0.0.0/24, fd00::/64,")
    assert [policy.permits(address, 80) for address in ("10.0.0.7", "fd00::7", "8.8.8.8")] == [True] * 3
    assert not any(policy.permits(address, 80) for address in ("10.0.1.1", "fd00:0:0:1::1", "::ffff:10.0.0.7", "127.0.0.1"))


def test_an_address_that_stands_for_another_needs_both_to_be_allowed() -> None:
    mapped, nat64 = "::ffff:0:0/96", "64:ff9b::/96"
    assert not EgressPolicy.of(mapped).permits("::ffff:10.0.0.7", 80)
    assert not EgressPolicy.of("10.0.0.0/24").permits("::ffff:10.0.0.7", 80)
    assert EgressPolicy.of(f"10.0.0.0/24,{mapped}").permits("::ffff:10.0.0.7", 80)
    assert EgressPolicy.of(nat64).permits("64:ff9b::808:808", 80)
    assert not EgressPolicy.of(nat64).permits("64:ff9b::a00:7", 80)


@pytest.mark.parametrize("allow", ["10.0.0.0/33", "10.0.0.1/24", "intranet"])
def test_a_network_that_is_none_is_refused_at_start(allow: str) -> None:
    with pytest.raises(ValueError, match=r"10\.0|intranet"):
        EgressPolicy.of(allow)


def test_our_own_servers_are_read_from_their_urls() -> None:
    urls = [
        "127.0.0.1:7101",
        "mongodb://u:p%40x@a:1,b,[::1]:3/db?x=a:9",
        "redis://:pw@r/0",
        "https://api.example/v1",
        "core:7102",
    ]
    assert EgressPolicy.of("", [*urls, "", "dns:///d:5", "nowhere", "mongodb+srv://m/"]).own == {
        *(("127.0.0.1", 7101), ("a", 1), ("b", 27017), ("::1", 3), ("r", 6379), ("api.example", 443), ("core", 7102), ("d", 5)),
    }


LOOPBACK = EgressPolicy.of("127.0.0.0/8,::1/128,0.0.0.0/8,10.0.0.0/8,::ffff:0:0/96")


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "0.0.0.0", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("own", ["127.0.0.1", "::1", "0.0.0.0", "10.0.0.5"])
def test_on_loopback_our_own_ports_are_refused_by_every_name(address: str, own: str) -> None:
    assert LOOPBACK.permits(address, 7102, {(own, 7101)})
    assert not LOOPBACK.permits(address, 7101, {(own, 7101)})


def test_elsewhere_our_own_address_is_refused_at_its_port() -> None:
    own = {("10.0.0.5", 5432)}
    assert not LOOPBACK.permits("10.0.0.5", 5432, own)
    assert not LOOPBACK.permits("::ffff:10.0.0.5", 5432, own)
    assert LOOPBACK.permits("10.0.0.5", 80, own)
    assert LOOPBACK.permits("10.0.0.6", 5432, own)
    assert not LOOPBACK.permits("10.0.0.6", 5432, {("0.0.0.0", 5432)}), "it may be an address of this machine"
    assert LOOPBACK.permits("8.8.8.8", 5432, {("0.0.0.0", 5432)})
