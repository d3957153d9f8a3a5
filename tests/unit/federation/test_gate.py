"""Which addresses harvests may connect to, however they are written."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from ckanext.citizendata.federation.gate import ANYWHERE, AddressRefused, Gate, resolved

# Written so that the system takes each for an address inside; no name is looked up for any of them.
INSIDE = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "127.255.255.254",
    "0.0.0.0",
    "0",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "100.127.255.255",
    "100.100.100.200",
    "169.254.169.254",
    "2852039166",
    "0xa9fea9fe",
    "168.63.129.16",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "0:0:0:0:0:0:0:1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "0:0:0:0:0:ffff:a9fe:a9fe",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b::8.8.8.8",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:a00:1::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%lo",
    "fec0::1",
    "ff02::1",
]
PUBLIC = ["8.8.8.8", "100.63.255.255", "100.128.0.1", "172.32.0.1", "192.0.1.1", "223.255.255.255", "134744072"]
PUBLIC_V6 = ["2606:4700::1111", "2a00:1450:4001::200e", "2400:cb00::1", "2001:200::1"]


def gate(*addresses: str, networks: tuple[str, ...] = ()) -> Gate:
    """A gate for which every name has these addresses."""
    return Gate(tuple(map(ip_network, networks)), resolve=lambda _host, _port: addresses)


def ways(found: Gate, port: int = 443) -> list[str]:
    return [str(way) for way in found.ways("data.example.org", port)]


class TestInside:
    @pytest.mark.parametrize("host", INSIDE)
    def test_is_refused(self, host: str) -> None:
        """Loopback, private, link-local, metadata, multicast, reserved, and IPv4 dressed as IPv6."""
        with pytest.raises(AddressRefused, match="private or reserved network"):
            Gate().ways(host, 80)

    @pytest.mark.parametrize("host", ["localhost", "LOCALHOST"])
    def test_names_of_this_machine_are_refused(self, host: str) -> None:
        """By what they lead to."""
        with pytest.raises(AddressRefused):
            Gate().ways(host, 80)

    def test_the_refusal_tells_no_address(self) -> None:
        """A member must not learn where our services are."""
        with pytest.raises(AddressRefused) as refused:
            gate("10.4.5.6").ways("data.example.org", 443)
        assert "10.4" not in str(refused.value)


class TestPublic:
    @pytest.mark.parametrize("host", [*PUBLIC, *PUBLIC_V6])
    def test_is_open(self, host: str) -> None:
        """Also just beside the networks that are closed."""
        assert len(Gate().ways(host, 443)) == 1

    def test_only_the_public_ones_of_many_are_open(self) -> None:
        """In their order, each once, and no more than may be tried."""
        found = gate("10.0.0.1", "8.8.8.8", "::1", "2606:4700::1111", "8.8.8.8")
        assert ways(found) == ["8.8.8.8", "2606:4700::1111"]
        assert len(ways(gate(*(f"8.8.8.{number}" for number in range(200))))) == 4

    @pytest.mark.parametrize("port", [22, 25, 6379, 5432, 65535])
    def test_at_other_ports_is_refused(self, port: int) -> None:
        """No harvest speaks to a mail server or a database."""
        with pytest.raises(AddressRefused, match=f"port {port}"):
            gate("8.8.8.8").ways("data.example.org", port)


class TestOpened:
    def test_networks_are_open_at_every_port(self) -> None:
        """Those that the operator named, and no other."""
        found = gate("10.1.2.3", "10.2.0.1", "127.0.0.1", networks=("10.1.0.0/16",))
        assert ways(found) == ["10.1.2.3"]
        assert ways(found, 5000) == ["10.1.2.3"]

    def test_networks_of_ipv6(self) -> None:
        """An IPv4 network doesn't open its dresses in IPv6."""
        assert ways(gate("fd00:1::5", networks=("fd00:1::/48",))) == ["fd00:1::5"]
        with pytest.raises(AddressRefused):
            ways(gate("::ffff:10.1.2.3", networks=("10.1.0.0/16",)))

    def test_anywhere(self) -> None:
        """For the command that a person calls."""
        assert str(ANYWHERE.ways("127.0.0.1", 22)[0]) == "127.0.0.1"
        assert str(ANYWHERE.ways("::1", 22)[0]) == "::1"


class TestResolved:
    @pytest.mark.parametrize("host", ["a" * 64 + ".example.org", "no..example.org", ""])
    def test_what_is_no_name_is_unknown(self, host: str) -> None:
        """As a name that nobody has; nothing else may be raised."""
        try:
            assert all(map(str, resolved(host, 80)))
        except OSError as error:
            assert error.errno is not None
