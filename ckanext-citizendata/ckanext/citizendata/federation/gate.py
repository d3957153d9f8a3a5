"""Which addresses of the network a harvest may connect to: the public internet, and what the operator opens."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

__all__ = ["ANYWHERE", "PORTS", "AddressRefused", "Gate", "Network", "Resolve", "resolved"]

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network
# Host and port -> addresses as text, as `socket.getaddrinfo` writes them. Raises `socket.gaierror`.
Resolve: TypeAlias = Callable[[str, int], Iterable[str]]

PORTS = frozenset({80, 443, 8080, 8443})
# Of more addresses of one host none is tried; each may take the time of a connection.
MOST_WAYS = 4

# What no public server has, by the registries of IANA (https://www.iana.org/assignments/iana-ipv4-special-registry).
# Python's own lists (`is_global`) are asked as well; they differ from version to version.
SPECIAL_V4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network; Linux takes it for itself
            "10.0.0.0/8",
            "100.64.0.0/10",  # behind a provider's address translation; metadata of Alibaba Cloud
            "127.0.0.0/8",
            "168.63.129.16/32",  # metadata of Azure
            "169.254.0.0/16",  # link-local; metadata of most clouds
            "172.16.0.0/12",
            "192.0.0.0/24",  # metadata of Oracle Cloud
            "192.0.2.0/24",
            "192.88.99.0/24",  # 6to4 relays
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, broadcast
        ),
    )
)
# All that is public in IPv6 lies in here. What lies outside: loopback, private, link-local, multicast, and the ways to
# write an IPv4 address (::ffff:0:0/96, ::/96, NAT64).
PUBLIC_V6 = IPv6Network("2000::/3")
SPECIAL_V6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocols, Teredo among them
            "2001:db8::/32",
            "2002::/16",  # 6to4: any IPv4 address in disguise
            "3fff::/20",
        ),
    )
)


class AddressRefused(Exception):  # noqa: N818 - a refusal is no error of the program
    """A host or port that harvests may not connect to; the message says why, without telling addresses inside."""


def resolved(host: str, port: int) -> Sequence[str]:
    """The addresses that the system knows for `host`, also in the odd spellings of IPv4. Raises `socket.gaierror`."""
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except UnicodeError as error:
        raise socket.gaierror(socket.EAI_NONAME, f"{host!r} is no name of a host") from error


@dataclass(frozen=True, slots=True)
class Gate:
    """What may be connected to: public addresses at `ports`, and any port in the `networks` that somebody opened."""

    networks: tuple[Network, ...] = ()
    ports: frozenset[int] = PORTS
    resolve: Resolve = resolved

    def ways(self, host: str, port: int) -> tuple[Address, ...]:
        """The addresses by which `host` may be reached, in the order of preference; it is asked for them once.

        Raises `AddressRefused` where there is none, and `socket.gaierror` where the host isn't known.
        """
        found = [ip_address(address) for address in dict.fromkeys(self.resolve(host, port))]
        open_ways = [address for address in found if self._is_opened(address)]
        public = [address for address in found if is_public(address)] if port in self.ports else []
        ways = [address for address in found if address in open_ways or address in public]
        if not ways and any(map(is_public, found)):
            raise AddressRefused(f"port {port} is none of those that are open to harvests")
        if not ways:
            raise AddressRefused(f"{host} leads into a private or reserved network, which is closed to harvests")
        return tuple(ways[:MOST_WAYS])

    def _is_opened(self, address: Address) -> bool:
        return any(address in network for network in self.networks)


def is_public(address: Address) -> bool:
    """Whether a server on the public internet may have this address."""
    if isinstance(address, IPv4Address):
        special = any(address in network for network in SPECIAL_V4)
    else:
        special = address not in PUBLIC_V6 or any(address in network for network in SPECIAL_V6)
    return address.is_global and not special


# For a person at a command line, who could open each of them by other means.
ANYWHERE = Gate(networks=(ip_network("0.0.0.0/0"), ip_network("::/0")))
