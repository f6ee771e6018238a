"""Addresses of other machines: which are public, and requests that go to the address that was checked."""

import contextlib
import ipaddress
import re
import socket
from typing import TYPE_CHECKING

from kgraph.errors import BadQuery

if TYPE_CHECKING:
    import httpx

HOST = re.compile(r"[\w.-]+(:\d{1,5})?")
"""A host name or IPv4 address, perhaps with a port (RFC 3986, section 3.2)."""


def is_public(address: str) -> bool:
    """Whether an address is globally reachable; of an IPv6 address that embeds an IPv4 address, whether that one is.

    The embeddings are IPv4-mapped (RFC 4291), 6to4 (RFC 3056), Teredo (RFC 4380) and NAT64 (RFC 6052).

    >>> [is_public(address) for address in ("8.8.8.8", "169.254.169.254", "::ffff:7f00:1", "64:ff9b::7f00:1")]
    [True, False, False, False]
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo and found.teredo[1])
        if inner:
            return is_public(str(inner))
        if found in ipaddress.ip_network("64:ff9b::/96"):
            return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
    return found.is_global and not found.is_multicast


def host(given: str) -> str:
    """A host in lower case and without brackets; BadQuery for anything else, such as a URL.

    >>> host("Query.Wikidata.org:443")
    'query.wikidata.org:443'
    """
    name = given.lower().removeprefix("[").removesuffix("]")
    with contextlib.suppress(ValueError):
        if HOST.fullmatch(name) or ipaddress.ip_address(name):
            return name
    raise BadQuery(f"{given!r} is not a host; write its name alone, or name:port, such as query.wikidata.org")


def addresses_of(host: str, port: int) -> list[str]:
    """The IP addresses of a host; OSError for an unknown one."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def pinned(request: "httpx.Request", address: str) -> "httpx.Request":
    """A request that goes to an address; the name of the host stays in Host and in the TLS handshake.

    A host is resolved once, so that DNS cannot change it between the check and the request.
    """
    request.extensions["sni_hostname"] = request.url.host
    request.url = request.url.copy_with(host=address)
    return request
