"""The client and scheme that a trusted proxy names (https://www.rfc-editor.org/rfc/rfc7239)."""

import ipaddress
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kgraph.errors import BadQuery

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Fields = Iterable[tuple[bytes, bytes]]

NODE = re.compile(r"\[(?P<v6>[^\]]*)\](?::\d+)?|(?P<v4>[^:]*)(?::\d+)?|(?P<bare>.*)")
"""A node of `for=` or of X-Forwarded-For: an address, perhaps with a port."""
FOR = re.compile(r'(?:^|;)\s*for\s*=\s*(?:"([^"]*)"|([^;"\s]*))', re.IGNORECASE)
PROTO = re.compile(r'(?:^|;)\s*proto\s*=\s*"?(https?)"?\s*(?:;|$)', re.IGNORECASE)


@dataclass(frozen=True)
class Proxies:
    """The networks whose forwarding fields are trusted."""

    networks: tuple[Network, ...] = ()

    def trust(self, address: str | None) -> bool:
        """Whether an address is that of a trusted proxy."""
        found = _address(address or "")
        return found is not None and any(found in network for network in self.networks)

    def client(self, peer: str, fields: Fields) -> str:
        """The last address that no trusted proxy has: the client as the first trusted proxy saw it.

        A proxy writes one of X-Forwarded-For and Forwarded, and may pass on the other as a client sent it. Where both
        are there and name different clients, neither is believed, and the client is the proxy.
        """
        found = list(fields)
        named = {self._last(nodes) for nodes in (_forwarded_for(found), _forwarded(found)) if nodes}
        return (named.pop() if len(named) == 1 else None) or peer

    def _last(self, nodes: Sequence[str]) -> str | None:
        """The last node that is not a trusted proxy; None for one that is no address."""
        for node in reversed(nodes):
            address = _address(node)
            if address is None:
                return None
            if not any(address in network for network in self.networks):
                return str(address)
        return str(_address(nodes[0]))


def scheme(fields: Fields) -> str | None:
    """The scheme that a client used, as a trusted proxy names it."""
    for name, value in fields:
        text = value.decode("latin-1").strip()
        if name == b"x-forwarded-proto" and text.lower() in ("http", "https"):
            return text.lower()
        if name == b"forwarded" and (found := PROTO.search(text.rpartition(",")[2])):
            return found[1].lower()
    return None


def proxies(addresses: Iterable[str]) -> Proxies:
    """The proxies at addresses or networks; BadQuery for one that is neither."""
    try:
        return Proxies(tuple(ipaddress.ip_network(address) for address in addresses))
    except ValueError as error:
        raise BadQuery(f"--proxy takes an IP address or a network such as 10.0.0.0/8: {error}") from error


def _forwarded_for(fields: Fields) -> list[str]:
    values = [value.decode("latin-1") for name, value in fields if name == b"x-forwarded-for"]
    return ",".join(values).split(",") if values else []


def _forwarded(fields: Fields) -> list[str]:
    elements = ",".join(value.decode("latin-1") for name, value in fields if name == b"forwarded").split(",")
    found = (FOR.search(element) for element in elements)
    return [each[1] or each[2] for each in found if each]


def _address(node: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    text = node.strip()
    found = NODE.fullmatch(text)
    given = (found["v6"] or found["v4"] or found["bare"] or "") if found else text
    try:
        address = ipaddress.ip_address(given)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
