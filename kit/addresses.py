"""Network addresses of callers, as limits count them."""

import ipaddress


def network_of(address: str) -> str:
    """The network that an address is counted as: an IPv4 address itself, of an IPv6 address its /64.

    A home or a phone gets a whole /64 (RFC 6177), so counting single IPv6 addresses would limit no one. Text that is no address
    is returned as it is.
    """
    try:
        parsed = ipaddress.ip_address(address.strip("[]").partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
